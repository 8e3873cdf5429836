package dev.assay.report;

import dev.assay.compare.CaseResult;
import dev.assay.compare.ComparisonResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A comparison as a JSON document; `comparison.schema.json` among the resources describes it.
///
/// ```
/// {"samplers": [{"label", "name", "settings"}], "seeds", "firstSeed", "level", "seedsNeeded",
///  "verdict": ["..."],
///  "overall": {"standings": [{"sampler", "meanRank", "firsts"}],
///              "pairs": [{"first", "second", "better", "worse", "p", "differs"}]},
///  "problems": [{"name", "metric", "direction", "trials", "clock", "optimum",
///    "at": null | {"axis", "unit", "spent"}, "verdict": ["..."],
///    "standings": [{"sampler", "meanRank", "median", "low", "high", "probabilityBest", "failed",
///                   "suggestMilliseconds"}],
///    "pairs": [{"first", "second", "pairs", "ties", "p", "pUncorrected", "rankBiserial",
///               "superiority", "differs"}],
///    "share": null | [{"sampler", "atEnd", "area", "beyondRandom", "expectedAtEnd",
///                      "expectedArea", "to90"}],
///    "curves": [{"axis", "bands": [{"sampler", "points": [{"at", "median", "low", "high"}]}]}]}],
///  "provenance": {...}}
/// ```
public final class ComparisonDocument {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<List<Map<String, @Nullable Object>>> ROWS =
      new TypeReference<>() {};

  private ComparisonDocument() {}

  /// @param provenance where it was run
  public static Map<String, @Nullable Object> of(
      ComparisonResult result, Map<String, @Nullable Object> provenance) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("samplers", result.contenders().stream().map(ComparisonDocument::sampler).toList());
    map.put("seeds", result.seeds());
    map.put("firstSeed", result.firstSeed());
    map.put("level", ComparisonResult.LEVEL);
    map.put("seedsNeeded", result.seedsNeeded());
    map.put("verdict", ComparisonWords.verdict(result));
    map.put("overall", overall(result));
    map.put("problems", result.cases().stream().map(one -> problem(one, result.seeds())).toList());
    map.put("provenance", provenance);
    return map;
  }

  private static Map<String, @Nullable Object> sampler(dev.assay.compare.Contender contender) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("label", contender.label());
    map.put("name", contender.name());
    map.put("settings", contender.settings());
    return map;
  }

  private static Map<String, @Nullable Object> overall(ComparisonResult result) {
    var pairs =
        result.pairs().stream()
            .map(pair -> {
              var map = new LinkedHashMap<String, @Nullable Object>();
              map.put("first", pair.first());
              map.put("second", pair.second());
              map.put("better", pair.better());
              map.put("worse", pair.worse());
              map.put("p", pair.p());
              map.put("differs", pair.differs());
              return map;
            })
            .toList();
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("standings", JSON.convertValue(result.standings(), ROWS));
    map.put("pairs", pairs);
    return map;
  }

  private static Map<String, @Nullable Object> problem(CaseResult one, int seeds) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", one.name());
    map.put("metric", one.objective().metric());
    map.put("direction", one.objective().direction().name().toLowerCase(Locale.ROOT));
    map.put("trials", one.trials());
    map.put("clock", one.clock());
    map.put("optimum", one.optimum());
    map.put("at", at(one.judged()));
    map.put("verdict", ComparisonWords.verdict(one, seeds));
    map.put("standings", JSON.convertValue(one.standings(), ROWS));
    map.put("pairs", one.pairs().stream().map(ComparisonDocument::pair).toList());
    map.put("share", one.share() == null ? null : JSON.convertValue(one.share(), ROWS));
    map.put(
        "curves",
        one.curves().stream()
            .map(curves ->
                Map.of(
                    "axis",
                    curves.axis().name().toLowerCase(Locale.ROOT),
                    "bands",
                    JSON.convertValue(curves.bands(), ROWS)))
            .toList());
    return map;
  }

  private static @Nullable Map<String, @Nullable Object> at(CaseResult.@Nullable EqualCost judged) {
    if (judged == null) {
      return null;
    }
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("axis", judged.axis().name().toLowerCase(Locale.ROOT));
    map.put("unit", judged.unit());
    map.put("spent", judged.spent());
    return map;
  }

  private static Map<String, @Nullable Object> pair(CaseResult.Pair pair) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("first", pair.first());
    map.put("second", pair.second());
    map.put("pairs", pair.test().pairs());
    map.put("ties", pair.test().ties());
    map.put("p", pair.p());
    map.put("pUncorrected", pair.test().p());
    map.put("rankBiserial", pair.test().rankBiserial());
    map.put("superiority", pair.superiority());
    map.put("differs", pair.differs());
    return map;
  }
}

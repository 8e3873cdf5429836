package dev.assay.report;

import dev.assay.compare.CaseResult;
import dev.assay.compare.ComparisonResult;
import dev.assay.compare.OptimumShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a comparison found, in sentences.
public final class ComparisonWords {
  private ComparisonWords() {}

  /// Over all cases; of one case, what is said of it.
  public static List<String> verdict(ComparisonResult result) {
    var words = new ArrayList<String>();
    if (result.seeds() < result.seedsNeeded()) {
      words.add(
          "%d seeds cannot show a difference between %d samplers at 5 %%, whatever they find: at least %d are needed."
              .formatted(result.seeds(), result.contenders().size(), result.seedsNeeded()));
    }
    if (result.cases().size() == 1) {
      words.addAll(verdict(result.cases().getFirst(), result.seeds()));
      return words;
    }
    if (result.cases().getFirst().judged() != null) {
      words.add("Runs of a problem are judged where all of them have cost the same.");
    }
    int cases = result.cases().size();
    for (var pair : result.pairs()) {
      words.add(
          "%s is better than %s on %d of %d problems, worse on %d, and on %d no difference was shown; %s."
              .formatted(
                  pair.first(),
                  pair.second(),
                  pair.better(),
                  cases,
                  pair.worse(),
                  cases - pair.better() - pair.worse(),
                  pair.differs()
                      ? "over all problems %s ranks better (%s)"
                          .formatted(
                              pair.test().positive() > pair.test().negative()
                                  ? pair.first()
                                  : pair.second(),
                              p(pair.p()))
                      : "over all problems their ranks cannot be told apart (%s)"
                          .formatted(p(pair.p()))));
    }
    return words;
  }

  /// Of one case: at what cost it is judged, and a sentence a pair.
  public static List<String> verdict(CaseResult one, int seeds) {
    var words = new ArrayList<String>();
    if (one.judged() != null) {
      words.add("Judged at equal cost: " + cost(one.judged()) + ", which every run came to.");
    }
    one.pairs().forEach(pair -> words.add(sentence(one, pair, seeds)));
    return words;
  }

  /// `12 simulated seconds`, `3.4 seconds`, `joules 812`.
  private static String cost(CaseResult.EqualCost judged) {
    var spent = Figures.number(judged.spent());
    return switch (judged.axis()) {
      case SIMULATED -> spent + " simulated " + judged.unit();
      case SECONDS, TRIALS -> spent + " " + judged.unit();
      case COST -> judged.unit() + " " + spent;
    };
  }

  private static String sentence(CaseResult one, CaseResult.Pair pair, int seeds) {
    if (!pair.differs()) {
      return "%s and %s: no difference shown by %d seeds (%s)."
          .formatted(pair.first(), pair.second(), seeds, p(pair.p()));
    }
    boolean straight = pair.firstIsBetter();
    var better = straight ? pair.first() : pair.second();
    var worse = straight ? pair.second() : pair.first();
    return "%s is better than %s (%s, effect %s): median %s against %s."
        .formatted(
            better,
            worse,
            p(pair.p()),
            String.format(Locale.ROOT, "%.2f", Math.abs(pair.test().rankBiserial())),
            median(one, better),
            median(one, worse));
  }

  private static String median(CaseResult one, String sampler) {
    return one.standings().stream()
        .filter(standing -> standing.sampler().equals(sampler))
        .findFirst()
        .map(standing -> number(standing.median()))
        .orElseThrow();
  }

  static String number(@Nullable Double value) {
    return value == null ? "nothing" : Figures.number(value);
  }

  private static String p(double p) {
    return p < 1e-4
        ? "p < 0.0001"
        : "p = " + String.format(Locale.ROOT, p < 0.01 ? "%.4f" : "%.2f", p);
  }

  /// Of one case, as plain text: a table, shares of the optimum, and the verdict.
  public static List<String> lines(CaseResult one, int seeds) {
    var lines = new ArrayList<String>();
    lines.add(
        "%s: %s, %d trials, %d seeds"
            .formatted(one.name(), one.objective().metric(), one.trials(), seeds));
    int width =
        Math.max(7, one.standings().stream().mapToInt(s -> s.sampler().length()).max().orElse(7));
    var row = "  %-" + width + "s  %9s  %12s  %25s  %8s  %12s";
    lines.add(row.formatted("sampler", "mean rank", "median", "95 %", "P(best)", "suggest/trial"));
    for (var s : one.standings()) {
      lines.add(
          row.formatted(
              s.sampler(),
              String.format(Locale.ROOT, "%.2f", s.meanRank()),
              number(s.median()),
              number(s.low()) + " … " + number(s.high()),
              String.format(Locale.ROOT, "%.2f", s.probabilityBest()),
              Figures.duration(s.suggestMilliseconds() * 1e-3)));
    }
    var shares = one.share();
    if (shares != null) {
      shares.forEach(share -> lines.add("  " + words(share, one.trials())));
    }
    verdict(one, seeds).forEach(sentence -> lines.add("  " + sentence));
    return lines;
  }

  private static String words(OptimumShare share, int trials) {
    return String.format(
        Locale.ROOT,
        "%s: %.1f %% of the optimum after %d trials (random search expects %.1f %%), %.1f %% on"
            + " average over them (%.1f %%); 90 %% %s",
        share.sampler(),
        100 * share.atEnd(),
        trials,
        100 * share.expectedAtEnd(),
        100 * share.area(),
        100 * share.expectedArea(),
        share.to90() == null
            ? "not reached by half of the runs"
            : String.format(Locale.ROOT, "after %.0f trials", share.to90()));
  }
}

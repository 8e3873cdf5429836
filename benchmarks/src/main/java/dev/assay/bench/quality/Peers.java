package dev.assay.bench.quality;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Median regrets of other tools, measured once: on the reference problems Optuna 5.0.0.dev
/// (`optuna-gp`, `-tpe`, `-cma`, `-random`; `optuna-tpe@4.9.0`), BoTorch 0.15.1, bayes_opt 3.3.0
/// and Hyperopt 0.3.0; on those of the [World] Optuna 5.0.0, by
/// `benchmarks/peers/search_quality.py`.
final class Peers {
  private static final List<String> FILES = List.of("peers.json", "world-peers.json");
  private static final List<String> VERSIONS = List.of("5.0.0.dev", "5.0.0");

  /// For each file, of each problem and tool after some trials: the figures by name.
  private final List<Map<String, Map<String, Map<String, Map<String, Double>>>>> files;

  private final Map<String, Map<String, Map<String, Map<String, Double>>>> medians =
      new LinkedHashMap<>();

  private Peers(List<Map<String, Map<String, Map<String, Map<String, Double>>>>> files) {
    this.files = files;
    files.forEach(medians::putAll);
  }

  static Peers read() {
    return new Peers(FILES.stream().map(Peers::read).toList());
  }

  private static Map<String, Map<String, Map<String, Map<String, Double>>>> read(String file) {
    try (InputStream in = Peers.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from the jar");
      }
      return JsonMapper.shared().readValue(in, new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Of Optuna, on a problem.
  String version(String problem) {
    for (int i = 0; i < VERSIONS.size(); i++) {
      if (files.get(i).containsKey(problem)) {
        return VERSIONS.get(i);
      }
    }
    throw new IllegalArgumentException(problem);
  }

  /// The tools that have a figure for one of these problems.
  List<String> tools(List<String> problems) {
    var tools = new ArrayList<String>();
    for (var problem : problems) {
      for (var tool : medians.getOrDefault(problem, Map.of()).keySet()) {
        if (!tools.contains(tool)) {
          tools.add(tool);
        }
      }
    }
    return tools;
  }

  OptionalDouble median(String tool, String problem, int trials) {
    var median =
        medians
            .getOrDefault(problem, Map.of())
            .getOrDefault(tool, Map.of())
            .getOrDefault(Integer.toString(trials), Map.of())
            .get("median");
    return median == null ? OptionalDouble.empty() : OptionalDouble.of(median);
  }
}

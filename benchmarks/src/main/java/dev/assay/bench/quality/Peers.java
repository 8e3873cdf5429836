package dev.assay.bench.quality;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Median regrets of other tools on the reference problems, measured once on one machine: Optuna
/// 5.0.0.dev (`optuna-gp`, `-tpe`, `-cma`, `-random`; `optuna-tpe@4.9.0`), BoTorch 0.15.1,
/// bayes_opt 3.3.0, Hyperopt 0.3.0.
final class Peers {
  private final Map<String, Map<String, Map<String, Map<String, Double>>>> medians;

  private Peers(Map<String, Map<String, Map<String, Map<String, Double>>>> medians) {
    this.medians = medians;
  }

  static Peers read() {
    try (InputStream in = Peers.class.getResourceAsStream("peers.json")) {
      if (in == null) {
        throw new IllegalStateException("peers.json is missing from the jar");
      }
      return new Peers(JsonMapper.shared().readValue(in, new TypeReference<>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

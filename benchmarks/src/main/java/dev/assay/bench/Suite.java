package dev.assay.bench;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A group of benchmarks that is run by name.
enum Suite {
  /// Ask and tell: what one trial costs beside the objective.
  LOOP(AskTellBenchmark.class),
  /// Samplers: what one proposal costs.
  SUGGEST(SuggestBenchmark.class),
  /// The same by Gaussian processes after thousands of trials.
  LARGE(LargeSuggestBenchmark.class),
  /// Gaussian processes on an engine: refit and suggest, many starts, many candidates.
  GP(GpBenchmark.class),
  /// Trials in SQLite: written one by one, and read back.
  STORAGE(StorageBenchmark.class),
  /// Training of the built-in models.
  TRAIN(TrainBenchmark.class),
  /// Importances of a large study.
  IMPORTANCE(ImportanceBenchmark.class);

  private final Class<?> benchmark;

  Suite(Class<?> benchmark) {
    this.benchmark = benchmark;
  }

  /// The pattern by which JMH finds the suite's benchmarks.
  String pattern() {
    return "^" + benchmark.getName().replace(".", "\\.") + "\\.";
  }

  /// What its forks are started with.
  String[] jvmArguments() {
    var arguments =
        new String[] {
          "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx3500m"
        };
    return this == LARGE ? arguments : Arrays.copyOf(arguments, 2);
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The suites of these names; for none, all but [#GP], whose full sizes are meant for
  /// devices, and [#LARGE], which takes minutes.
  ///
  /// @throws Problem for an unknown name
  static List<Suite> named(List<String> keys) {
    var known = Arrays.stream(values()).map(Suite::key).toList();
    for (var key : keys) {
      if (!known.contains(key)) {
        throw new Problem("There is no such suite.", key, Nearest.suggest(key, known));
      }
    }
    return Arrays.stream(values())
        .filter(suite -> keys.isEmpty() ? suite != GP && suite != LARGE : keys.contains(suite.key()))
        .toList();
  }
}

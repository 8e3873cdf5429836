package dev.assay.bench;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;

/// A group of benchmarks that is run by name.
enum Suite {
  /// Ask and tell: what one trial costs beside the objective, alone and on many threads.
  LOOP(Map.of("n", "1000", "threads", "1,4"), AskTellBenchmark.class, ParallelLoopBenchmark.class),
  /// Samplers: what one proposal costs.
  SUGGEST(Map.of("sampler", "gp-single,tpe,cmaes,random", "n", "100"), SuggestBenchmark.class),
  /// Search spaces: encoding, decoding, drawing, constraints.
  SPACE(Map.of(), SpaceBenchmark.class),
  /// Trials in SQLite: written one by one, and read back.
  STORAGE(Map.of("n", "10000"), StorageBenchmark.class),
  /// Training of the built-in models.
  TRAIN(Map.of(), TrainBenchmark.class),
  /// Importances of a large study.
  IMPORTANCE(Map.of("method", "ped-anova"), ImportanceBenchmark.class),
  /// Gaussian processes: single operations on the processor; on an engine refit and suggest, many
  /// starts, many candidates.
  GP(Map.of("n", "200", "effort", "quick"), GpOperationsBenchmark.class, GpBenchmark.class);

  private final Map<String, String> quick;
  private final List<Class<?>> classes;

  /// @param quick the parameters of `--quick`, several values with commas
  Suite(Map<String, String> quick, Class<?>... classes) {
    this.quick = quick;
    this.classes = List.of(classes);
  }

  /// Each benchmark by itself: what is measured, written and resumed at a time.
  ///
  /// @param backend other than `cpu`: only what runs on an engine
  List<Unit> units(String backend) {
    var units = new ArrayList<Unit>();
    for (var type : classes) {
      if (type == GpOperationsBenchmark.class && !backend.equals("cpu")) {
        continue;
      }
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Benchmark.class))
          .map(method -> new Unit(this, type, method.getName()))
          .sorted((a, b) -> a.method().compareTo(b.method()))
          .forEach(units::add);
    }
    return units;
  }

  /// One benchmark method.
  record Unit(Suite suite, Class<?> type, String method) {
    String name() {
      return type.getSimpleName() + "." + method;
    }

    /// The pattern by which JMH finds it.
    String pattern() {
      return "^" + type.getName().replace(".", "\\.") + "\\." + method + "$";
    }

    /// The values of a parameter under `--quick`; empty: all that the benchmark has.
    Map<String, String[]> quickParameters() {
      var values = new java.util.LinkedHashMap<String, String[]>();
      suite.quick.forEach((name, text) -> {
        if (hasParameter(name)) {
          values.put(name, text.split(","));
        }
      });
      return values;
    }

    boolean hasParameter(String name) {
      return Arrays.stream(type.getDeclaredFields())
              .anyMatch(field ->
                  field.getName().equals(name)
                      && field.isAnnotationPresent(org.openjdk.jmh.annotations.Param.class))
          || type == StorageBenchmark.class && method.equals("load") && name.equals("n");
    }
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The suites of these names; for none, all.
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
        .filter(suite -> keys.isEmpty() || keys.contains(suite.key()))
        .toList();
  }
}

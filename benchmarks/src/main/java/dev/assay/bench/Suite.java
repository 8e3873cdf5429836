package dev.assay.bench;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.State;

/// A group of benchmarks that is run by name.
enum Suite {
  /// Ask and tell: what one trial costs beside the objective, alone and on many threads.
  LOOP(Map.of("n", "1000", "threads", "1,4"), AskTellBenchmark.class, ParallelLoopBenchmark.class),
  /// Samplers: what one proposal costs.
  SUGGEST(
      Map.of("sampler", "gp-single,tpe,cmaes,random", "n", "100", "d", "20"),
      SuggestBenchmark.class),
  /// Search spaces: encoding, decoding, drawing, constraints.
  SPACE(Map.of(), SpaceBenchmark.class),
  /// Trials in SQLite: written one by one, read back, gone on with.
  STORAGE(Map.of("n", "10000"), StorageBenchmark.class),
  /// Training of the built-in models.
  TRAIN(Map.of("lanes", "1,8", "shape", "64-100-10 batch 64"), TrainBenchmark.class),
  /// Importances of a large study.
  IMPORTANCE(Map.of("method", "ped-anova"), ImportanceBenchmark.class),
  /// Gaussian processes: single operations on the processor; on an engine refit and suggest, many
  /// starts, many candidates.
  GP(Map.of("n", "200", "effort", "quick"), GpOperationsBenchmark.class, GpBenchmark.class);

  /// What a back end times itself, beside the benchmarks of the suite gp.
  static final String OPERATIONS = "operations";

  private final Map<String, String> quick;
  private final List<Class<?>> classes;

  /// @param quick the parameters of `--quick`, several values with commas
  Suite(Map<String, String> quick, Class<?>... classes) {
    this.quick = quick;
    this.classes = List.of(classes);
  }

  /// Every benchmark with every combination of its parameters: each is measured, written and
  /// resumed by itself. Left out is what a benchmark's `isMeasured` says has no sense or would take
  /// too long.
  ///
  /// @param backend other than `cpu`: only what runs on an engine
  /// @param settled values of parameters that are not measured over
  List<Unit> units(String backend, boolean isQuick, Map<String, String> settled) {
    var units = new ArrayList<Unit>();
    for (var type : classes) {
      if (type == GpOperationsBenchmark.class && !backend.equals("cpu")) {
        continue;
      }
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Benchmark.class))
          .sorted(Comparator.comparing(Method::getName))
          .forEach(method -> units.addAll(units(type, method, isQuick, settled)));
    }
    return units;
  }

  private List<Unit> units(
      Class<?> type, Method method, boolean isQuick, Map<String, String> settled) {
    List<Map<String, String>> combinations = List.of(Map.of());
    for (var parameter : parameters(type, method).entrySet()) {
      var name = parameter.getKey();
      var values = parameter.getValue();
      if (settled.get(name) instanceof String value) {
        values = List.of(value);
      } else if (isQuick && quick.get(name) instanceof String text) {
        values = List.of(text.split(","));
      }
      if (isQuick && method.getName().equals("inSqlite")) {
        values = values.subList(0, 1); // files cost seconds: one thread will do
      }
      combinations = times(combinations, name, values);
    }
    return combinations.stream()
        .filter(combination -> isMeasured(type, method.getName(), combination))
        .map(combination -> new Unit(type, method.getName(), combination))
        .toList();
  }

  private static boolean isMeasured(Class<?> type, String method, Map<String, String> parameters) {
    if (type == SuggestBenchmark.class) {
      return SuggestBenchmark.isMeasured(parameters);
    }
    if (type == GpBenchmark.class) {
      return GpBenchmark.isMeasured(method, parameters);
    }
    return type != GpOperationsBenchmark.class
        || GpOperationsBenchmark.isMeasured(method, parameters);
  }

  /// Declared by the class and by the states that the method takes, with their values.
  private static Map<String, List<String>> parameters(Class<?> type, Method method) {
    var parameters = new LinkedHashMap<String, List<String>>();
    Stream.concat(Stream.of(type), Arrays.stream(method.getParameterTypes()))
        .filter(state -> state.isAnnotationPresent(State.class))
        .flatMap(state -> Arrays.stream(state.getDeclaredFields()))
        .filter(field -> field.isAnnotationPresent(Param.class))
        .forEach(field ->
            parameters.put(field.getName(), List.of(field.getAnnotation(Param.class).value())));
    return parameters;
  }

  private static List<Map<String, String>> times(
      List<Map<String, String>> combinations, String name, List<String> values) {
    var more = new ArrayList<Map<String, String>>();
    for (var combination : combinations) {
      for (var value : values) {
        var one = new LinkedHashMap<>(combination);
        one.put(name, value);
        more.add(one);
      }
    }
    return more;
  }

  /// One benchmark method with one value of each of its parameters.
  record Unit(Class<?> type, String method, Map<String, String> parameters) {
    /// What matrices of 10,000 rows need, bytes.
    private static final long MATRICES = 4_000_000_000L;

    String name() {
      var words = new StringBuilder(type.getSimpleName() + "." + method);
      parameters.forEach(
          (name, value) -> words.append(", ").append(name).append(' ').append(value));
      return words.toString();
    }

    /// Whether a JVM of so many bytes of heap can hold its matrices.
    boolean fits(long bytes) {
      boolean matrices = type == GpBenchmark.class || type == GpOperationsBenchmark.class;
      return !matrices || bytes >= MATRICES || !parameters.getOrDefault("n", "").equals("10000");
    }

    /// The pattern by which JMH finds it.
    String pattern() {
      return "^" + type.getName().replace(".", "\\.") + "\\." + method + "$";
    }
  }

  /// Of these benchmarks only those of some methods, in the order of the methods.
  ///
  /// @param methods none: all; [#OPERATIONS] is none of them
  /// @throws Problem for one that no benchmark has
  static List<Unit> only(List<String> methods, List<Unit> units) {
    var known = new ArrayList<>(units.stream().map(Unit::method).distinct().toList());
    known.add(OPERATIONS);
    for (var method : methods) {
      if (!known.contains(method)) {
        throw new Problem(
            "There is no such benchmark in these suites.",
            "--only " + method,
            Nearest.suggest(method, known));
      }
    }
    return methods.isEmpty()
        ? units
        : methods.stream()
            .flatMap(method -> units.stream().filter(unit -> unit.method.equals(method)))
            .toList();
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The suites of these names; for none, all.
  ///
  /// @param commands what else could have been meant
  /// @throws Problem for an unknown name
  static List<Suite> named(List<String> keys, Collection<String> commands) {
    var known = Arrays.stream(values()).map(Suite::key).toList();
    for (var key : keys) {
      if (!known.contains(key)) {
        var names = new ArrayList<>(known);
        names.addAll(commands);
        throw new Problem("There is no such suite.", key, Nearest.suggest(key, names));
      }
    }
    return Arrays.stream(values())
        .filter(suite -> keys.isEmpty() || keys.contains(suite.key()))
        .toList();
  }
}

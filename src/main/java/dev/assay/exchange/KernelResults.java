package dev.assay.exchange;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A study of a kernel for those who tune or use kernels: results in T4 and as a cache file of
/// Kernel Tuner, and the best configuration as a C header and as JSON.
final class KernelResults {
  /// What `run.kernel` attaches to trials, and tells of its device.
  private static final String INVALIDITY = "invalidity";

  private static final String RUNS = "runs_ms";
  private static final String COMPILE = "compile_ms";
  private static final String TRIAL_DEVICE = "device";
  private static final String DEVICE = "kernel_device";

  private KernelResults() {}

  /// The community's exchange format for results of autotuning (T4).
  static Map<String, @Nullable Object> t4(StudyView view) {
    var results = new ArrayList<@Nullable Object>();
    for (var trial : finished(view)) {
      var result = new LinkedHashMap<String, @Nullable Object>();
      result.put("timestamp", Instant.ofEpochMilli(trial.startedMillis()).toString());
      result.put("configuration", trial.configuration().values());
      var runs = runs(trial);
      result.put(
          "times",
          Map.of(
              "compilation", number(trial, COMPILE),
              "framework", 0,
              "search_algorithm", 0,
              "validation", 0,
              "runtimes", runs));
      var invalidity = invalidity(trial);
      result.put("invalidity", invalidity);
      result.put("correctness", invalidity.equals("correct") ? 1 : 0);
      result.put("measurements", measurements(view, trial));
      result.put("objectives", view.objectives().stream().map(o -> o.metric()).toList());
      results.add(result);
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("schema_version", "1.0.0");
    document.put("metadata", Map.of("tool", "assay", "study", view.name(), "device", device(view)));
    document.put("results", results);
    return document;
  }

  private static List<Map<String, Object>> measurements(StudyView view, TrialRecord trial) {
    var measurements = new ArrayList<Map<String, Object>>();
    var runs = runs(trial);
    if (!runs.isEmpty()) {
      measurements.add(Map.of("name", "time", "value", median(runs), "unit", "milliseconds"));
    }
    for (int i = 0; i < trial.values().size(); i++) {
      measurements.add(
          Map.of(
              "name",
              view.objectives().get(i).metric(),
              "value",
              trial.values().get(i),
              "unit",
              ""));
    }
    return measurements;
  }

  /// As Kernel Tuner writes it for itself: it goes on from such a file, and simulates from it.
  static Map<String, @Nullable Object> cache(StudyView view) {
    var names = view.space().parameters().stream().map(p -> p.name()).toList();
    var values = new LinkedHashMap<String, List<@Nullable Object>>();
    names.forEach(name -> values.put(name, new ArrayList<>()));
    var cache = new LinkedHashMap<String, @Nullable Object>();
    for (var trial : finished(view)) {
      var configuration = trial.configuration().values();
      var entry = new LinkedHashMap<String, @Nullable Object>();
      var key = new ArrayList<String>();
      for (var name : names) {
        var value = configuration.get(name);
        entry.put(name, value);
        key.add(String.valueOf(value));
        var known = values.get(name);
        if (known != null && !known.contains(value)) {
          known.add(value);
        }
      }
      var runs = runs(trial);
      entry.put("time", time(view, trial, runs));
      entry.put("times", runs);
      entry.put("compile_time", number(trial, COMPILE));
      entry.put("verification_time", 0);
      entry.put("benchmark_time", runs.stream().mapToDouble(Double::doubleValue).sum());
      entry.put("timestamp", Instant.ofEpochMilli(trial.startedMillis()).toString());
      cache.put(String.join(",", key), entry);
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("device_name", device(view));
    document.put("kernel_name", view.name());
    document.put("problem_size", "");
    document.put("tune_params_keys", names);
    document.put("tune_params", values);
    document.put("objective", "time");
    document.put("cache", cache);
    return document;
  }

  private static Object time(StudyView view, TrialRecord trial, List<Double> runs) {
    if (trial.state() == TrialState.COMPLETE) {
      return runs.isEmpty() ? loss(view, trial) : (Object) median(runs);
    }
    return switch (invalidity(trial)) {
      case "compile" -> "CompilationFailedConfig";
      case "correctness" -> "InvalidConfig";
      case String _ -> "RuntimeFailedConfig";
    };
  }

  private static double loss(StudyView view, TrialRecord trial) {
    double value = trial.values().getFirst();
    return view.objectives().getFirst().direction() == Direction.MINIMIZE ? value : -value;
  }

  /// `#define`s of the best configuration, or of the best for each value of some parameters.
  ///
  /// @param by parameters that are given, not chosen: a size, a device; the header asks for them
  static String header(StudyView view, List<String> asked) {
    var by = given(view, asked);
    var best = best(view, by);
    var text = new StringBuilder();
    text.append("// The best parameters of the study ").append(view.name()).append(", on ");
    text.append(devices(view, best));
    text.append(".\n// Written by assay kernel export; do not edit.\n#pragma once\n\n");
    if (by.isEmpty()) {
      best.forEach(trial -> define(view, trial, by, text));
      return text.toString();
    }
    var word = "#if";
    for (var trial : best) {
      var conditions =
          by.stream()
              .map(name -> condition(name, trial.configuration().values().get(name)))
              .toList();
      text.append(word).append(' ').append(String.join(" && ", conditions)).append('\n');
      define(view, trial, by, text);
      word = "#elif";
    }
    text.append("#else\n#error \"not tuned for this ").append(String.join(", ", by));
    return text.append("\"\n#endif\n").toString();
  }

  /// What the best ran on, one or several.
  private static String devices(StudyView view, List<TrialRecord> best) {
    return best.stream()
        .map(trial -> String.valueOf(trial.attributes().getOrDefault(TRIAL_DEVICE, device(view))))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static void define(
      StudyView view, TrialRecord trial, List<String> by, StringBuilder text) {
    for (int i = 0; i < view.objectives().size(); i++) {
      text.append("// ").append(view.objectives().get(i).metric()).append(' ');
      text.append(trial.values().get(i)).append(" (trial ").append(trial.number()).append(")\n");
    }
    trial
        .configuration()
        .values()
        .forEach((name, value) -> {
          if (!by.contains(name)) {
            text.append("#define ").append(macro(name)).append(' ').append(word(value));
            text.append('\n');
          }
        });
  }

  /// The preprocessor compares numbers only: two names that it does not know are both 0 to it.
  private static String condition(String name, @Nullable Object value) {
    return value instanceof String text
        ? "defined(" + macro(name + "_" + text) + ")"
        : macro(name) + " == " + word(value);
  }

  private static String macro(String name) {
    var letters = name.replaceAll("[^A-Za-z0-9_]", "_");
    return Character.isDigit(letters.charAt(0)) ? "_" + letters : letters;
  }

  private static String word(@Nullable Object value) {
    return switch (value) {
      case Boolean truth -> truth ? "1" : "0";
      case null, default -> String.valueOf(value);
    };
  }

  /// The best configurations as JSON, for programs that choose while they run.
  static Map<String, @Nullable Object> wisdom(StudyView view, List<String> asked) {
    var by = given(view, asked);
    var entries = new ArrayList<@Nullable Object>();
    for (var trial : best(view, by)) {
      var all = trial.configuration().values();
      var given = new LinkedHashMap<String, @Nullable Object>();
      by.forEach(name -> given.put(name, all.get(name)));
      var chosen = new LinkedHashMap<String, @Nullable Object>(all);
      chosen.keySet().removeAll(by);
      var values = new LinkedHashMap<String, @Nullable Object>();
      for (int i = 0; i < view.objectives().size(); i++) {
        values.put(view.objectives().get(i).metric(), trial.values().get(i));
      }
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("device", trial.attributes().getOrDefault(TRIAL_DEVICE, device(view)));
      entry.put("given", given);
      entry.put("parameters", chosen);
      entry.put("values", values);
      entry.put("trial", trial.number());
      entries.add(entry);
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("study", view.name());
    document.put("device", device(view));
    document.put("best", entries);
    return document;
  }

  /// The parameters that are given: those asked for, else those that the study was told of.
  private static List<String> given(StudyView view, List<String> asked) {
    return asked.isEmpty() && view.facts().get(StudyView.CONTEXT) instanceof List<?> names
        ? names.stream().map(String::valueOf).toList()
        : asked;
  }

  /// The best for each combination of values of some parameters, in the order of the values.
  private static List<TrialRecord> best(StudyView view, List<String> by) {
    var known = view.space().parameters().stream().map(p -> p.name()).toList();
    for (var name : by) {
      if (!known.contains(name)) {
        throw new Problem(
            "The study has no such parameter.", "--by " + name, Nearest.suggest(name, known));
      }
    }
    var best = view.decisions(by);
    if (best.isEmpty()) {
      boolean some = view.count(TrialState.COMPLETE) > 0;
      throw new Problem(
          "The study has no best configuration.",
          view.name()
              + (some
                  ? ": none of the trials that completed keeps the bounds of subject_to"
                  : ": no trial completed"),
          "Let it run until one does.");
    }
    return best;
  }

  private static List<TrialRecord> finished(StudyView view) {
    return view.trials().stream().filter(trial -> trial.state().isFinished()).toList();
  }

  private static String device(StudyView view) {
    return view.facts().get(DEVICE) instanceof Map<?, ?> facts
        ? String.valueOf(facts.get("device"))
        : "an unknown device";
  }

  /// In the words of T4; a crash is a failure at run time.
  private static String invalidity(TrialRecord trial) {
    if (trial.attributes().get(INVALIDITY) instanceof String word) {
      return word.equals("crash") ? "runtime" : word.toLowerCase(Locale.ROOT);
    }
    return trial.state() == TrialState.COMPLETE ? "correct" : "runtime";
  }

  private static List<Double> runs(TrialRecord trial) {
    return trial.attributes().get(RUNS) instanceof List<?> list
        ? list.stream()
            .filter(Number.class::isInstance)
            .map(value -> ((Number) value).doubleValue())
            .toList()
        : List.of();
  }

  private static double number(TrialRecord trial, String key) {
    return trial.attributes().get(key) instanceof Number number ? number.doubleValue() : 0;
  }

  private static double median(List<Double> runs) {
    var sorted = runs.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }
}

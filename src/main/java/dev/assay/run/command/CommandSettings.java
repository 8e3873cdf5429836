package dev.assay.run.command;

import dev.assay.internal.problem.Require;
import dev.assay.run.Repeats;
import dev.assay.run.gpu.GpuDemand;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An external objective as the study file describes it.
///
/// @param words the program and its arguments, placeholders included
/// @param directory where it is started, relative to the study file's; null: there
/// @param environment variables added to those that Assay itself has, by name
/// @param values where each metric is found; a metric that is not named is found in report lines
/// @param timeout how long one try may take; null: no limit
/// @param grace what is left between SIGTERM and SIGKILL
/// @param retries which failures are tried again
/// @param gpus what each trial needs of GPUs
/// @param repeats how often each trial's program runs
public record CommandSettings(
    List<String> words,
    @Nullable String directory,
    Map<String, EnvironmentValue> environment,
    Map<String, ValueSource> values,
    @Nullable Duration timeout,
    Duration grace,
    Retries retries,
    GpuDemand gpus,
    Repeats repeats) {
  /// Stands for the study's only metric among the values.
  public static final String ONLY = "";

  /// The grace period where nothing is said.
  public static final Duration GRACE = Duration.ofSeconds(10);

  public CommandSettings {
    words = List.copyOf(words);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    Require.atLeast("command", "words", words.size(), 1);
    Require.named("command", "program", words.getFirst());
    if (directory != null) {
      Require.named("command", "cwd", directory);
    }
    if (timeout != null) {
      Require.inRange("command", "timeout seconds", timeout.toNanos() * 1e-9, 1e-9, 1e18);
    }
    Require.inRange("command", "grace seconds", grace.toNanos() * 1e-9, 0, 1e18);
  }

  /// A command with everything else as it is where nothing is said.
  public static CommandSettings of(String... words) {
    return new CommandSettings(
        List.of(words),
        null,
        Map.of(),
        Map.of(),
        null,
        GRACE,
        Retries.NONE,
        GpuDemand.NONE,
        Repeats.NONE);
  }

  /// The same with other repeats.
  public CommandSettings repeated(Repeats other) {
    return new CommandSettings(
        words, directory, environment, values, timeout, grace, retries, gpus, other);
  }

  /// Whether its trials lease GPUs.
  public boolean leasesGpus() {
    return gpus.any();
  }

  /// Where a metric is found.
  ValueSource source(String metric) {
    var own = values.get(metric);
    return own != null ? own : values.getOrDefault(ONLY, new ValueSource.ReportLines());
  }

  /// What makes the objective that objective, as JSON values but for `env`, an [EnvironmentDigest].
  /// What only says how patiently it is run is not part of it.
  Map<String, @Nullable Object> describe() {
    var description = new LinkedHashMap<String, @Nullable Object>();
    description.put("command", words);
    if (directory != null) {
      description.put("cwd", directory);
    }
    description.put("env", new EnvironmentDigest(environment));
    var sources = new LinkedHashMap<String, @Nullable Object>();
    values.forEach((metric, source) -> {
      switch (source) {
        case ValueSource.ReportLines() -> {}
        case ValueSource.Match(var pattern) ->
            sources.put(metric, Map.of("regex", pattern.pattern()));
        case ValueSource.Named(var name, var step) ->
            sources.put(
                metric,
                step == null ? Map.of("number", name) : Map.of("number", name, "step", step));
        case ValueSource.InFile(var path, var key) ->
            sources.put(
                metric, key == null ? Map.of("file", path) : Map.of("file", path, "key", key));
      }
    });
    if (!sources.isEmpty()) {
      description.put("value", sources);
    }
    if (repeats.any()) {
      description.put("repeats", repeats.describe());
    }
    return description;
  }
}

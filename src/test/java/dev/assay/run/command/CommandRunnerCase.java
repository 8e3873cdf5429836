package dev.assay.run.command;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.run.Repeats;
import dev.assay.run.gpu.GpuResources;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs that a shell runs as trials.
@Timeout(300)
abstract class CommandRunnerCase {
  static final SearchSpace SPACE = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @TempDir Path directory;

  @BeforeAll
  static void posix() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "these programs are shell scripts");
  }

  CommandSettings shell(String script) {
    return CommandSettings.of("/bin/sh", "-c", script);
  }

  static CommandSettings with(
      CommandSettings s, @Nullable Duration timeout, Duration grace, Retries retries) {
    return new CommandSettings(
        s.words(),
        s.directory(),
        s.environment(),
        s.values(),
        timeout,
        grace,
        retries,
        s.gpus(),
        Repeats.NONE);
  }

  static CommandSettings finding(CommandSettings s, Map<String, ValueSource> values) {
    return new CommandSettings(
        s.words(),
        s.directory(),
        s.environment(),
        values,
        s.timeout(),
        s.grace(),
        s.retries(),
        s.gpus(),
        Repeats.NONE);
  }

  CommandRunner runner(CommandSettings settings, String... metrics) {
    return runner(settings, CommandRunner.Keep.ALL, metrics);
  }

  CommandRunner runner(CommandSettings settings, CommandRunner.Keep keep, String... metrics) {
    return runner(settings, keep, TrialWatcher.NONE, metrics);
  }

  CommandRunner runner(
      CommandSettings settings, CommandRunner.Keep keep, TrialWatcher watcher, String... metrics) {
    var objectives = java.util.Arrays.stream(metrics).map(Objective::minimize).toList();
    return new CommandRunner(
        settings,
        objectives,
        directory,
        directory.resolve("trials"),
        keep,
        GpuResources.first(2, 0),
        watcher);
  }

  static StudyBuilder<Configuration> study(String... metrics) {
    var builder = Study.over(SPACE).named("external").sampler(Samplers.random()).seed(1);
    for (var metric : metrics) {
      builder.minimize(metric);
    }
    return builder;
  }

  TrialRecord one(CommandSettings settings) {
    try (var study = study("loss").open()) {
      runner(settings, "loss").run(study, Budget.trials(1), 1);
      return study.trials().getFirst();
    }
  }

  String log() throws IOException {
    return Files.readString(directory.resolve("trials/0/log"));
  }
}

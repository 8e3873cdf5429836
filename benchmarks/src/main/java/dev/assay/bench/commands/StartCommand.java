package dev.assay.bench.commands;

import dev.assay.bench.Destination;
import dev.assay.bench.Limits;
import dev.assay.bench.Measurement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench start`: how long a person waits for a command on a small study, and for the first
/// trial of a search, each command started anew by the launcher. Processor time is that of the
/// launcher and of the program that it becomes, the peak the program's resident set.
@Command(name = "start", description = "What a person waits for: short commands, a first trial.")
public final class StartCommand implements Callable<Integer> {
  private static final String STUDY = "thousand";

  @Option(names = "--runs", description = "of each command, after one to warm up (7)")
  private int runs = 7;

  @Option(names = "--trials", description = "of the study that is read (1000)")
  private int trials = 1000;

  @Option(names = "--peers", description = "measure Optuna's commands too, on its own study")
  private boolean peers;

  @Mixin private final Destination destination = new Destination();

  @Override
  public Integer call() throws IOException {
    Limits.atLeast(1, "--runs", runs);
    Limits.atLeast(1, "--trials", trials);
    var launched = Launched.of(Files.createTempDirectory("assay-start"));
    try {
      new BigStudy(STUDY, trials, 10).write(launched.studies().resolve(STUDY).resolve("study.db"));
      var all = new ArrayList<Measurement>();
      var none = Map.<String, String>of();
      var of = Map.of("trials", Integer.toString(trials));
      all.addAll(launched.measure("start.help", none, 1, runs, "--help"));
      var list = launched.measure("start.list", of, 1, runs, "list");
      var best = launched.measure("start.best", of, 1, runs, "best", STUDY);
      var table = launched.measure("start.trials", of, 1, runs, "trials", STUDY);
      var show = launched.measure("start.show", of, 1, runs, "show", STUDY);
      var first = firstTrial(launched);
      if (peers) {
        var optuna = OptunaCommands.of(launched, trials, 10, runs);
        list = optuna.beside(list, "studies");
        best = optuna.beside(best, "best-trial", "--study-name", "big");
        table = optuna.beside(table, "trials", "--study-name", "big");
        first = optuna.besideFirstTrial(first, launched.directory().resolve("began"));
      }
      List.of(list, best, table, show, first).forEach(all::addAll);
      destination.write("start", all);
    } finally {
      launched.remove();
    }
    return 0;
  }

  /// From the start of `tune` until its first trial's program runs, and until all of one trial is
  /// done, the report written.
  private List<Measurement> firstTrial(Launched launched) throws IOException {
    var mark = launched.directory().resolve("began");
    var file = launched.directory().resolve("first.yaml");
    Files.writeString(file, study(mark), StandardCharsets.UTF_8);
    var began = new double[runs];
    var ended = new double[runs];
    var cpu = new double[runs];
    for (int i = -1; i < runs; i++) {
      Files.deleteIfExists(mark);
      launched.forget("first");
      var start = Instant.now();
      var used = launched.run("tune", file.toString(), "--quiet");
      if (i >= 0) {
        var there = Files.getLastModifiedTime(mark).toInstant();
        began[i] = 1e-6 * Duration.between(start, there).toNanos();
        ended[i] = 1e3 * used.wallSeconds();
        cpu[i] = 1e3 * used.cpuSeconds();
      }
    }
    var none = Map.<String, String>of();
    return List.of(
        Launched.said(Measurement.ofRepeats("start.tune.first", none, "ms/op", began, null)),
        Launched.said(Measurement.ofRepeats("start.tune.wall", none, "ms/op", ended, null)),
        Launched.said(Measurement.ofRepeats("start.tune.cpu", none, "ms/op", cpu, null)));
  }

  private static String study(Path mark) {
    return """
    name: first
    objective: {command: [/bin/sh, -c, ': > "%s"; echo loss={x}'], value: {number: loss}}
    minimize: loss
    space: {x: {float: [0, 1]}, y: {int: [1, 64], log: true}, z: {choice: [a, b]}}
    budget: {trials: 1}
    seed: 1
    """
        .formatted(mark);
  }
}

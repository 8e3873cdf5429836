package dev.assay.bench.commands;

import dev.assay.bench.Measurement;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Optuna's commands over a study in a SQLite file of its own, as large as the one that Assay's
/// look into: the `optuna` and `python3` of PATH.
///
/// @param program `benchmarks/peers/optuna_study.py`
/// @param file of the study `big`
/// @param runs of each command, after one to warm up
record OptunaCommands(Launched launched, Path program, Path file, String version, int runs) {
  private static final String TOOL = "optuna";

  /// Looks along PATH.
  private static final String ENV = "/usr/bin/env";

  /// Makes the study.
  ///
  /// @throws Problem when Optuna is not there
  static OptunaCommands of(Launched launched, int trials, int parameters, int runs)
      throws IOException {
    var program =
        Path.of(System.getProperty("assay.home", ".")).resolve("benchmarks/peers/optuna_study.py");
    var file = launched.directory().resolve("optuna.db");
    Files.deleteIfExists(file);
    launched.start(
        python(program, "fill", file.toString(), "" + trials, "" + parameters),
        "Install Optuna (pip install optuna), or leave --peers out.");
    var version = Files.readString(launched.output()).strip();
    return new OptunaCommands(launched, program, file, version, runs);
  }

  private static List<String> python(Path program, String... words) {
    return Stream.concat(Stream.of(ENV, "python3", program.toString()), Arrays.stream(words))
        .toList();
  }

  /// A measurement, beside the wall time of a command of Optuna's for the same; the others as they
  /// are.
  ///
  /// @param measured of one command, of which one is `NAME.wall`
  /// @param words of the command; the study is added where it names `--study-name`
  List<Measurement> beside(List<Measurement> measured, String... words) {
    var command = new ArrayList<>(List.of(ENV, TOOL, "--storage", "sqlite:///" + file));
    command.addAll(List.of(words));
    var milliseconds = new double[runs];
    for (int i = -1; i < runs; i++) {
      var used = launched.start(command, "Run it by hand.");
      if (i >= 0) {
        milliseconds[i] = 1e3 * used.wallSeconds();
      }
    }
    return beside(measured, ".wall", milliseconds);
  }

  /// The same for the first trial of a search: until its program runs.
  List<Measurement> besideFirstTrial(List<Measurement> measured, Path mark) throws IOException {
    var milliseconds = new double[runs];
    var other = launched.directory().resolve("first.db");
    for (int i = -1; i < runs; i++) {
      Files.deleteIfExists(mark);
      Files.deleteIfExists(other);
      var start = Instant.now();
      launched.start(
          python(program, "first", other.toString(), mark.toString()), "Run it by hand.");
      if (i >= 0) {
        var there = Files.getLastModifiedTime(mark).toInstant();
        milliseconds[i] = 1e-6 * Duration.between(start, there).toNanos();
      }
    }
    return beside(measured, ".first", milliseconds);
  }

  private List<Measurement> beside(
      List<Measurement> measured, String which, double[] milliseconds) {
    Arrays.sort(milliseconds);
    var peer = new Measurement.Peer(TOOL, version, milliseconds[(runs - 1) / 2]);
    System.out.printf(Locale.ROOT, "  %s %s: median %.0f ms%n", TOOL, version, peer.score());
    return measured.stream()
        .map(one -> one.benchmark().endsWith(which) ? one.beside(peer) : one)
        .toList();
  }
}

package dev.assay.bench.commands;

import dev.assay.bench.Measurement;
import dev.assay.files.Trees;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs commands by the launcher that a person uses, over studies in a directory of their own.
///
/// @param launcher `assay` of a checkout, or `bin/assay` of a bundle
/// @param directory for studies, outputs and temporary files
record Launched(Path launcher, Path directory) {
  /// What `best` ends with where no trial has completed.
  private static final int NOT_COMPLETE = 3;

  /// The launcher of this build.
  ///
  /// @throws Problem when nobody said where that is
  static Launched of(Path directory) {
    var home = System.getProperty("assay.home");
    if (home != null) {
      for (var name : List.of("assay", "bin/assay")) {
        var launcher = Path.of(home).resolve(name);
        if (Files.isExecutable(launcher)) {
          return new Launched(launcher, directory);
        }
      }
    }
    throw new Problem(
        "There is no launcher to measure.",
        "assay.home is " + home,
        "Run this as ./assay bench from a checkout.");
  }

  /// Where commands look for studies.
  Path studies() {
    return directory.resolve("studies");
  }

  Map<String, String> environment() {
    var environment = new HashMap<>(System.getenv());
    environment.put("ASSAY_STUDIES", studies().toString());
    return environment;
  }

  /// Runs a command once.
  ///
  /// @throws Problem when it fails
  Rusage.Used run(String... words) {
    var command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    return start(command, "Run it by hand with ASSAY_STUDIES=" + studies() + ".");
  }

  /// Runs any program once.
  ///
  /// @param mend what the user can do when it fails
  /// @throws Problem when it fails
  Rusage.Used start(List<String> command, String mend) {
    var errors = directory.resolve("errors");
    var used = Rusage.run(command, environment(), output(), errors);
    int code = used.status() >> 8;
    if (used.status() != 0 && code != NOT_COMPLETE) {
      throw new Problem("A command failed.", String.join(" ", command) + ": " + said(errors), mend);
    }
    return used;
  }

  /// What the last command printed.
  Path output() {
    return directory.resolve("output");
  }

  private static String said(Path errors) {
    try {
      return Files.readString(errors).strip();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Runs a command some times, after `warm` times that do not count, and says what it took.
  ///
  /// @param name of the measurements: `NAME.wall` and so on
  List<Measurement> measure(
      String name, Map<String, String> parameters, int warm, int runs, String... words)
      throws IOException {
    for (int i = 0; i < warm; i++) {
      run(words);
    }
    var wall = new double[runs];
    var cpu = new double[runs];
    var peak = new double[runs];
    for (int i = 0; i < runs; i++) {
      var used = run(words);
      wall[i] = 1e3 * used.wallSeconds();
      cpu[i] = 1e3 * used.cpuSeconds();
      peak[i] = used.peakBytes() * 0x1p-20;
    }
    var all = new LinkedHashMap<>(parameters);
    all.put("bytes", Long.toString(Files.size(output())));
    return List.of(
        said(Measurement.ofRepeats(name + ".wall", all, "ms/op", wall, null)),
        said(Measurement.ofRepeats(name + ".cpu", all, "ms/op", cpu, null)),
        said(Measurement.ofRepeats(name + ".peak", all, "MiB", peak, null)));
  }

  /// Prints a measurement.
  static Measurement said(Measurement measured) {
    System.out.printf(
        Locale.ROOT,
        "%s: median %.0f %s (%s)%n",
        measured.benchmark(),
        measured.p50(),
        measured.unit(),
        words(measured.parameters()));
    return measured;
  }

  private static String words(Map<String, String> parameters) {
    return String.join(
        ", ", parameters.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
  }

  /// Removes a study, if it is there.
  void forget(String study) throws IOException {
    Trees.remove(studies().resolve(study));
  }

  /// Removes the directory and all in it.
  void remove() throws IOException {
    Trees.remove(directory);
  }
}

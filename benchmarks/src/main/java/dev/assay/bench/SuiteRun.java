package dev.assay.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Measures units one after another; what was measured before an interruption is not measured
/// again.
final class SuiteRun {
  /// Measures one unit.
  @FunctionalInterface
  interface Meter {
    List<Measurement> measure(Suite.Unit unit) throws RunnerException;
  }

  private final Meter meter;
  private final Progress progress;

  SuiteRun(Meter meter, Progress progress) {
    this.meter = meter;
    this.progress = progress;
  }

  /// All of them, in their order.
  List<Measurement> measure(List<Suite.Unit> units) throws RunnerException {
    var all = new ArrayList<Measurement>();
    for (int i = 0; i < units.size(); i++) {
      var unit = units.get(i);
      var found = progress.find(unit.name());
      if (found == null) {
        System.err.printf("[%d/%d] %s%n", i + 1, units.size(), unit.name());
        found = meter.measure(unit);
        found.forEach(SuiteRun::say);
        progress.add(unit.name(), found);
      }
      all.addAll(found);
    }
    return all;
  }

  private static void say(Measurement m) {
    System.err.printf(Locale.ROOT, "  %s: %.4g %s%n", m.benchmark(), m.score(), m.unit());
  }

  /// Measures in JVMs of their own, by JMH.
  static Meter forked(boolean quick, boolean verbose) {
    return unit -> {
      var measured = new ArrayList<Measurement>();
      for (var result : new Runner(options(unit, quick, verbose).build()).run()) {
        measured.addAll(Measurement.of(result));
      }
      // JMH divides by a constant number of operations only.
      double lanes = Double.parseDouble(unit.parameters().getOrDefault("lanes", "1"));
      measured.replaceAll(measurement -> measurement.dividedBy(lanes));
      return measured;
    };
  }

  private static ChainedOptionsBuilder options(Suite.Unit unit, boolean quick, boolean verbose) {
    var options =
        new OptionsBuilder()
            .include(unit.pattern())
            .addProfiler(GCProfiler.class)
            .verbosity(verbose ? VerboseMode.NORMAL : VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgsAppend(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    unit.parameters().forEach(options::param);
    int dear = dearIterations(unit);
    if (dear > 0) {
      options.forks(1).warmupIterations(1).measurementIterations(dear);
    }
    return quick ? hurried(options, unit) : options;
  }

  /// Measurements of what takes seconds each, or minutes to prepare; 0: as the class says.
  private static int dearIterations(Suite.Unit unit) {
    var n = unit.parameters().getOrDefault("n", "");
    if (unit.type() == StorageBenchmark.class && n.equals("1000000")) {
      return 5;
    }
    boolean onProcessor = unit.parameters().getOrDefault("backend", "cpu").equals("cpu");
    if (unit.type() == GpBenchmark.class && onProcessor && GpBenchmark.isLarge(unit.parameters())
        || unit.type() == GpOperationsBenchmark.class
            && GpOperationsBenchmark.isLarge(unit.parameters())) {
      return 3;
    }
    var sampler = unit.parameters().getOrDefault("sampler", "");
    return SuggestBenchmark.isModelled(sampler) && n.equals("1000") ? 8 : 0;
  }

  private static ChainedOptionsBuilder hurried(ChainedOptionsBuilder options, Suite.Unit unit) {
    boolean file =
        unit.type() == StorageBenchmark.class || unit.type() == ParallelLoopBenchmark.class;
    boolean shot = unit.type() == SuggestBenchmark.class || unit.type() == AskTellBenchmark.class;
    return options
        .forks(1)
        .warmupIterations(file ? 2 : shot ? 20 : 4)
        .warmupTime(TimeValue.milliseconds(200))
        .measurementIterations(5)
        .measurementTime(TimeValue.milliseconds(200));
  }
}

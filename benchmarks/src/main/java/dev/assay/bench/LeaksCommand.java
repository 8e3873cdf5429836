package dev.assay.bench;

import dev.assay.device.BackendSelector;
import dev.assay.internal.engine.GpEngine;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench leaks`: whether many suggestions in one process keep memory, on the device, on the
/// heap or beside it. Rounds of the same small studies, opened and closed, of several numbers of
/// trials and parameters; after equal numbers of rounds the memory of the device (as its driver
/// says), the heap after a collection and the resident set of the process are read. All rounds are
/// alike, seeds included, so that flat means flat.
@Command(name = "leaks", description = "Whether many suggestions in one process keep memory.")
final class LeaksCommand implements Callable<Integer> {
  /// Suggestions of one study.
  private static final int SUGGESTIONS = 4;

  /// Parameters, as shares of the most.
  private static final double[] DIMENSIONS = {0.05, 0.1, 0.25, 0.5, 1};

  /// Trials before the first suggestion, as shares of the largest.
  private static final double[] SIZES = {0.1, 0.25, 0.5, 1};

  /// Suggestions of one round: each size in each dimension.
  private static final int ROUND = SUGGESTIONS * DIMENSIONS.length * SIZES.length;

  private static final int MOST_SAMPLES = 24;

  /// Megabytes that may be gained. A driver gives out memory in pieces of 2 MB, so that none may be
  /// asked for; the process's memory breathes with the collector and the compiler.
  private static final double DEVICE = 1;

  private static final double HEAP = 2;
  private static final double PROCESS = 32;

  @Option(names = "--suggests", description = "how many at least; ${DEFAULT-VALUE}")
  private int suggests = 10_000;

  @Option(names = "--backend", description = "cpu, cuda or tornado; ${DEFAULT-VALUE}")
  private String backend = "cpu";

  @Option(names = "--largest", description = "trials of the largest study; ${DEFAULT-VALUE}")
  private int largest = 40;

  @Option(names = "--widest", description = "parameters of the widest study; ${DEFAULT-VALUE}")
  private int widest = 20;

  @Mixin private Destination destination = new Destination();

  /// One look at all memories, megabytes.
  ///
  /// @param device null where nobody knows
  /// @param process null where nobody knows
  private record Sample(
      int suggested, @Nullable Double device, double heap, @Nullable Double process) {}

  @Override
  public Integer call() {
    Limits.atLeast(MemoryTrend.FEWEST * ROUND, "--suggests", suggests);
    Limits.atLeast(10, "--largest", largest);
    Limits.atLeast(1, "--widest", widest);
    var chosen = new BackendSelector().choose(backend);
    var driver = backend.equals("cuda") ? DriverMemory.find() : null;
    System.out.printf("%9s %12s %12s %12s%n", "suggested", "device MB", "heap MB", "process MB");
    long start = System.nanoTime();
    var samples = run(chosen.gpEngine(), driver);
    double seconds = (System.nanoTime() - start) * 1e-9;
    var trends = trends(samples);
    trends.forEach(trend -> System.out.println(trend.words()));
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("suggestions", Integer.toString(samples.getLast().suggested()));
    parameters.put("backend", backend);
    parameters.put("largest", Integer.toString(largest));
    parameters.put("widest", Integer.toString(widest));
    parameters.put("samples", Integer.toString(samples.size()));
    parameters.put("took", String.format(Locale.ROOT, "%.0f s", seconds));
    destination.write(
        "leaks",
        trends.stream().map(trend -> trend.measurement(parameters)).toList(),
        Destination.device(chosen));
    return trends.stream().anyMatch(MemoryTrend::isLeak) ? 1 : 0;
  }

  private List<Sample> run(GpEngine engine, @Nullable DriverMemory driver) {
    int rounds = (suggests + ROUND - 1) / ROUND;
    int count = Math.min(rounds, MOST_SAMPLES);
    var samples = new ArrayList<Sample>();
    for (int round = 1; round <= rounds; round++) {
      round(engine);
      if (round * (long) count / rounds > samples.size()) {
        var sample = look(round * ROUND, driver);
        samples.add(sample);
        System.out.printf(
            Locale.ROOT,
            "%9d %12s %12.2f %12s%n",
            sample.suggested(),
            words(sample.device()),
            sample.heap(),
            words(sample.process()));
      }
    }
    return samples;
  }

  private static String words(@Nullable Double megabytes) {
    return megabytes == null ? "not known" : String.format(Locale.ROOT, "%.2f", megabytes);
  }

  private void round(GpEngine engine) {
    int number = 0;
    for (double width : DIMENSIONS) {
      for (double size : SIZES) {
        int d = (int) Math.max(1, Math.round(width * widest));
        study(engine, d, (int) Math.round(size * largest), number++);
      }
    }
  }

  /// Every third study has a category among its parameters, every third asks for several trials
  /// before it tells of the first.
  private static void study(GpEngine engine, int d, int n, int number) {
    var space = SearchSpace.builder();
    for (int i = 0; i < d; i++) {
      space.add(
          "x" + i,
          d > 1 && number % 3 == 1 && i == 0 ? Choice.of("a", "b", "c") : new FloatRange(-2, 2));
    }
    int together = number % 3 == 2 ? SUGGESTIONS : 1;
    var settings = Map.of("model", number % 8 == 0 ? "average" : "single", "start", n);
    try (var study =
        Study.over(space.build())
            .minimize("loss")
            .sampler(Samplers.create("gp", settings, engine))
            .seed(number)
            .open()) {
      for (int i = 0; i < n; i++) {
        tell(study, study.ask());
      }
      for (int i = 0; i < SUGGESTIONS; i += together) {
        var asked = new ArrayList<Trial<Configuration>>();
        for (int j = 0; j < together; j++) {
          asked.add(study.ask());
        }
        asked.forEach(trial -> tell(study, trial));
      }
    }
  }

  private static void tell(Study<Configuration> study, Trial<Configuration> trial) {
    var x = trial.configuration();
    double loss = 0;
    for (int i = 0; i < x.space().dimension(); i++) {
      loss += (x.code(i) - 0.3) * (x.code(i) - 0.3) / (1 + i);
    }
    study.tell(trial, Outcome.complete(loss));
  }

  private static Sample look(int suggested, @Nullable DriverMemory driver) {
    System.gc();
    System.gc(); // what the first one only made collectable
    double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() * 1e-6;
    return new Sample(suggested, driver == null ? null : driver.used() * 1e-6, heap, resident());
  }

  /// Of this process; null where the operating system has no /proc.
  private static @Nullable Double resident() {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return null;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .findFirst()
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024e-6)
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<MemoryTrend> trends(List<Sample> samples) {
    var trends = new ArrayList<MemoryTrend>();
    add(trends, "device", samples, Sample::device, DEVICE);
    add(trends, "heap", samples, Sample::heap, HEAP);
    add(trends, "process", samples, Sample::process, PROCESS);
    return trends;
  }

  private static void add(
      List<MemoryTrend> trends,
      String name,
      List<Sample> samples,
      Function<Sample, @Nullable Double> memory,
      double bound) {
    var known = new ArrayList<Double>();
    for (var sample : samples) {
      if (memory.apply(sample) instanceof Double megabytes) {
        known.add(megabytes);
      }
    }
    if (known.size() >= MemoryTrend.FEWEST) {
      trends.add(new MemoryTrend(name, known, bound));
    }
  }
}

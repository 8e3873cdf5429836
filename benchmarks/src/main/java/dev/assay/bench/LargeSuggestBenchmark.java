package dev.assay.bench;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Outcome;
import dev.assay.study.Sampler;
import dev.assay.study.SearchTask;
import dev.assay.study.Study;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One suggestion by Gaussian processes after thousands of random trials, in a JVM of 3.5 GB so that
/// all of the process stays below 4 GiB. The first shot, which fits and factors everything, is
/// measured like those that only append to it.
///
/// Run it: `assay bench large`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 4)
@Fork(1)
public class LargeSuggestBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// Trials and parameters.
  @Param({"5000x10", "10000x20"})
  String size = "5000x10";

  private @Nullable Study<Configuration> study;

  /// Processor time of the shots.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Cpu {
    public double cpuMilliseconds;
  }

  /// Draws at random for the first n trials.
  private record After(int n, Sampler then) implements Sampler {
    @Override
    public String name() {
      return "after";
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return Map.of();
    }

    @Override
    public Proposer open(SearchTask task) {
      var random = Samplers.random().open(task);
      var later = then.open(task);
      return (trial, history) -> (trial < n ? random : later).propose(trial, history);
    }
  }

  private int trials() {
    return Integer.parseInt(size.split("x")[0]);
  }

  private int parameters() {
    return Integer.parseInt(size.split("x")[1]);
  }

  private static double loss(Configuration x, int d) {
    double sum = 0;
    for (int i = 0; i < d; i++) {
      double bend = i == 0 ? 0 : x.code(i - 1) * x.code(i - 1) / 4;
      sum += (x.code(i) - 0.3 - bend) * (x.code(i) - 0.3 - bend);
    }
    return sum;
  }

  @Setup(Level.Trial)
  public void fill() {
    var space = SearchSpace.builder();
    for (int i = 0; i < parameters(); i++) {
      space.add("x" + i, new FloatRange(-2, 2));
    }
    var sampler = new After(trials(), Samplers.create("gp", Map.of()));
    var opened = Study.over(space.build()).minimize("loss").sampler(sampler).seed(1).open();
    study = opened;
    for (int i = 0; i < trials(); i++) {
      next(opened);
    }
  }

  private double next(Study<Configuration> on) {
    var trial = on.ask();
    double loss = loss(trial.configuration(), parameters());
    on.tell(trial, Outcome.complete(loss));
    return loss;
  }

  @Benchmark
  public double suggest(Cpu cpu) {
    var opened = study;
    if (opened == null) {
      throw new IllegalStateException("not filled");
    }
    long start = THREADS.getCurrentThreadCpuTime();
    double loss = next(opened);
    cpu.cpuMilliseconds += (THREADS.getCurrentThreadCpuTime() - start) * 1e-6;
    return loss;
  }
}

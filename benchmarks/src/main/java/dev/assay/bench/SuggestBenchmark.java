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
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

/// One suggestion after n finished trials in 10 dimensions. Each shot is followed by the trial that
/// it proposed, so that the n grows as in a study and what is done only now and then (refitting)
/// has its share.
///
/// Run it: `assay bench suggest`. `cpuMilliseconds` is the processor time of the asking thread,
/// which other work on the machine does not blur.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
@Fork(2)
public class SuggestBenchmark {
  private static final int D = 10;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Param({"gp-single", "gp", "auto", "tpe", "cmaes", "nsga2", "annealing", "random"})
  String sampler = "random";

  @Param({"100", "1000"})
  int n = 100;

  private final Study<Configuration> study;
  private final Delayed delayed = new Delayed();

  /// Processor time of the shots.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Cpu {
    public double cpuMilliseconds;
  }

  public SuggestBenchmark() {
    var builder = SearchSpace.builder();
    for (int i = 0; i < D; i++) {
      builder.add("x" + i, new FloatRange(-2, 2));
    }
    study = Study.over(builder.build()).minimize("loss").sampler(delayed).seed(1).open();
  }

  /// A bent valley; smooth, not a sum over coordinates.
  private static double loss(Configuration x) {
    double sum = 0;
    for (int i = 0; i < D; i++) {
      double bend = i == 0 ? 0 : x.code(i - 1) * x.code(i - 1) / 4;
      sum += (x.code(i) - 0.3 - bend) * (x.code(i) - 0.3 - bend);
    }
    return sum;
  }

  /// Draws at random until the history is filled, then asks the sampler that is timed.
  private final class Delayed implements Sampler {
    private double cpuMilliseconds;

    @Override
    public String name() {
      return "delayed";
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return Map.of();
    }

    @Override
    public Proposer open(SearchTask task) {
      var random = Samplers.random().open(task);
      var timed = new AtomicReference<@Nullable Proposer>();
      return (trial, history) -> {
        if (trial < n) {
          return random.propose(trial, history);
        }
        if (timed.get() == null) {
          timed.set(create(sampler).open(task));
        }
        long start = THREADS.getCurrentThreadCpuTime();
        var proposal = Objects.requireNonNull(timed.get()).propose(trial, history);
        cpuMilliseconds = (THREADS.getCurrentThreadCpuTime() - start) * 1e-6;
        return proposal;
      };
    }
  }

  private static Sampler create(String name) {
    return name.equals("gp-single")
        ? Samplers.create("gp", Map.of("model", "single"))
        : Samplers.create(name, Map.of());
  }

  /// Fills the history, and refuses to time a sampler that leaves the space or, if it learns, does
  /// not improve on what was drawn.
  @Setup(Level.Trial)
  public void fill() {
    var losses = new double[n];
    for (int i = 0; i < n; i++) {
      losses[i] = next();
    }
    double best = Arrays.stream(losses).min().orElseThrow();
    boolean better = false;
    for (int i = 0; i < 8; i++) {
      better |= next() < best;
    }
    if (!better && !sampler.equals("random")) {
      throw new IllegalStateException("eight proposals did not improve on a random history");
    }
  }

  private double next() {
    var trial = study.ask();
    for (int j = 0; j < D; j++) {
      if (!(Math.abs(trial.configuration().code(j)) <= 2)) {
        throw new IllegalStateException("outside the space: " + trial.configuration());
      }
    }
    double loss = loss(trial.configuration());
    study.tell(trial, Outcome.complete(loss));
    return loss;
  }

  @Benchmark
  public double suggest(Cpu cpu) {
    double loss = next();
    cpu.cpuMilliseconds += delayed.cpuMilliseconds;
    return loss;
  }
}

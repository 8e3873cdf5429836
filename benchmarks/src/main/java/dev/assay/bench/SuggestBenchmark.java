package dev.assay.bench;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
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

/// One suggestion after n finished trials in d dimensions. Each shot is followed by the trial that
/// it proposed, so that the study grows as studies do, by a quarter of n at most, and what is done
/// only now and then (refitting) has its share.
///
/// Run it: `assay bench suggest`. `cpuMilliseconds` is the processor time of the asking thread,
/// which other work on the machine does not blur. [#isMeasured] says what is left out.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
@Fork(2)
public class SuggestBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// Searches that let the compiler see what is timed, before a study is filled.
  private static final double WARM_SECONDS = 0.5;

  /// Proposals that are looked at before anything is timed.
  private static final int PROVEN = 8;

  @Param({"gp-single", "gp", "auto", "tpe", "cmaes", "nsga2", "annealing", "random"})
  String sampler = "random";

  @Param({"10", "100", "1000", "10000"})
  int n = 100;

  @Param({"5", "20", "40"})
  int d = 10;

  private @Nullable Delayed delayed;
  private @Nullable Study<Configuration> study;

  /// Processor time of the shots.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Cpu {
    public double cpuMilliseconds;
  }

  /// Whether a combination is measured. Left out are Gaussian processes where there is no model yet
  /// (up to d + 1 trials are drawn) and where a fit takes minutes (10,000 trials); samplers that
  /// others stand for, but in 20 dimensions.
  static boolean isMeasured(Map<String, String> parameters) {
    var sampler = parameters.getOrDefault("sampler", "");
    int n = Integer.parseInt(parameters.getOrDefault("n", "100"));
    int d = Integer.parseInt(parameters.getOrDefault("d", "20"));
    return switch (sampler) {
      case "gp", "gp-single" -> n > d + 1 && n <= 1000;
      // What it chose is the same as gp up to 2,000 trials.
      case "auto" -> d == 20 && n != 10 && n != 100;
      case "nsga2", "annealing" -> d == 20;
      default -> true;
    };
  }

  /// Whether proposals come from a Gaussian process.
  static boolean isModelled(String sampler) {
    return sampler.startsWith("gp") || sampler.equals("auto");
  }

  private Study<Configuration> open() {
    delayed = new Delayed();
    var builder = SearchSpace.builder();
    for (int i = 0; i < d; i++) {
      builder.add("x" + i, new FloatRange(-2, 2));
    }
    return Study.over(builder.build()).minimize("loss").sampler(delayed).seed(1).open();
  }

  /// A bent valley; smooth, not a sum over coordinates.
  private static double loss(Configuration x) {
    double sum = 0;
    for (int i = 0; i < x.space().dimension(); i++) {
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

  /// Refuses to time a sampler that leaves the space or, if it learns, does not improve on what was
  /// drawn; then warms up.
  @Setup(Level.Trial)
  public void prove() {
    int asked = n;
    n = Math.max(n, 5 * d / 2 + 2);
    fill();
    double better = 0;
    double median = median();
    for (int i = 0; i < PROVEN; i++) {
      better += next() < median ? 1 : 0;
    }
    if (better < PROVEN / 2 && !sampler.equals("random")) {
      throw new IllegalStateException(
          better + " of " + PROVEN + " proposals are better than the median of random ones");
    }
    n = Math.min(n, 200);
    long start = System.nanoTime();
    while ((System.nanoTime() - start) * 1e-9 < WARM_SECONDS) {
      fill();
      for (int i = 0; i < PROVEN; i++) {
        next();
      }
    }
    n = asked;
    fill();
  }

  private double median() {
    var losses = study().trials().stream().mapToDouble(TrialRecord::value).sorted().toArray();
    return losses[losses.length / 2];
  }

  private Study<Configuration> study() {
    return Objects.requireNonNull(study);
  }

  /// A study of n trials, of which the sampler has seen the last.
  private void fill() {
    if (study != null) {
      study.close();
    }
    study = open();
    for (int i = 0; i <= n; i++) {
      next();
    }
  }

  /// Begins anew where the study has outgrown n.
  @Setup(Level.Iteration)
  public void refill() {
    if (study().trials().size() > n + Math.max(2, n / 4)) {
      fill();
    }
  }

  private double next() {
    var study = study();
    var trial = study.ask();
    for (int j = 0; j < d; j++) {
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
    cpu.cpuMilliseconds += Objects.requireNonNull(delayed).cpuMilliseconds;
    return loss;
  }
}

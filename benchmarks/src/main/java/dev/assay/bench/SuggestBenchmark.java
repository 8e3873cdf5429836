package dev.assay.bench;

import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Outcome;
import dev.assay.study.Study;
import dev.assay.study.TrialRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One suggestion behind a history of n random trials of d parameters in [-5, 5], loss Σx²: asked
/// for and told, each time with one more trial to learn from. Each iteration starts from a study of
/// n trials, so that n is what the name says.
///
/// Run it: `assay bench suggest`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 20)
@Fork(2)
public class SuggestBenchmark {
  /// Suggestions a shot; small beside n.
  private static final int SUGGESTIONS = 20;

  @Param({"random", "tpe", "cmaes", "nsga2", "annealing"})
  String sampler = "tpe";

  @Param({"1000", "10000"})
  int n = 1000;

  @Param({"10"})
  int d = 10;

  private Study<Configuration> study = study(n);

  private Study<Configuration> study(int trials) {
    var space = SearchSpace.builder();
    for (int j = 0; j < d; j++) {
      space.add("x" + j, new FloatRange(-5, 5));
    }
    var filled =
        Study.over(space.build())
            .minimize("loss")
            .sampler(Samplers.create(sampler, Map.of()))
            .seed(1)
            .open();
    var random = new Philox(1, 0);
    for (int i = 0; i < trials; i++) {
      var values = new LinkedHashMap<String, Object>();
      for (int j = 0; j < d; j++) {
        values.put("x" + j, -5 + 10 * random.nextDouble());
      }
      filled.enqueue(values);
      tell(filled);
    }
    return filled;
  }

  private TrialRecord tell(Study<Configuration> to) {
    var trial = to.ask();
    double loss = 0;
    for (int j = 0; j < d; j++) {
      loss += Math.pow(trial.parameters().code(j), 2);
    }
    return to.tell(trial, Outcome.complete(loss));
  }

  /// One shot is far too short for the compiler to have seen what it times.
  @Setup(Level.Trial)
  public void compile() {
    study.close();
    study = study(200);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
    for (int i = 0; i < 20_000 && System.nanoTime() < end; i++) {
      tell(study);
    }
  }

  /// Fills the history, and refuses to time a sampler that proposes outside its space, or, if it
  /// learns, no better than by chance.
  @Setup(Level.Iteration)
  public void fill() {
    study.close();
    study = study(n);
    double sum = 0;
    for (int i = 0; i < 10; i++) {
      var trial = tell(study);
      for (int j = 0; j < d; j++) {
        if (!(Math.abs(trial.configuration().code(j)) <= 5)) {
          throw new IllegalStateException("outside the space: " + trial.configuration());
        }
      }
      sum += trial.value();
    }
    double chance = d * 25 / 3.0;
    if (!sampler.equals("random") && sum / 10 > 0.8 * chance) {
      throw new IllegalStateException("mean loss " + sum / 10 + ", by chance " + chance);
    }
  }

  @Benchmark
  @OperationsPerInvocation(SUGGESTIONS)
  public TrialRecord suggest() {
    var last = tell(study);
    for (int i = 1; i < SUGGESTIONS; i++) {
      last = tell(study);
    }
    return last;
  }
}

package dev.assay.bench;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Outcome;
import dev.assay.study.Study;
import dev.assay.study.TrialRecord;
import java.util.concurrent.TimeUnit;
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

/// One trial asked for and told, random search over 10 parameters, in memory, behind a history of n
/// trials. Each iteration starts from a study of n trials, so that n is what the name says.
///
/// Run it: `assay bench loop`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
@Fork(5)
public class AskTellBenchmark {
  /// Trials a shot; small beside n.
  private static final int TRIALS = 500;

  @Param({"1000", "100000"})
  int n = 1000;

  private Study<Configuration> study = study();

  private static Study<Configuration> study() {
    var space = SearchSpace.builder();
    for (int i = 0; i < 10; i++) {
      space.add("x" + i, new FloatRange(-5, 5));
    }
    return Study.over(space.build()).minimize("loss").sampler(Samplers.random()).seed(1).open();
  }

  private TrialRecord trial() {
    var trial = study.ask();
    return study.tell(trial, Outcome.complete(trial.parameters().code(0)));
  }

  /// One shot is far too short for the compiler to have seen what it times.
  @Setup(Level.Trial)
  public void compile() {
    for (int i = 0; i < 400_000; i++) {
      trial();
    }
  }

  /// Fills the history, and refuses to time a study that proposes outside its space.
  @Setup(Level.Iteration)
  public void fill() {
    study.close();
    study = study();
    for (int i = 0; i < n; i++) {
      var x = trial().configuration();
      for (int j = 0; j < 10; j++) {
        if (!(Math.abs(x.code(j)) <= 5)) {
          throw new IllegalStateException("outside the space: " + x);
        }
      }
    }
  }

  @Benchmark
  @org.openjdk.jmh.annotations.OperationsPerInvocation(TRIALS)
  public TrialRecord askAndTell() {
    var last = trial();
    for (int i = 1; i < TRIALS; i++) {
      last = trial();
    }
    return last;
  }
}

package dev.assay.bench;

import com.sun.management.ThreadMXBean;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/// One trial asked for and told, random search over 10 parameters, in memory, behind a history of n
/// trials. A shot starts from a study of n trials, or of at most a tenth more where n is large.
///
/// The heap is touched beforehand: where a virtual machine's memory is handed to it page by page,
/// the first touch of a page costs as much as several trials, and would count against the long
/// history.
///
/// Run it: `assay bench loop`. Bytes are those that the timed thread allocated in the shot.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
@Fork(
    value = 2,
    jvmArgsPrepend = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
public class AskTellBenchmark {
  /// Trials a shot; small beside n.
  private static final int TRIALS = 500;

  static final String SHORTEST = "1000";
  static final String LONGEST = "1000000";

  @Param({SHORTEST, "10000", "100000", LONGEST})
  int n = 1000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Study<Configuration> study = study();

  /// What the shot alone allocated: the garbage collector's profile counts the set-up too.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Allocation {
    public double allocatedBytes;
  }

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
    int there = study.count(TrialState.COMPLETE);
    if (there < n || there + TRIALS > 1.1 * n) {
      study.close();
      study = study();
      there = 0;
    }
    for (int i = there; i < n; i++) {
      var x = trial().configuration();
      for (int j = 0; j < 10; j++) {
        if (!(Math.abs(x.code(j)) <= 5)) {
          throw new IllegalStateException("outside the space: " + x);
        }
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(TRIALS)
  public TrialRecord askAndTell(Allocation allocation) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    var last = trial();
    for (int i = 1; i < TRIALS; i++) {
      last = trial();
    }
    allocation.allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
    return last;
  }
}

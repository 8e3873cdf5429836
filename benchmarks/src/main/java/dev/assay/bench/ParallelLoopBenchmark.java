package dev.assay.bench;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The loop of a whole study on 1 to 16 threads: random search over 10 parameters, an objective
/// that does nothing, 10,000 trials, in memory and in SQLite. What threads cost each other: one
/// lock guards a study.
///
/// Run it: `assay bench loop`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(
    value = 1,
    jvmArgsPrepend = {"-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch"})
public class ParallelLoopBenchmark {
  private static final int TRIALS = 10_000;

  @Param({"1", "2", "4", "8", "16"})
  int threads = 1;

  private static SearchSpace space() {
    var space = SearchSpace.builder();
    for (int i = 0; i < 10; i++) {
      space.add("x" + i, new FloatRange(-5, 5));
    }
    return space.build();
  }

  private int run(@Nullable Storage storage) {
    var builder = Study.over(space()).minimize("loss").sampler(Samplers.random()).seed(1);
    if (storage != null) {
      builder.storage(storage);
    }
    try (var study = builder.open()) {
      study.run((x, _) -> Outcome.complete(x.code(0)), Budget.trials(TRIALS), Workers.of(threads));
      int complete = study.count(TrialState.COMPLETE);
      if (complete != TRIALS) {
        throw new IllegalStateException(complete + " of " + TRIALS + " trials are complete");
      }
      return complete;
    }
  }

  @Benchmark
  @OperationsPerInvocation(TRIALS)
  public int inMemory() {
    return run(null);
  }

  @Benchmark
  @OperationsPerInvocation(TRIALS)
  public int inSqlite(StorageBenchmark.Scratch scratch) {
    try (var storage = new SqliteStorage(scratch.nextFile())) {
      return run(storage);
    }
  }
}

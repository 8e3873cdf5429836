package dev.assay.bench;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What keeping trials in SQLite costs: random search over 10 parameters with an objective that
/// does nothing, in a file of the temporary directory (-Djava.io.tmpdir chooses the disk).
///
/// Run it: `assay bench storage`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 10)
@Fork(2)
public class StorageBenchmark {
  private static final int APPENDED = 10_000;

  private static final SearchSpace SPACE = space();

  private static SearchSpace space() {
    var space = SearchSpace.builder();
    for (int i = 0; i < 10; i++) {
      space.add("x" + i, new FloatRange(-5, 5));
    }
    return space.build();
  }

  private static Study<Configuration> study(Storage storage) {
    return Study.over(SPACE)
        .named("bench")
        .minimize("loss")
        .sampler(Samplers.random())
        .seed(1)
        .storage(storage)
        .openOrCreate();
  }

  private static void append(Study<Configuration> study, int trials) {
    for (int i = 0; i < trials; i++) {
      var trial = study.ask();
      study.tell(trial, Outcome.complete(trial.parameters().code(0)));
    }
  }

  /// A directory that is removed at the end.
  @State(Scope.Thread)
  public static class Scratch {
    private Path directory = Path.of("");
    private int files;

    Path nextFile() {
      return directory.resolve(files++ + ".db");
    }

    @Setup(Level.Trial)
    public void make() throws IOException {
      directory = Files.createTempDirectory("assay-storage-bench");
    }

    @TearDown(Level.Trial)
    public void remove() throws IOException {
      try (var paths = Files.list(directory)) {
        for (var path : paths.toList()) {
          Files.delete(path);
        }
      }
      Files.delete(directory);
    }
  }

  /// A trial asked for, stored as running, told, and stored as complete: two transactions. Opening
  /// and closing the file count too.
  @Benchmark
  @OperationsPerInvocation(APPENDED)
  public int append(Scratch scratch) {
    try (var storage = new SqliteStorage(scratch.nextFile());
        var study = study(storage)) {
      append(study, APPENDED);
      return study.count(TrialState.COMPLETE);
    }
  }

  /// A study of n finished trials in a file.
  @State(Scope.Thread)
  public static class Stored {
    @Param({"10000", "1000000"})
    int n = 10_000;

    private Path file = Path.of("");
    private List<TrialRecord> trials = List.of();

    @Setup(Level.Trial)
    public void fill(Scratch scratch) {
      file = scratch.nextFile();
      try (var storage = new SqliteStorage(file);
          var study = study(storage)) {
        append(study, n);
        trials = study.trials();
      }
    }
  }

  /// Opening a stored study of n trials: all are read and the study is ready to go on.
  @Benchmark
  @Fork(1) // filling a million trials takes a minute
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public List<TrialRecord> load(Stored stored) {
    try (var storage = new SqliteStorage(stored.file);
        var study = study(storage)) {
      var trials = study.trials();
      if (trials.size() != stored.n || !trials.getLast().equals(stored.trials.getLast())) {
        throw new IllegalStateException("read " + trials.size() + " of " + stored.n + " trials");
      }
      return trials;
    }
  }

  /// Opening a stored study of n trials and going on with it until the next trial is stored as
  /// complete. The study is longer by one after each.
  @Benchmark
  @Fork(1)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public int resume(Stored stored) {
    try (var storage = new SqliteStorage(stored.file);
        var study = study(storage)) {
      int before = study.count(TrialState.COMPLETE);
      append(study, 1);
      if (before < stored.n || study.count(TrialState.COMPLETE) != before + 1) {
        throw new IllegalStateException("went on behind " + before + " of " + stored.n + " trials");
      }
      return before;
    }
  }
}

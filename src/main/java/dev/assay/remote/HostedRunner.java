package dev.assay.remote;

import dev.assay.run.TrialRunner;
import dev.assay.space.Configuration;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.StopReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs the trials of a study here and on machines that join over HTTP.
public final class HostedRunner implements TrialRunner {
  /// How long workers have to give back what they run when the study is stopped, and to hear that
  /// it is done.
  private static final Duration FAREWELL = Duration.ofSeconds(15);

  /// Where workers come in.
  public interface Door extends AutoCloseable {
    @Override
    void close();
  }

  private final TrialRunner here;
  private final int restarts;
  private final Duration lease;
  private final Map<String, Path> files;
  private final Function<CrewHandler, Door> server;
  private volatile @Nullable Crew crew;

  /// @param here runs trials in this process
  /// @param restarts how often a trial whose worker is gone is given to somebody else
  /// @param lease how long a worker may give no sign
  /// @param files that travel with the study, by the SHA-256 of their contents
  /// @param server opens one with this handler behind it, on the thread that runs the study
  public HostedRunner(
      TrialRunner here,
      int restarts,
      Duration lease,
      Map<String, Path> files,
      Function<CrewHandler, Door> server) {
    this.here = here;
    this.restarts = restarts;
    this.lease = lease;
    this.files = Map.copyOf(files);
    this.server = server;
  }

  @Override
  public Map<String, @Nullable Object> describe() {
    return here.describe();
  }

  /// @param parallel how many trials run at once in this process; 0: workers run all of them
  @Override
  public Result<Configuration> run(Study<Configuration> study, Budget budget, int parallel) {
    long start = System.nanoTime();
    try (var all = new Crew(study, budget, restarts, lease);
        var _ = server.apply(new CrewHandler(all, files))) {
      crew = all;
      var result = parallel == 0 ? all.run() : run(all, study, budget, parallel);
      all.finish(result.reason());
      all.awaitLeaving(FAREWELL);
      if (parallel == 0) {
        study.spend((System.nanoTime() - start) * 1e-9, 0);
      }
      return result;
    } finally {
      crew = null;
    }
  }

  private Result<Configuration> run(
      Crew all, Study<Configuration> study, Budget budget, int parallel) {
    long start = System.nanoTime();
    var left = budget;
    while (true) {
      var result = here.run(study, left, parallel);
      if (result.reason() == StopReason.TIME) {
        all.finish(StopReason.TIME);
      }
      if (result.reason() == StopReason.INTERRUPTED) {
        return result;
      }
      try {
        if (!all.awaitRest()) {
          return study.result(result.reason());
        }
      } catch (InterruptedException e) {
        return study.result(StopReason.INTERRUPTED);
      }
      var time = budget.time();
      if (time != null) {
        left =
            budget.within(
                Duration.ofNanos(Math.max(1, time.toNanos() - (System.nanoTime() - start))));
      }
    }
  }

  @Override
  public void kill() {
    here.kill();
  }

  @Override
  public String status() {
    var all = crew;
    var own = here.status();
    if (all == null || all.size() == 0) {
      return own;
    }
    return (own.isEmpty() ? "" : own + ", ")
        + all.size()
        + (all.size() == 1 ? " worker" : " workers");
  }
}

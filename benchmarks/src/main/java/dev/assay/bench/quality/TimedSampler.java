package dev.assay.bench.quality;

import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A sampler whose proposals' processor time is added up: of the thread that asks, so that what
/// else the machine does is not counted.
final class TimedSampler implements Sampler {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Sampler sampler;
  private long nanos;
  private int proposals;

  TimedSampler(Sampler sampler) {
    this.sampler = sampler;
  }

  @Override
  public String name() {
    return sampler.name();
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    return sampler.settings();
  }

  @Override
  public @Nullable Recommendation recommended(
      List<TrialRecord> trials, List<Objective> objectives) {
    return sampler.recommended(trials, objectives);
  }

  @Override
  public Proposer open(SearchTask task) {
    var proposer = sampler.open(task);
    return new Proposer() {
      @Override
      public @Nullable Proposal propose(int trial, History history) {
        long start = THREADS.getCurrentThreadCpuTime();
        var proposal = proposer.propose(trial, history);
        nanos += THREADS.getCurrentThreadCpuTime() - start;
        proposals++;
        return proposal;
      }

      @Override
      public void close() {
        proposer.close();
      }
    };
  }

  /// Milliseconds of one core for all proposals so far.
  double milliseconds() {
    return nanos * 1e-6;
  }

  /// The same for each of them.
  double millisecondsEach() {
    return proposals == 0 ? 0 : milliseconds() / proposals;
  }
}

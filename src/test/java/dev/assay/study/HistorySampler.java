package dev.assay.study;

import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Draws from a stream that everything in the history goes into: two studies that show it different
/// histories get different trials.
public final class HistorySampler implements Sampler {
  @Override
  public String name() {
    return "history";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    return Map.of();
  }

  @Override
  public Proposer open(SearchTask task) {
    return (trial, history) -> {
      long key = task.streams().seed(trial, Purpose.PROPOSAL);
      for (var seen : history.finished()) {
        key = 31 * key + seen.number();
        key = 31 * key + seen.configuration().hashCode();
        key = 31 * key + seen.state().ordinal();
        key = 31 * key + seen.values().hashCode();
        key = 31 * key + seen.reports().hashCode();
        key = 31 * key + seen.notes().hashCode();
      }
      for (var pending : history.pending()) {
        key = 31 * key + pending.number();
        key = 31 * key + pending.configuration().hashCode();
      }
      var configuration = fresh(task, history, key);
      return configuration == null
          ? null
          : new Proposal(configuration, Map.of("seen", (long) history.size()));
    };
  }

  private static @Nullable Configuration fresh(SearchTask task, History history, long key) {
    var random = new Philox(key, 0);
    var configuration = task.space().draw(random);
    for (int i = 0; i < 100 && history.contains(configuration); i++) {
      configuration = task.space().draw(random);
    }
    if (!history.contains(configuration)) {
      return configuration;
    }
    var first = new AtomicReference<@Nullable Configuration>();
    task.space()
        .forEach(candidate -> {
          if (!history.contains(candidate)) {
            first.compareAndSet(null, candidate);
          }
        });
    return first.get();
  }
}

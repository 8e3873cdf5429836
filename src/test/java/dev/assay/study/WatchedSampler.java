package dev.assay.study;

import dev.assay.trial.History;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Another sampler, with somebody who is told what it is shown before it proposes, and may let it
/// wait.
public record WatchedSampler(Sampler inner, BiConsumer<SearchTask, History> watcher)
    implements Sampler {
  @Override
  public String name() {
    return "watched";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    return Map.of();
  }

  @Override
  public Proposer open(SearchTask task) {
    var proposer = inner.open(task);
    return (trial, history) -> {
      watcher.accept(task, history);
      return proposer.propose(trial, history);
    };
  }
}

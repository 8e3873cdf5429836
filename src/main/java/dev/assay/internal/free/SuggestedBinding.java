package dev.assay.internal.free;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Configurations of trials that ask for their parameters one by one, with
/// [dev.assay.study.Trial#suggest]: whoever runs them sees what they asked for as any other
/// configuration.
public record SuggestedBinding(FreeBinding free) implements Binding<Configuration> {
  @Override
  public Configuration configuration(TrialRecord trial) {
    return trial.configuration();
  }

  @Override
  public Map<String, @Nullable Object> values(Configuration configuration) {
    return configuration.values();
  }

  @Override
  public FreeConfiguration asking(TrialRecord trial) {
    return free.configuration(trial);
  }

  /// Nothing: [dev.assay.study.Trial] knows what it asked for.
  @Override
  public Configuration used(TrialRecord trial, @Nullable Configuration configuration) {
    return SearchSpace.open(List.of()).read(Map.of());
  }

  @Override
  public Configuration proposed(TrialRecord trial, SearchSpace opened) {
    return free.proposed(trial, opened);
  }

  @Override
  public Proposal enqueued(SearchSpace opened, Map<String, ? extends @Nullable Object> values) {
    return free.enqueued(opened, values);
  }

  @Override
  public SearchSpace space(SearchSpace opened) {
    return free.space(opened);
  }
}

package dev.assay.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Options;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stops a trial whose best loss so far is worse than the median of the others at the same step
/// (Golovin et al. 2017, 3.2.1); [PercentilePruner] says who they are.
///
/// @param startup completed trials before any is stopped that did not diverge
/// @param schedule at which steps it looks
public record MedianPruner(int startup, Schedule schedule) implements Pruner {
  public MedianPruner {
    Options.requireInRange("pruner median", "startup", startup, 0, Integer.MAX_VALUE);
  }

  static MedianPruner of(Options options) {
    return new MedianPruner(options.integer("startup", 5), Schedule.of(options));
  }

  @Override
  public String name() {
    return "median";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("startup", startup);
    schedule.describe(settings);
    return settings;
  }

  @Override
  public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
    return open().prune(trial, reports, history, direction);
  }

  @Override
  public Rule open() {
    return new PercentilePruner(50, startup, schedule).open();
  }
}

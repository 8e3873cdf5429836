package dev.assay.internal.pruner;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;

/// Stops a trial whose best loss so far is worse than the median of the others at the same step
/// (Golovin et al. 2017, 3.2.1); [PercentilePruner] says who they are.
///
/// @param startup completed trials before any is stopped that did not diverge
/// @param schedule at which steps it looks
public record MedianPruner(
    @Option(value = "completed trials before any is stopped that did not diverge", low = 0)
        int startup,
    Schedule schedule)
    implements RememberingPruner {
  public MedianPruner {
    Settings.check("pruner median", MedianPruner.class, startup, schedule);
  }

  /// With the default settings.
  public MedianPruner() {
    this(5, Schedule.ALWAYS);
  }

  @Override
  public String name() {
    return "median";
  }

  @Override
  public Rule open() {
    return new PercentilePruner(50, startup, schedule).open();
  }
}

package dev.assay.internal.pruner;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;

/// Stops a trial whose best loss so far is worse than a percentile of the losses that others had at
/// the same step. The median rule of Golovin et al. 2017 ("Google Vizier: a service for black-box
/// optimization", 3.2.1), for any percentile.
///
/// The others are all finished trials that came as far, stopped ones too. Were it the completed
/// ones alone, the rule would judge by survivors of itself, stricter with every trial: on recorded
/// learning curves it then stopped slow starters that would have been the best.
///
/// @param percentile how large a part of the trials goes on, in percent: 50 is the median
/// @param startup completed trials before any is stopped that did not diverge
/// @param schedule at which steps it looks
public record PercentilePruner(
    @Option(value = "how large a part of the trials goes on, in percent", low = 0, high = 100)
        double percentile,
    @Option(value = "completed trials before any is stopped that did not diverge", low = 0)
        int startup,
    Schedule schedule)
    implements RememberingPruner {
  private static final double[] NOBODY = {};

  public PercentilePruner {
    Settings.check("pruner percentile", PercentilePruner.class, percentile, startup, schedule);
  }

  /// With the default settings.
  public PercentilePruner() {
    this(25, 5, Schedule.ALWAYS);
  }

  @Override
  public String name() {
    return "percentile";
  }

  @Override
  public Rule open() {
    var standings = new Standings();
    var rule =
        Divergence.before((trial, reports, history, direction) -> {
          standings.follow(history, direction);
          if (standings.completed() < startup) {
            return false;
          }
          long step = reports.getLast().step();
          var others = standings.at(step, 0, history, other -> loss(step, other, direction));
          return others.size() > 0
              && Curve.best(reports, direction) > Percentiles.of(others, NOBODY, percentile);
        });
    return (trial, reports, history, direction) ->
        schedule.isDue(reports) && rule.prune(trial, reports, history, direction);
  }

  /// NaN where the trial did not come as far, or was not finite.
  private static double loss(long step, TrialRecord trial, Direction direction) {
    return trial.state() == TrialState.COMPLETE || Curve.lastStep(trial.reports()) >= step
        ? Curve.finiteAt(step, trial.reports(), direction)
        : Double.NaN;
  }
}

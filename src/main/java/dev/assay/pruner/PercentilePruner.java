package dev.assay.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Options;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
public record PercentilePruner(double percentile, int startup, Schedule schedule)
    implements Pruner {
  private static final double[] NOBODY = {};

  public PercentilePruner {
    Options.requireInRange("pruner percentile", "percentile", percentile, 0, 100);
    Options.requireInRange("pruner percentile", "startup", startup, 0, Integer.MAX_VALUE);
  }

  static PercentilePruner of(Options options) {
    return new PercentilePruner(
        options.number("percentile", 25), options.integer("startup", 5), Schedule.of(options));
  }

  @Override
  public String name() {
    return "percentile";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("percentile", percentile);
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
    var standings = new Standings();
    var divergence = new Divergence();
    return (trial, reports, history, direction) -> {
      if (!schedule.isDue(reports)) {
        return false;
      }
      if (divergence.stops(trial, reports, history, direction)) {
        return true;
      }
      standings.follow(history, direction);
      if (standings.completed() < startup) {
        return false;
      }
      long step = reports.getLast().step();
      var others = standings.at(step, 0, history, other -> loss(step, other, direction));
      return others.size() > 0
          && Curve.best(reports, direction) > Percentiles.of(others, NOBODY, percentile);
    };
  }

  /// NaN where the trial did not come as far, or was not finite.
  private static double loss(long step, TrialRecord trial, Direction direction) {
    return trial.state() == TrialState.COMPLETE || Curve.lastStep(trial.reports()) >= step
        ? Curve.finiteAt(step, trial.reports(), direction)
        : Double.NaN;
  }
}

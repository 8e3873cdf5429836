package dev.assay.internal.pruner;

import dev.assay.internal.problem.Require;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Objective;
import java.util.List;

/// Asynchronous successive halving (Li et al. 2020, "A system for massively parallel hyperparameter
/// tuning"), the variant that stops instead of pausing: at each rung a trial goes on if its loss is
/// within the best 1/η quantile of those seen there before. With several objectives: [ParetoRungs].
///
/// @param min the lowest rung
/// @param max where trials end; there is no rung from here on
/// @param factor η
public record AshaPruner(
    @Option(value = "the first rung, in steps", low = 1) int min,
    @Option(value = "where trials end", low = 1) int max,
    @Option(
            value = "one in so many goes on; each rung is so many times as high",
            low = 2,
            high = 1000)
        int factor)
    implements RememberingPruner {
  public AshaPruner {
    Settings.check("pruner asha", AshaPruner.class, min, max, factor);
    Require.inRange("pruner asha", "max", max, min, Integer.MAX_VALUE);
  }

  /// With the default settings.
  public AshaPruner() {
    this(1, 100, 4);
  }

  @Override
  public String name() {
    return "asha";
  }

  /// By Pareto fronts and hypervolume.
  @Override
  public boolean judgesSeveral() {
    return true;
  }

  @Override
  public Rule open(List<Objective> objectives) {
    return objectives.size() > 1 ? new ParetoRungs(min, factor, max, objectives) : open();
  }

  @Override
  public Rule open() {
    var standings = new Standings();
    return Divergence.before((trial, reports, history, direction) -> {
      long rung = new Rungs(min, factor, max).climbed(reports);
      double loss = Curve.loss(reports.getLast(), direction);
      if (rung < 0 || !Double.isFinite(loss)) {
        return false;
      }
      standings.follow(history, direction);
      var finished =
          standings.at(
              rung, 0, history, other -> Curve.finiteFrom(rung, other.reports(), direction));
      var others = Standings.underWay(rung, trial, history, direction, _ -> true);
      return finished.size() + others.length > 0
          && loss > Percentiles.of(finished, others, 100.0 / factor);
    });
  }
}

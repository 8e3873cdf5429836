package dev.assay.internal.pruner;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;

/// Successive halving (Jamieson and Talwalkar 2016, "Non-stochastic best arm identification and
/// hyperparameter optimization"), without waiting: at each rung a trial goes on if it is among the
/// best ⌊n/η⌋ of the n trials seen there.
///
/// @param min the lowest rung is min·η^rate
/// @param factor η
/// @param rate how many of the lowest rungs are left out
/// @param bootstrap trials that must have been finite on a rung before it stops any that are
public record SuccessiveHalvingPruner(
    @Option(value = "the first rung, in steps", low = 1) int min,
    @Option(
            value = "one in so many goes on; each rung is so many times as high",
            low = 2,
            high = 1000)
        int factor,
    @Option(value = "how many of the lowest rungs are left out", low = 0, high = 30) int rate,
    @Option(
            value = "trials that must have been finite on a rung before it stops any that are",
            low = 0)
        int bootstrap)
    implements RememberingPruner {
  private static final String OWNER = "pruner successive_halving";

  public SuccessiveHalvingPruner {
    Settings.check(OWNER, SuccessiveHalvingPruner.class, min, factor, rate, bootstrap);
  }

  /// With the default settings.
  public SuccessiveHalvingPruner() {
    this(1, 4, 0, 0);
  }

  @Override
  public String name() {
    return "successive_halving";
  }

  @Override
  public Rule open() {
    var standings = new Standings();
    return Divergence.before((trial, reports, history, direction) -> {
      standings.follow(history, direction);
      var rungs =
          new Rungs(
              (long) Math.min(min * Math.pow(factor, rate), Long.MAX_VALUE),
              factor,
              standings.longest() == 0 ? Long.MAX_VALUE : standings.longest());
      long rung = rungs.climbed(reports);
      double loss = Curve.loss(reports.getLast(), direction);
      if (rung < 0 || !Double.isFinite(loss)) {
        return false;
      }
      var finished =
          standings.at(
              rung, 0, history, other -> Curve.finiteFrom(rung, other.reports(), direction));
      var others = Standings.underWay(rung, trial, history, direction, _ -> true);
      return finished.size() + others.length >= bootstrap
          && rungs.isBelowTheCut(loss, finished, others);
    });
  }
}

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

/// Successive halving (Jamieson and Talwalkar 2016, "Non-stochastic best arm identification and
/// hyperparameter optimization"), without waiting: at each rung a trial goes on if it is among the
/// best ⌊n/η⌋ of the n trials seen there.
///
/// @param min the lowest rung is min·η^rate
/// @param factor η
/// @param rate how many of the lowest rungs are left out
/// @param bootstrap trials that must have been finite on a rung before it stops any that are
public record SuccessiveHalvingPruner(int min, int factor, int rate, int bootstrap)
    implements Pruner {
  private static final String OWNER = "pruner successive_halving";

  public SuccessiveHalvingPruner {
    Options.requireInRange(OWNER, "min", min, 1, Integer.MAX_VALUE);
    Options.requireInRange(OWNER, "factor", factor, 2, 1000);
    Options.requireInRange(OWNER, "rate", rate, 0, 30);
    Options.requireInRange(OWNER, "bootstrap", bootstrap, 0, Integer.MAX_VALUE);
  }

  static SuccessiveHalvingPruner of(Options options) {
    return new SuccessiveHalvingPruner(
        options.integer("min", 1),
        options.integer("factor", 4),
        options.integer("rate", 0),
        options.integer("bootstrap", 0));
  }

  @Override
  public String name() {
    return "successive_halving";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("min", min);
    settings.put("factor", factor);
    settings.put("rate", rate);
    settings.put("bootstrap", bootstrap);
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
      if (divergence.stops(trial, reports, history, direction)) {
        return true;
      }
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
    };
  }
}

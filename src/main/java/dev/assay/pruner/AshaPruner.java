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

/// Asynchronous successive halving (Li et al. 2020, "A system for massively parallel hyperparameter
/// tuning"), the variant that stops instead of pausing: at each rung a trial goes on if its loss is
/// within the best 1/η quantile of those seen there before.
///
/// @param min the lowest rung
/// @param max where trials end; there is no rung from here on
/// @param factor η
public record AshaPruner(int min, int max, int factor) implements Pruner {
  public AshaPruner {
    Options.requireInRange("pruner asha", "min", min, 1, Integer.MAX_VALUE);
    Options.requireInRange("pruner asha", "max", max, min, Integer.MAX_VALUE);
    Options.requireInRange("pruner asha", "factor", factor, 2, 1000);
  }

  static AshaPruner of(Options options) {
    return new AshaPruner(
        options.integer("min", 1), options.integer("max", 100), options.integer("factor", 4));
  }

  @Override
  public String name() {
    return "asha";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("min", min);
    settings.put("max", max);
    settings.put("factor", factor);
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
    };
  }
}

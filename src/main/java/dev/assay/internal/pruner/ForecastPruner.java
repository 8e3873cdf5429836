package dev.assay.internal.pruner;

import dev.assay.internal.sampler.curves.CurveForecast;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Configuration;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Report;
import dev.assay.trial.TrialState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stops a trial whose end is unlikely to be better than the best one (Domhan, Springenberg and
/// Hutter 2015, "Speeding up automatic hyperparameter optimization of deep neural networks by
/// extrapolation of learning curves"), by one Gaussian process over the configurations and curves
/// of all trials, as in `sampler: freeze_thaw`.
///
/// It is asked at ten growing shares of a training's steps.
///
/// @param steps of a whole training; 0: the longest complete one of the first ones
/// @param chance the least probability with which a trial goes on
/// @param startup finished trials before any is stopped
public record ForecastPruner(
    @Option(value = "of a whole trial; 0: the longest complete one of the first", low = 0)
        int steps,
    @Option(
            value =
                "the least probability of ending better than the best with which a trial goes on",
            low = 0,
            high = 1)
        double chance,
    @Option(value = "finished trials before any is stopped", low = 1) int startup)
    implements RememberingPruner {
  public static final double CHANCE = 0.05;
  public static final int STARTUP = 8;

  public ForecastPruner {
    Settings.check("pruner forecast", ForecastPruner.class, steps, chance, startup);
  }

  /// With the default settings.
  public ForecastPruner() {
    this(0, CHANCE, STARTUP);
  }

  @Override
  public String name() {
    return "forecast";
  }

  @Override
  public Rule open() {
    return new Forecasting();
  }

  private final class Forecasting implements Rule {
    private final Divergence divergence = new Divergence();
    private @Nullable CurveForecast forecast;
    private int seen;

    @Override
    public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
      if (divergence.stops(trial, reports, history, direction)) {
        return true;
      }
      if (history.size() < startup || !Double.isFinite(Curve.loss(reports.getLast(), direction))) {
        return false;
      }
      if (history.size() < seen) {
        forecast = null; // another history
      }
      seen = history.size();
      if (forecast == null) {
        long whole = steps > 0 ? steps : longest(history);
        forecast =
            whole == 0
                ? null
                : CurveForecast.of(history.get(0).configuration().space(), direction, whole);
      }
      var current = forecast;
      return current != null
          && current.isDue(reports)
          && current.chance(history, configuration(trial, history), reports) < chance;
    }

    /// The longest complete trial of the first `startup`, or the first complete one after them.
    private long longest(History history) {
      long longest = 0;
      for (int i = 0; i < history.size() && (i < startup || longest == 0); i++) {
        var trial = history.get(i);
        longest =
            trial.state() == TrialState.COMPLETE
                ? Math.max(longest, Curve.lastStep(trial.reports()))
                : longest;
      }
      return Math.max(0, longest);
    }

    private static @Nullable Configuration configuration(int trial, History history) {
      for (var pending : history.pending()) {
        if (pending.number() == trial) {
          return pending.configuration();
        }
      }
      return null;
    }
  }
}

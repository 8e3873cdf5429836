package dev.assay.internal.sampler.curves;

import dev.assay.internal.statistics.NormalTail;
import dev.assay.random.Streams;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Report;
import dev.assay.trial.TrialState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How likely a training that runs is to end better than all that ended, as far as the curves of
/// finished trials and its own tell. A memo of the history.
public final class CurveForecast {
  private final CurveEncoding encoding;
  private final Curves curves;
  private final Direction direction;
  private final long whole;
  private @Nullable CurveModel model;
  private int triedAt;

  /// The best end of a complete trial, larger being better, and the records that it is of.
  private double best = Double.NEGATIVE_INFINITY;

  private int looked;

  /// @param whole steps of a whole training
  public static CurveForecast of(SearchSpace space, Direction direction, long whole) {
    return new CurveForecast(space, direction, whole);
  }

  private CurveForecast(SearchSpace space, Direction direction, long whole) {
    this.direction = direction;
    this.whole = Math.max(1, whole);
    encoding = new CurveEncoding(space);
    curves =
        new Curves(
            encoding, direction, _ -> this.whole, new StepCosts(StepCosts.NONE, List.of()), 0);
  }

  /// Whether a report is the first at one of the shares of the whole at which a training is looked
  /// at.
  public boolean isDue(List<Report> reports) {
    long before = reports.size() < 2 ? 0 : reports.get(reports.size() - 2).step();
    long step = reports.getLast().step();
    return step < whole && Curve.next(before, whole) <= step;
  }

  /// P(its end is better than the best end so far).
  ///
  /// @param configuration null: not known
  /// @param reports its own, the newest last
  /// @return NaN where nothing can be said
  public double chance(
      History history, @Nullable Configuration configuration, List<Report> reports) {
    curves.learn(history);
    for (; looked < history.size(); looked++) {
      var trial = history.get(looked);
      if (trial.state() == TrialState.COMPLETE) {
        best = Math.max(best, -direction.asLoss(trial.value()));
      }
    }
    var current = model();
    if (current == null || best == Double.NEGATIVE_INFINITY) {
      return Double.NaN;
    }
    var point =
        configuration == null ? new double[encoding.dimension()] : encoding.point(configuration);
    return chance(current, point, reports);
  }

  private double chance(CurveModel current, double[] point, List<Report> reports) {
    var posterior = current.posterior();
    int own = CurvePosterior.NEW - 1;
    var cells = new Cells();
    Curves.thin(
        reports,
        direction,
        whole,
        Long.MAX_VALUE,
        (step, value) -> cells.add(own, Math.clamp((double) step / whole, 1e-6, 1), value));
    int column = posterior.addColumn(point, own);
    for (int i = 0; i < cells.size(); i++) {
      posterior.suppose(own, point, cells.share(i), current.warped(cells.value(i)));
    }
    double chance =
        NormalTail.cumulative(
            (posterior.mean(column) - current.warped(best)) / posterior.deviation(column));
    posterior.forget();
    posterior.removeColumn();
    return chance;
  }

  private @Nullable CurveModel model() {
    int due = CurveModel.schedule(curves.records());
    if (due != triedAt) {
      triedAt = due;
      model = CurveModel.of(encoding, curves, due, 0, List.of(), new Streams(0));
    }
    if (model != null) {
      model.learn();
    }
    return model;
  }
}

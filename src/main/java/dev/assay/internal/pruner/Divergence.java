package dev.assay.internal.pruner;

import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.List;

/// Whether a trial whose newest report is not finite should stop: no order statistic can say, since
/// such a loss has no place among the others.
///
/// It stops once another trial is finite at that step. Where none is, all may still be well, as
/// with a metric that is first known after some epochs; so it stops as well once another one that
/// was not finite there ended so, and none became finite later.
final class Divergence {
  private static final int FINITE = 1;
  private static final int LATER = 2;

  private final Standings standings = new Standings();

  /// A rule that is asked of trials only that this does not stop.
  static Pruner.Rule before(Pruner.Rule rule) {
    var divergence = new Divergence();
    return (trial, reports, history, direction) ->
        divergence.stops(trial, reports, history, direction)
            || rule.prune(trial, reports, history, direction);
  }

  /// @param trial its number
  /// @param reports its own, the newest last
  boolean stops(int trial, List<Report> reports, History history, Direction direction) {
    if (Curve.loss(reports.getLast(), direction) != Double.POSITIVE_INFINITY) {
      return false;
    }
    standings.follow(history, direction);
    long step = reports.getLast().step();
    if (standings.at(step, FINITE, history, other -> there(step, other, direction)).size() > 0
        || isFiniteUnderWay(step, trial, history, direction)) {
      return true;
    }
    var later = standings.at(step, LATER, history, other -> later(step, other, direction));
    return later.size() > 0 && later.largest() == 0;
  }

  /// The loss at a step; NaN where the trial was not finite there, or did not come as far.
  private static double there(long step, TrialRecord other, Direction direction) {
    return Curve.lastStep(other.reports()) >= step || other.state() == TrialState.COMPLETE
        ? Curve.finiteAt(step, other.reports(), direction)
        : Double.NaN;
  }

  private static boolean isFiniteUnderWay(
      long step, int trial, History history, Direction direction) {
    return history.pending().stream()
        .filter(other -> other.number() != trial && Curve.lastStep(other.reports()) >= step)
        .anyMatch(other -> !Double.isNaN(Curve.finiteAt(step, other.reports(), direction)));
  }

  /// What became of a trial that was not finite at a step: 1 where it was finite later, 0 where it
  /// ended without; NaN where nobody can tell.
  private static double later(long step, TrialRecord other, Direction direction) {
    if (Curve.lastStep(other.reports()) < step) {
      return Double.NaN;
    }
    boolean finite =
        other.reports().stream()
            .anyMatch(
                report -> report.step() > step && Double.isFinite(Curve.loss(report, direction)));
    if (finite || other.state() == TrialState.COMPLETE && Double.isFinite(other.value())) {
      return 1;
    }
    boolean ended =
        other.state() == TrialState.COMPLETE
            || other.cause() == Cause.NOT_FINITE
            || other.cause() == Cause.DIVERGED;
    return ended ? 0 : Double.NaN;
  }
}

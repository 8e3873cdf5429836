package dev.assay.internal.pruner;

import dev.assay.internal.pareto.ParetoOrder;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asynchronous successive halving of several objectives (Schmucker et al. 2021, "Multi-objective
/// asynchronous successive halving", arXiv 2106.12639): at each rung a trial goes on if it is among
/// the best 1/η of those seen there, by fronts, and within the front that only partly fits by
/// hypervolume. The best is always kept. A trial stands on a rung with the first report at or
/// beyond it that tells of all objectives.
///
/// A trial that diverged in every objective stops as under any pruner; one that lacks a finite
/// value of some is not judged there.
final class ParetoRungs implements Pruner.Rule {
  private final int factor;
  private final Rungs rungs;
  private final List<Objective> objectives;
  private final Divergence divergence = new Divergence();
  private final Map<Long, Standing> standings = new HashMap<>();

  /// The last one of the history, and how long that was.
  private @Nullable TrialRecord last;

  private int size;

  /// Losses at a rung, of the first `seen` finished trials.
  private static final class Standing {
    final List<double[]> losses = new ArrayList<>();
    int seen;
  }

  /// @param first the lowest rung
  /// @param end where trials end
  ParetoRungs(int first, int factor, int end, List<Objective> objectives) {
    this.factor = factor;
    this.objectives = List.copyOf(objectives);
    rungs = new Rungs(first, factor, end);
  }

  @Override
  public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
    if (hasNothing(reports.getLast()) && divergence.stops(trial, reports, history, direction)) {
      return true;
    }
    long rung = rungs.climbed(reports);
    var own = rung < 0 ? null : losses(reports.getLast());
    if (own == null) {
      return false;
    }
    forgetAnother(history);
    var all = new ArrayList<>(finished(rung, history));
    for (var other : history.pending()) {
      var losses = other.number() == trial ? null : from(rung, other.reports());
      if (losses != null) {
        all.add(losses);
      }
    }
    if (all.isEmpty()) {
      return false;
    }
    all.add(own);
    int kept = Math.max(1, all.size() / factor);
    return !new ParetoOrder(all.toArray(new double[0][])).best(kept).contains(all.size() - 1);
  }

  private static boolean hasNothing(Report report) {
    return report.values().stream().noneMatch(Double::isFinite);
  }

  /// A history that does not go on from the last one.
  private void forgetAnother(History history) {
    if (size > history.size() || size > 0 && history.get(size - 1) != last) {
      standings.clear();
    }
    size = history.size();
    last = size == 0 ? null : history.get(size - 1);
  }

  private List<double[]> finished(long rung, History history) {
    var standing = standings.computeIfAbsent(rung, _ -> new Standing());
    for (; standing.seen < history.size(); standing.seen++) {
      var losses = from(rung, history.get(standing.seen).reports());
      if (losses != null) {
        standing.losses.add(losses);
      }
    }
    return standing.losses;
  }

  /// Of the first report at or after a step that tells of all objectives.
  private double @Nullable [] from(long step, List<Report> reports) {
    for (var report : reports) {
      var losses = report.step() < step ? null : losses(report);
      if (losses != null) {
        return losses;
      }
    }
    return null;
  }

  private double @Nullable [] losses(Report report) {
    var losses = new double[objectives.size()];
    for (int k = 0; k < losses.length; k++) {
      double value = k < report.values().size() ? report.values().get(k) : Double.NaN;
      if (!Double.isFinite(value)) {
        return null;
      }
      losses[k] = objectives.get(k).direction().asLoss(value);
    }
    return losses;
  }
}

package dev.assay.pruner;

import dev.assay.study.Direction;
import dev.assay.study.History;
import dev.assay.study.Report;
import dev.assay.study.TrialState;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// The rungs first, first·η, first·η², ... at which halving methods compare trials.
///
/// A trial stands on a rung with the loss of its first report at or beyond it, whether it goes on,
/// was stopped there, or failed later.
///
/// @param first the lowest rung
/// @param factor η
/// @param end no rung lies at or beyond this step: trials there are as good as done
record Rungs(long first, int factor, long end) {
  /// The highest rung that the newest report climbed; -1 where it climbed none.
  long climbed(List<Report> reports) {
    long step = reports.getLast().step();
    long before = reports.size() < 2 ? Long.MIN_VALUE : reports.get(reports.size() - 2).step();
    long highest = -1;
    for (long rung = first; rung <= step && rung < end; rung *= factor) {
      if (rung > before) {
        highest = rung;
      }
      if (rung > Long.MAX_VALUE / factor) {
        break;
      }
    }
    return highest;
  }

  /// The losses of the other trials on a rung.
  ///
  /// @param competes which trial numbers count
  static double[] losses(
      long rung, int trial, History history, Direction direction, IntPredicate competes) {
    var losses = new double[history.size() + history.pending().size()];
    int count = 0;
    for (var other : history.finished()) {
      if (competes.test(other.number())) {
        double loss = Curve.from(rung, other.reports(), direction);
        if (!Double.isNaN(loss)) {
          losses[count++] = loss;
        }
      }
    }
    for (var other : history.pending()) {
      if (other.number() != trial && competes.test(other.number())) {
        double loss = Curve.from(rung, other.reports(), direction);
        if (!Double.isNaN(loss)) {
          losses[count++] = loss;
        }
      }
    }
    return Arrays.copyOf(losses, count);
  }

  /// Whether a loss is not among the best ⌊n/η⌋ of the n on its rung, itself included. The best is
  /// always kept.
  boolean isBelowTheCut(double loss, double[] others) {
    int kept = Math.max(1, (others.length + 1) / factor);
    return Arrays.stream(others).filter(other -> other < loss).count() >= kept;
  }

  /// The furthest step that a completed trial reached; 0 where none is completed.
  static long longestTrial(History history) {
    long longest = 0;
    for (var trial : history.finished()) {
      if (trial.state() == TrialState.COMPLETE) {
        longest = Math.max(longest, Curve.lastStep(trial.reports()));
      }
    }
    return longest;
  }
}

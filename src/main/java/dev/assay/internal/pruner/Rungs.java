package dev.assay.internal.pruner;

import dev.assay.trial.Report;
import java.util.List;

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

  /// Whether a loss is not among the best ⌊n/η⌋ of the n on its rung, itself included. The best is
  /// always kept.
  ///
  /// @param finished losses of the others that are finished
  /// @param more losses of the others, sorted
  boolean isBelowTheCut(double loss, OrderedLosses finished, double[] more) {
    int others = finished.size() + more.length;
    int kept = Math.max(1, (others + 1) / factor);
    return kept <= others && finished.get(kept - 1, more) < loss;
  }
}

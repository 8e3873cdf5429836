package dev.assay.internal.sampler.gp;

import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.TrialState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/// What trials of one configuration, more than one, say of noise. It follows from the history
/// alone.
///
/// @param agreeing completed trials whose values are those of an earlier one of their configuration
/// @param differing completed trials whose values are not
/// @param attempts trials, whatever came of them or is still to come, of a configuration that had
///   been tried
/// @param pending how many of those are under way
public record Repetitions(int agreeing, int differing, int attempts, int pending) {
  /// Values that differ by less than this share of their range agree.
  private static final double SAME = 1e-9;

  /// More repetitions than this that ended without values are not worth another one.
  private static final int PATIENCE = 3;

  /// What repetitions decide.
  public enum Verdict {
    UNKNOWN,
    EXACT,
    NOISY
  }

  static Repetitions of(History history) {
    var seen = new HashMap<Configuration, List<Double>>();
    var tried = new HashSet<Configuration>();
    double tolerance = SAME * range(history);
    int agreeing = 0;
    int differing = 0;
    int attempts = 0;
    for (var trial : history.finished()) {
      attempts += tried.add(trial.configuration()) ? 0 : 1;
      if (trial.state() != TrialState.COMPLETE) {
        continue;
      }
      var earlier = seen.putIfAbsent(trial.configuration(), trial.values());
      if (earlier != null) {
        boolean same = true;
        for (int k = 0; k < earlier.size(); k++) {
          double difference = trial.values().get(k) / 2 - earlier.get(k) / 2;
          same &= Math.abs(difference) <= (k == 0 ? tolerance : 0);
        }
        agreeing += same ? 1 : 0;
        differing += same ? 0 : 1;
      }
    }
    int pending = 0;
    for (var trial : history.pending()) {
      if (!tried.add(trial.configuration())) {
        attempts++;
        pending++;
      }
    }
    return new Repetitions(agreeing, differing, attempts, pending);
  }

  /// Half the range of the first objective's values.
  private static double range(History history) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (var trial : history.finished()) {
      if (trial.state() == TrialState.COMPLETE) {
        low = Math.min(low, trial.values().getFirst());
        high = Math.max(high, trial.values().getFirst());
      }
    }
    return high > low ? high / 2 - low / 2 : 0;
  }

  /// @param stepped whether values are of a coarse grid: then one agreeing repetition is no proof
  Verdict verdict(boolean stepped) {
    if (differing > 0) {
      return Verdict.NOISY;
    }
    return agreeing >= (stepped ? 2 : 1) ? Verdict.EXACT : Verdict.UNKNOWN;
  }

  /// Whether one more repetition may be proposed.
  boolean mayRepeat() {
    return pending == 0 && attempts < PATIENCE;
  }
}

package dev.assay.importance;

import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The completed trials as numbers.
///
/// @param x d columns of n positions in [0, 1], NaN where the parameter does not exist
/// @param y n losses, scaled so that none exceeds 1 in size
@SuppressWarnings("ArrayRecordComponent")
public record Observed(SearchSpace space, double[][] x, double[] y) {
  /// @param index of the objective
  public static Observed of(
      SearchSpace space, List<TrialRecord> trials, List<Objective> objectives, int index) {
    var complete =
        trials.stream()
            .filter(t -> t.state() == TrialState.COMPLETE && index < t.values().size())
            .toList();
    int n = complete.size();
    var x = new double[space.dimension()][n];
    var y = new double[n];
    var direction = objectives.get(index).direction();
    for (int i = 0; i < n; i++) {
      y[i] = direction.asLoss(complete.get(i).values().get(index));
      for (int j = 0; j < x.length; j++) {
        double code = complete.get(i).configuration().code(j);
        x[j][i] =
            Double.isNaN(code)
                ? Double.NaN
                : Math.clamp(space.parameters().get(j).distribution().toUnit(code), 0.0, 1.0);
      }
    }
    compareEquallyTrained(complete, y);
    scale(y);
    return new Observed(space, x, y);
  }

  /// Of trials that are parts of a training, one that ends later is better whatever its parameters:
  /// each is judged by how many standard deviations it is from the mean of those that end at the
  /// same step.
  private static void compareEquallyTrained(List<TrialRecord> trials, double[] y) {
    var byEnd = new TreeMap<Long, List<Integer>>();
    for (int i = 0; i < y.length; i++) {
      var segment = Segment.of(trials.get(i));
      if (segment == null) {
        return;
      }
      byEnd.computeIfAbsent(segment.to(), _ -> new ArrayList<>()).add(i);
    }
    for (var group : byEnd.values()) {
      double mean = group.stream().mapToDouble(i -> y[i]).average().orElse(0);
      double variance =
          group.stream().mapToDouble(i -> (y[i] - mean) * (y[i] - mean)).average().orElse(0);
      double deviation = Math.sqrt(variance);
      for (int i : group) {
        y[i] = deviation > 0 ? (y[i] - mean) / deviation : 0;
      }
    }
  }

  /// So that squares of values near the largest double do not overflow.
  private static void scale(double[] y) {
    double largest = 0;
    for (double value : y) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest > 0) {
      for (int i = 0; i < y.length; i++) {
        y[i] /= largest;
      }
    }
  }

  int trials() {
    return y.length;
  }

  int dimension() {
    return x.length;
  }

  boolean isConstant() {
    for (double value : y) {
      if (value != y[0]) {
        return false;
      }
    }
    return true;
  }
}

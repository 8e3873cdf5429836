package dev.assay.importance;

import java.util.Arrays;

/// A regression tree, as the boxes of its leaves: they partition the unit cube.
///
/// A node splits where the squared error falls most, halfway between two neighbouring values. It
/// may split on a parameter only if that parameter exists in all of its trials, so that below a
/// split on a conditional parameter its condition holds.
@SuppressWarnings("ArrayRecordComponent")
record RegressionTree(int dimension, int leaves, double[] low, double[] high, double[] values) {
  /// Grows a tree.
  ///
  /// @param order for each parameter the trials in which it exists, by ascending position
  /// @param weights how often each trial counts; 0: not at all
  static RegressionTree grow(Observed observed, int[][] order, int[] weights, int depth) {
    return new Growth(observed, order, weights, depth).grow();
  }

  double low(int leaf, int j) {
    return low[leaf * dimension + j];
  }

  double high(int leaf, int j) {
    return high[leaf * dimension + j];
  }

  /// The work of growing: for each parameter the trials of the node in order stand in one stretch
  /// of an array, which a split divides in place.
  private static final class Growth {
    private final double[][] x;
    private final double[] y;
    private final int[] weights;
    private final int depth;
    private final int[][] sorted;
    private final int[] scratch;
    private final boolean[] left;
    private final int[] members;
    private final double[] boxLow;
    private final double[] boxHigh;
    private double[] low;
    private double[] high;
    private double[] values;
    private int leaves;

    /// The best split of the node at hand.
    private int splitParameter;

    private double splitAt;

    Growth(Observed observed, int[][] order, int[] weights, int depth) {
      x = observed.x();
      y = observed.y();
      this.weights = weights;
      this.depth = depth;
      int d = x.length;
      members = java.util.stream.IntStream.range(0, y.length).filter(i -> weights[i] > 0).toArray();
      sorted = new int[d][];
      for (int j = 0; j < d; j++) {
        sorted[j] = Arrays.stream(order[j]).filter(i -> weights[i] > 0).toArray();
      }
      scratch = new int[y.length];
      left = new boolean[y.length];
      boxLow = new double[d];
      boxHigh = new double[d];
      Arrays.fill(boxHigh, 1);
      low = new double[d * members.length];
      high = new double[d * members.length];
      values = new double[members.length];
    }

    RegressionTree grow() {
      var starts = new int[x.length];
      var ends = new int[x.length];
      for (int j = 0; j < x.length; j++) {
        ends[j] = sorted[j].length;
      }
      grow(0, members.length, starts, ends, 0);
      return new RegressionTree(x.length, leaves, low, high, values);
    }

    /// @param start of the node's stretch of `members`
    /// @param starts of its stretches of `sorted`
    private void grow(int start, int end, int[] starts, int[] ends, int level) {
      if (level >= depth || end - start < 2 || !split(start, end, starts, ends)) {
        leaf(start, end);
        return;
      }
      int j = splitParameter;
      double at = splitAt;
      for (int k = start; k < end; k++) {
        left[members[k]] = x[j][members[k]] < at;
      }
      int middle = divide(members, start, end);
      var middles = new int[x.length];
      for (int p = 0; p < x.length; p++) {
        middles[p] = divide(sorted[p], starts[p], ends[p]);
      }
      double oldHigh = boxHigh[j];
      boxHigh[j] = at;
      grow(start, middle, starts, middles, level + 1);
      boxHigh[j] = oldHigh;
      double oldLow = boxLow[j];
      boxLow[j] = at;
      grow(middle, end, middles, ends, level + 1);
      boxLow[j] = oldLow;
    }

    private void leaf(int start, int end) {
      double sum = 0;
      double weight = 0;
      for (int k = start; k < end; k++) {
        sum += weights[members[k]] * y[members[k]];
        weight += weights[members[k]];
      }
      System.arraycopy(boxLow, 0, low, leaves * boxLow.length, boxLow.length);
      System.arraycopy(boxHigh, 0, high, leaves * boxHigh.length, boxHigh.length);
      values[leaves++] = sum / weight;
    }

    /// Finds the split with the largest fall of the squared error: largest S_L²/w_L + S_R²/w_R.
    private boolean split(int start, int end, int[] starts, int[] ends) {
      double sum = 0;
      double weight = 0;
      boolean constant = true;
      double first = y[members[start]];
      for (int k = start; k < end; k++) {
        int i = members[k];
        sum += weights[i] * y[i];
        weight += weights[i];
        constant &= y[i] == first;
      }
      if (constant) {
        return false;
      }
      splitParameter = -1;
      double mean = sum / weight;
      double best = 0; // of deviations from the mean, which keep the difference exact
      for (int j = 0; j < x.length; j++) {
        if (ends[j] - starts[j] == end - start) {
          best = scan(j, starts[j], ends[j], mean, weight, best);
        }
      }
      return splitParameter >= 0;
    }

    private double scan(int j, int start, int end, double mean, double weight, double least) {
      var column = x[j];
      var order = sorted[j];
      double best = least;
      double sum = 0;
      double seen = 0;
      for (int k = start; k < end - 1; k++) {
        int i = order[k];
        sum += weights[i] * (y[i] - mean);
        seen += weights[i];
        double here = column[i];
        double next = column[order[k + 1]];
        if (here < next) {
          double gain = sum * sum * (1 / seen + 1 / (weight - seen));
          double at = 0.5 * (here + next);
          if (gain > best && at > here) {
            best = gain;
            splitParameter = j;
            splitAt = at;
          }
        }
      }
      return best;
    }

    /// Moves what goes left to the front, both in their old order.
    private int divide(int[] array, int start, int end) {
      int kept = start;
      int moved = 0;
      for (int k = start; k < end; k++) {
        if (left[array[k]]) {
          array[kept++] = array[k];
        } else {
          scratch[moved++] = array[k];
        }
      }
      System.arraycopy(scratch, 0, array, kept, moved);
      return kept;
    }
  }
}

package dev.assay.importance;

import java.util.Arrays;

/// A regression tree, as the boxes of its leaves: they partition the unit cube.
///
/// A node splits between two [Cells] of an axis, where the squared error falls most; where cells
/// without trials lie between, in their middle. It may split on a parameter only if that parameter
/// exists in all of its trials, so that below a split on a conditional parameter its condition
/// holds.
///
/// @param low for each leaf and axis the first cell
/// @param high for each leaf and axis the cell behind the last one
@SuppressWarnings("ArrayRecordComponent")
record RegressionTree(int dimension, int leaves, int[] low, int[] high, double[] values) {
  /// Grows a tree.
  ///
  /// @param y one value for each trial
  /// @param weights how often each trial counts; 0: not at all
  /// @param least how many trials a leaf holds, counted as often as they count
  static RegressionTree grow(Cells cells, double[] y, int[] weights, int depth, int least) {
    return new Growth(cells, y, weights, depth, least).grow();
  }

  int low(int leaf, int j) {
    return low[leaf * dimension + j];
  }

  int high(int leaf, int j) {
    return high[leaf * dimension + j];
  }

  /// The work of growing: the trials of a node stand in one stretch of an array, which a split
  /// divides in place.
  private static final class Growth {
    private final Cells cells;
    private final double[] y;
    private final int[] weights;
    private final int depth;
    private final int least;
    private final int[] members;
    private final double[] sums;
    private final int[] counts;
    private final int[] boxLow;
    private final int[] boxHigh;
    private final int[] low;
    private final int[] high;
    private final double[] values;
    private int leaves;

    /// Of the node at hand.
    private double mean;

    private int weight;

    /// The best split of the node at hand: cells from `splitAt` on go right.
    private int splitParameter;

    private int splitAt;

    Growth(Cells cells, double[] y, int[] weights, int depth, int least) {
      this.cells = cells;
      this.y = y;
      this.weights = weights;
      this.depth = depth;
      this.least = least;
      int total = 0;
      int distinct = 0;
      for (int count : weights) {
        total += count;
        distinct += count > 0 ? 1 : 0;
      }
      members = new int[distinct];
      for (int i = 0, at = 0; i < weights.length; i++) {
        if (weights[i] > 0) {
          members[at++] = i;
        }
      }
      int d = cells.dimension();
      int widest = Arrays.stream(cells.counts()).max().orElse(1);
      sums = new double[widest];
      counts = new int[widest];
      boxLow = new int[d];
      boxHigh = cells.counts().clone();
      int most = Math.max(1, Math.min(distinct, total / least));
      low = new int[d * most];
      high = new int[d * most];
      values = new double[most];
    }

    RegressionTree grow() {
      grow(0, members.length, 0);
      return new RegressionTree(boxLow.length, leaves, low, high, values);
    }

    /// @param start of the node's stretch of `members`
    private void grow(int start, int end, int level) {
      measure(start, end);
      if (level >= depth || weight < 2 * least || !split(start, end)) {
        leaf();
        return;
      }
      int j = splitParameter;
      int at = splitAt;
      int middle = divide(cells.of()[j], at, start, end);
      int oldHigh = boxHigh[j];
      boxHigh[j] = at;
      grow(start, middle, level + 1);
      boxHigh[j] = oldHigh;
      int oldLow = boxLow[j];
      boxLow[j] = at;
      grow(middle, end, level + 1);
      boxLow[j] = oldLow;
    }

    private void measure(int start, int end) {
      double sum = 0;
      weight = 0;
      for (int k = start; k < end; k++) {
        sum += weights[members[k]] * y[members[k]];
        weight += weights[members[k]];
      }
      mean = sum / weight;
    }

    private void leaf() {
      System.arraycopy(boxLow, 0, low, leaves * boxLow.length, boxLow.length);
      System.arraycopy(boxHigh, 0, high, leaves * boxHigh.length, boxHigh.length);
      values[leaves++] = mean;
    }

    /// Finds the split with the largest fall of the squared error: largest S_L²/w_L + S_R²/w_R of
    /// deviations from the mean.
    private boolean split(int start, int end) {
      splitParameter = -1;
      double best = 1e-30 * weight; // y is at most 1 in size: less is rounding
      for (int j = 0; j < boxLow.length; j++) {
        if (boxHigh[j] - boxLow[j] > 1 && count(cells.of()[j], boxLow[j], boxHigh[j], start, end)) {
          best = scan(j, best);
        }
      }
      return splitParameter >= 0;
    }

    /// Sums by cell.
    ///
    /// @return whether the parameter exists in all trials
    private boolean count(int[] cell, int from, int to, int start, int end) {
      Arrays.fill(sums, from, to, 0);
      Arrays.fill(counts, from, to, 0);
      for (int k = start; k < end; k++) {
        int i = members[k];
        int c = cell[i];
        if (c < 0) {
          return false;
        }
        sums[c] += weights[i] * (y[i] - mean);
        counts[c] += weights[i];
      }
      return true;
    }

    private double scan(int j, double bar) {
      double best = bar;
      double sum = 0;
      int seen = 0;
      int last = boxLow[j];
      for (int c = boxLow[j]; c < boxHigh[j]; c++) {
        if (counts[c] == 0) {
          continue;
        }
        if (seen >= least && weight - seen >= least) {
          double gain = sum * sum * (1.0 / seen + 1.0 / (weight - seen));
          if (gain > best) {
            best = gain;
            splitParameter = j;
            splitAt = (last + c + 2) / 2;
          }
        }
        sum += sums[c];
        seen += counts[c];
        last = c;
      }
      return best;
    }

    private int divide(int[] cell, int at, int start, int end) {
      int left = start;
      int right = end - 1;
      while (left <= right) {
        int i = members[left];
        if (cell[i] < at) {
          left++;
        } else {
          members[left] = members[right];
          members[right--] = i;
        }
      }
      return left;
    }
  }
}

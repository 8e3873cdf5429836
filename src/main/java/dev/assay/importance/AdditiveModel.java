package dev.assay.importance;

import java.util.Arrays;

/// A sum of functions of one parameter each, fitted to the trials by backfitting (Hastie and
/// Tibshirani 1986): each function in turn is fitted to what the others leave.
///
/// A function is a step function on the [Cells] of its axis. It is split like a regression tree as
/// long as a split explains more than the best of that many would by chance: 2 ln(cells) times the
/// variance of what is left. Its mean over the axis is 0; what a parameter's existence changes is
/// left to the parameters of its condition.
final class AdditiveModel {
  private static final int MOST_CYCLES = 20;

  /// A cycle that leaves more of the squares than this share of what was left is the last one.
  private static final double LITTLE = 0.999;

  private final Cells cells;
  private final double[][] effects;
  private final double[] residuals;
  private final double patience;

  private AdditiveModel(Cells cells, double[] y) {
    this.cells = cells;
    effects = new double[cells.dimension()][];
    Arrays.setAll(effects, j -> new double[cells.counts()[j]]);
    patience = 2 * Math.log(Arrays.stream(cells.counts()).sum());
    residuals = y.clone();
  }

  static AdditiveModel fit(Cells cells, double[] y) {
    var model = new AdditiveModel(cells, y);
    double start = model.variance();
    double left = start;
    for (int cycle = 0; cycle < MOST_CYCLES && left > 1e-12 * start; cycle++) {
      for (int j = 0; j < cells.dimension(); j++) {
        model.refit(j);
      }
      double before = left;
      left = model.variance();
      if (left > LITTLE * before) {
        break;
      }
    }
    return model;
  }

  /// The function of a parameter, one value for each cell.
  double[] effect(int j) {
    return effects[j];
  }

  /// What the functions leave of the losses.
  double[] residuals() {
    return residuals;
  }

  private double variance() {
    double mean = Arrays.stream(residuals).average().orElse(0);
    double squares = 0;
    for (double residual : residuals) {
      squares += (residual - mean) * (residual - mean);
    }
    return squares / residuals.length;
  }

  private void refit(int j) {
    double least = patience * variance();
    var effect = effects[j];
    var cell = cells.of()[j];
    var sums = new double[effect.length];
    var counts = new double[effect.length];
    for (int i = 0; i < residuals.length; i++) {
      int c = cell[i];
      if (c >= 0) {
        sums[c] += residuals[i] + effect[c];
        counts[c]++;
      }
    }
    var fitted = new StepFunction(sums, counts, least).values();
    double mean = Arrays.stream(fitted).average().orElse(0);
    for (int i = 0; i < residuals.length; i++) {
      int c = cell[i];
      if (c >= 0) {
        residuals[i] += effect[c] - (fitted[c] - mean);
      }
    }
    Arrays.setAll(effect, c -> fitted[c] - mean);
  }

  /// A regression tree on one axis: few steps where few are needed.
  private static final class StepFunction {
    private final double[] sums;
    private final double[] counts;
    private final double least;
    private final double[] values;

    StepFunction(double[] sums, double[] counts, double least) {
      this.sums = sums;
      this.counts = counts;
      this.least = least;
      values = new double[sums.length];
      grow(0, sums.length);
    }

    double[] values() {
      return values;
    }

    private void grow(int from, int to) {
      double sum = 0;
      double count = 0;
      for (int c = from; c < to; c++) {
        sum += sums[c];
        count += counts[c];
      }
      int at = split(from, to, count == 0 ? 0 : sum / count, count);
      if (at < 0) {
        Arrays.fill(values, from, to, count == 0 ? 0 : sum / count);
      } else {
        grow(from, at);
        grow(at, to);
      }
    }

    /// The best split that is worth it, in the middle of empty cells; negative where none is.
    private int split(int from, int to, double mean, double count) {
      double best = least;
      int found = -1;
      double sum = 0;
      double seen = 0;
      int last = from;
      for (int c = from; c < to; c++) {
        if (counts[c] == 0) {
          continue;
        }
        if (seen > 0) {
          double gain = sum * sum * (1 / seen + 1 / (count - seen));
          if (gain > best) {
            best = gain;
            found = (last + c + 2) / 2;
          }
        }
        sum += sums[c] - mean * counts[c];
        seen += counts[c];
        last = c;
      }
      return found;
    }
  }
}

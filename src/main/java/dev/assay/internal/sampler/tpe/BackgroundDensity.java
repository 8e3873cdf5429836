package dev.assay.internal.sampler.tpe;

import dev.assay.internal.linalg.Elementwise;
import dev.assay.internal.sampler.prior.Axis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The density of all trials but the good ones, g in the literature: a mixture of one product of
/// truncated normals and smoothed categories for each trial, and one uniform component.
///
/// There may be many thousands of them, so one bandwidth serves all: σ = b n^(−1/(g + 4)) for g
/// axes (Scott 1992), n rounded down to a power of 5/4 so that what truncation does to each
/// component is calculated once for many proposals. Trials are appended and never change; the last
/// few may be taken off again.
final class BackgroundDensity {
  /// Rows that are summed at a time.
  private static final int BLOCK = 256;

  /// Numbers that stay in the processor's first cache while all candidates pass over them.
  private static final int CACHED = 4096;

  /// Below them a pass over rows costs less than what comes before and after it.
  private static final int FEWEST_ROWS = 64;

  /// Most blocks are far from a candidate, and a few axes show it: as many as are added at once.
  private static final int AXES_BETWEEN_CHECKS = 3;

  private final List<Axis> axes;

  /// Of each axis: whether it has no categories. What makes them whole threes has none, and is 0
  /// everywhere.
  private final boolean[] ordered;

  private final double base;

  /// For each axis the coordinates of the trials.
  private final double[][] columns;

  /// Rows of a part of a block, whose columns stay in the processor's first cache: a divisor of
  /// [#BLOCK].
  private final int rows;

  /// The same in such parts, in units of √2 σ where the axis is ordered, for i < scaled.
  private final List<double[][]> parts = new ArrayList<>();

  private int size;

  /// 1 / Πⱼ Zⱼ of trial i, Z being what truncation leaves of a normal's mass, under the bandwidths
  /// of `level`, for i < scaled.
  private double[] scales = new double[16];

  private int scaled;
  private int level = -1;
  private final double[] bandwidths;

  /// 1 / (√2 σ) for each ordered axis.
  private final double[] inverses;

  /// @param base b, the bandwidth of a single trial
  BackgroundDensity(List<Axis> axes, double base) {
    this.axes = axes;
    this.base = base;
    ordered = new boolean[Math.ceilDiv(axes.size(), AXES_BETWEEN_CHECKS) * AXES_BETWEEN_CHECKS];
    for (int j = 0; j < ordered.length; j++) {
      ordered[j] = j >= axes.size() || !axes.get(j).isCategory();
    }
    int part = BLOCK;
    while (part > FEWEST_ROWS && part * ordered.length > CACHED) {
      part /= 2;
    }
    rows = part;
    columns = new double[axes.size()][16];
    bandwidths = new double[axes.size()];
    inverses = new double[axes.size()];
  }

  int size() {
    return size;
  }

  double coordinate(int i, int j) {
    return columns[j][i];
  }

  void add(double[] x) {
    if (size == scales.length) {
      scales = Arrays.copyOf(scales, 2 * size);
      for (int j = 0; j < columns.length; j++) {
        columns[j] = Arrays.copyOf(columns[j], 2 * size);
      }
    }
    for (int j = 0; j < columns.length; j++) {
      columns[j][size] = x[j];
    }
    size++;
  }

  /// Takes the last trials off again.
  void truncate(int newSize) {
    size = newSize;
    scaled = Math.min(scaled, size);
  }

  /// log g of each candidate.
  ///
  /// @param weights of the trials, not normalised; 0 for those left out
  /// @param prior the weight of the uniform component, in trials
  /// @param smoothing what a category is smoothed by, in trials: an option has this share of one in
  ///   each component, less the more trials there are
  double[] logDensities(double[][] candidates, double[] weights, double prior, double smoothing) {
    double total = prior;
    int n = 0;
    for (int i = 0; i < size; i++) {
      total += weights[i];
      n += weights[i] > 0 ? 1 : 0;
    }
    prepare(n);
    double pseudocount = smoothing / (n + 1);
    var vectors = Elementwise.best();
    var scaledCandidates = scaled(candidates);
    var sums = new double[candidates.length];
    var share = new double[BLOCK];
    var exponents = new double[candidates.length][BLOCK];
    var exponent = new double[rows];
    double scale = logScale(pseudocount);
    double uniform = Math.log(prior) + logUniform();
    // Less than this adds nothing to the sum that a double could hold.
    double least = uniform - scale - 40 - axes.size() * Math.log(2) - Math.log(size + 1.0);
    for (int from = 0; from < size; from += BLOCK) {
      int length = Math.min(BLOCK, size - from);
      for (int i = 0; i < length; i++) {
        share[i] = weights[from + i] * scales[from + i];
      }
      var near = new boolean[candidates.length];
      for (int first = 0; first < length; first += rows) {
        int count = Math.min(rows, length - first);
        var part = parts.get((from + first) / rows);
        for (int c = 0; c < candidates.length; c++) {
          if (exponents(scaledCandidates[c], part, count, pseudocount, least, exponent)) {
            near[c] = true;
          } else {
            Arrays.fill(exponent, 0, count, Double.NEGATIVE_INFINITY);
          }
          System.arraycopy(exponent, 0, exponents[c], first, count);
        }
      }
      for (int c = 0; c < candidates.length; c++) {
        if (near[c]) {
          vectors.exp(exponents[c], length);
          sums[c] += vectors.dot(share, 0, exponents[c], 0, length);
        }
      }
    }
    for (int c = 0; c < sums.length; c++) {
      double trials = scale + Math.log(sums[c]);
      double most = Math.max(trials, uniform);
      sums[c] =
          most + Math.log(Math.exp(trials - most) + Math.exp(uniform - most)) - Math.log(total);
    }
    return sums;
  }

  private double[][] scaled(double[][] candidates) {
    var scaledCandidates = new double[candidates.length][ordered.length];
    for (int c = 0; c < candidates.length; c++) {
      for (int j = 0; j < inverses.length; j++) {
        scaledCandidates[c][j] = candidates[c][j] * inverses[j];
      }
    }
    return scaledCandidates;
  }

  /// The logarithm of each component at x, up to [#scales] and [#logScale].
  ///
  /// @return false when all of them are below `least`, as soon as that is known
  private boolean exponents(
      double[] x,
      double[][] part,
      int length,
      double pseudocount,
      double least,
      double[] exponent) {
    var vectors = Elementwise.best();
    Arrays.fill(exponent, 0, length, 0); // the sign turned, until the end
    double miss = Math.log(pseudocount / (1 + pseudocount));
    int near = 0; // all rows before this one are below: they stay so
    for (int from = 0; from < x.length; from += AXES_BETWEEN_CHECKS) {
      int to = Math.min(from + AXES_BETWEEN_CHECKS, axes.size());
      if (ordered[from] && ordered[from + 1] && ordered[from + 2]) {
        vectors.addThreeSquaredDifferences(part, from, x, exponent, length);
      } else {
        for (int j = from; j < to; j++) {
          if (ordered[j]) {
            vectors.addSquaredDifference(part[j], x[j], exponent, length);
          } else {
            addMisses(part[j], x[j], length, -miss, exponent);
          }
        }
      }
      if (to - from == AXES_BETWEEN_CHECKS) {
        while (near < length && exponent[near] > -least) {
          near++;
        }
        if (near == length) {
          return false;
        }
      }
    }
    for (int i = 0; i < length; i++) {
      exponent[i] = -exponent[i];
    }
    return true;
  }

  private static void addMisses(
      double[] column, double at, int length, double miss, double[] exponent) {
    for (int i = 0; i < length; i++) {
      exponent[i] += column[i] == at ? 0 : miss;
    }
  }

  /// What all components have in common: the normals' heights, and categories that agree.
  private double logScale(double pseudocount) {
    double sum = 0;
    for (int j = 0; j < bandwidths.length; j++) {
      int options = axes.get(j).options();
      sum +=
          axes.get(j).isCategory()
              ? Math.log((1 + pseudocount) / (1 + pseudocount * options))
              : -Math.log(bandwidths[j] * Math.sqrt(2 * Math.PI));
    }
    return sum;
  }

  private double logUniform() {
    double sum = 0;
    for (var axis : axes) {
      sum -= Math.log(Math.max(1, axis.options()));
    }
    return sum;
  }

  /// Brings bandwidths and scales up to date with n weighted trials.
  private void prepare(int n) {
    int now = (int) Math.floor(Math.log(Math.max(1, n)) / Math.log(1.25) + 1e-9);
    if (now != level) {
      level = now;
      scaled = 0;
      double sigma = base * Math.pow(1.25, -now / (axes.size() + 4.0));
      for (int j = 0; j < bandwidths.length; j++) {
        bandwidths[j] = Math.max(sigma, axes.get(j).cell() / 2);
        inverses[j] = axes.get(j).isCategory() ? 1 : Math.sqrt(0.5) / bandwidths[j];
      }
    }
    for (; scaled < size; scaled++) {
      if (scaled == parts.size() * rows) {
        parts.add(new double[ordered.length][rows]);
      }
      var part = parts.get(scaled / rows);
      double scale = 1;
      for (int j = 0; j < bandwidths.length; j++) {
        double x = columns[j][scaled];
        part[j][scaled % rows] = x * inverses[j];
        if (!axes.get(j).isCategory()) {
          scale /= ParzenEstimator.mass(x, bandwidths[j]);
        }
      }
      scales[scaled] = scale;
    }
  }
}

package dev.assay.sampler;

import dev.assay.acquisition.NormalTail;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The density of the good trials, l in the literature: a mixture of one product of truncated
/// normals and smoothed categories for each trial, and one uniform component, the prior.
///
/// The bandwidth of a component along an axis is the larger gap to its two neighbours there
/// (Bergstra et al. 2011), but no less than a share of the range that shrinks with the number of
/// all trials (Watanabe 2023 calls the clipping "magic clip"; there the good trials alone count).
final class ParzenEstimator {
  private static final double ROOT_2PI = Math.sqrt(2 * Math.PI);

  /// The finest bandwidth there ever is.
  private static final int FINEST = 100;

  private final List<Axis> axes;
  private final double[][] centres;
  private final double[][] bandwidths;

  /// Normalised; the prior's last.
  private final double[] weights;

  /// log(wᵢ / Πⱼ σⱼ Zⱼ), Z being what truncation leaves of the normal's mass.
  private final double[] logScales;

  private final double[] logHits;
  private final double[] logMisses;
  private final double[] terms;

  /// @param centres coordinates of m trials, at least one
  /// @param importances m weights
  /// @param prior the weight of the uniform component, in trials
  /// @param trials how many trials were compared to find these; 0: the bandwidth does not depend on
  ///   it
  ParzenEstimator(
      List<Axis> axes, double[][] centres, double[] importances, double prior, int trials) {
    this.axes = axes;
    this.centres = centres;
    int m = centres.length;
    weights = Arrays.copyOf(importances, m + 1);
    weights[m] = prior;
    double sum = 0;
    for (double w : weights) {
      sum += w;
    }
    for (int i = 0; i <= m; i++) {
      weights[i] /= sum;
    }
    bandwidths = new double[axes.size()][];
    logHits = new double[axes.size()];
    logMisses = new double[axes.size()];
    logScales = new double[m];
    for (int i = 0; i < m; i++) {
      logScales[i] = Math.log(weights[i]);
    }
    double least = 1.0 / Math.min(FINEST, 2 + m + Math.max(0, trials - m) / 2.0);
    for (int j = 0; j < bandwidths.length; j++) {
      smooth(j, least, prior / (m + 1));
    }
    terms = new double[m + 1];
  }

  private void smooth(int j, double least, double pseudocount) {
    var axis = axes.get(j);
    int m = centres.length;
    if (axis.isCategory()) {
      bandwidths[j] = new double[0];
      double all = 1 + pseudocount * axis.options();
      logHits[j] = Math.log((1 + pseudocount) / all);
      logMisses[j] = Math.log(pseudocount / all);
      return;
    }
    bandwidths[j] = bandwidths(j, Math.max(least, axis.cell() / 2));
    for (int i = 0; i < m; i++) {
      double sigma = bandwidths[j][i];
      logScales[i] -= Math.log(sigma * ROOT_2PI * mass(centres[i][j], sigma));
    }
  }

  /// The mass of a normal in [0, 1].
  static double mass(double centre, double sigma) {
    return NormalTail.cumulative((1 - centre) / sigma) - NormalTail.cumulative(-centre / sigma);
  }

  private double[] bandwidths(int j, double least) {
    var order = ascending(j);
    var result = new double[order.length];
    for (int p = 0; p < order.length; p++) {
      double x = centres[order[p]][j];
      double below = p > 0 ? x - centres[order[p - 1]][j] : 0;
      double above = p + 1 < order.length ? centres[order[p + 1]][j] - x : 0;
      double gap = order.length == 1 ? 1 : Math.max(below, above);
      result[order[p]] = Math.clamp(gap, least, Math.max(least, 1));
    }
    return result;
  }

  /// Trials by their place on an axis, equal ones by number. There are few: insertion sort.
  private int[] ascending(int j) {
    var order = new int[centres.length];
    for (int i = 0; i < order.length; i++) {
      int p = i;
      for (; p > 0 && centres[order[p - 1]][j] > centres[i][j]; p--) {
        order[p] = order[p - 1];
      }
      order[p] = i;
    }
    return order;
  }

  /// Draws coordinates.
  void draw(RandomGenerator random, double[] x) {
    int i = component(random.nextDouble());
    for (int j = 0; j < x.length; j++) {
      var axis = axes.get(j);
      if (axis.isCategory()) {
        boolean kept = i < centres.length && random.nextDouble() < kept(j);
        x[j] = kept ? centres[i][j] : random.nextInt(axis.options());
      } else if (i == centres.length) {
        x[j] = axis.rounded(random.nextDouble());
      } else {
        x[j] = axis.rounded(truncatedNormal(random, centres[i][j], bandwidths[j][i]));
      }
    }
  }

  private int component(double u) {
    int i = 0;
    for (double left = u; i < centres.length && left >= weights[i]; i++) {
      left -= weights[i];
    }
    return i;
  }

  /// The share of draws that keep the category: the rest is spread evenly over all, it included.
  private double kept(int j) {
    return 1 - axes.get(j).options() * Math.exp(logMisses[j]);
  }

  /// By rejection: σ is at most 1 and the centre inside, so a third or more of the draws is inside.
  private static double truncatedNormal(RandomGenerator random, double centre, double sigma) {
    double x;
    do {
      x = centre + sigma * random.nextGaussian();
    } while (x < 0 || x > 1);
    return x;
  }

  /// log l(x).
  double logDensity(double[] x) {
    int m = centres.length;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < m; i++) {
      terms[i] = logScales[i] + logComponent(centres[i], i, x);
      most = Math.max(most, terms[i]);
    }
    terms[m] = Math.log(weights[m]) + logUniform();
    most = Math.max(most, terms[m]);
    double sum = 0;
    for (double term : terms) {
      sum += Math.exp(term - most);
    }
    return most + Math.log(sum);
  }

  private double logComponent(double[] centre, int i, double[] x) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      if (axes.get(j).isCategory()) {
        sum += centre[j] == x[j] ? logHits[j] : logMisses[j];
      } else {
        double z = (x[j] - centre[j]) / bandwidths[j][i];
        sum -= z * z / 2;
      }
    }
    return sum;
  }

  private double logUniform() {
    double sum = 0;
    for (var axis : axes) {
      sum -= axis.isCategory() ? Math.log(axis.options()) : 0;
    }
    return sum;
  }
}

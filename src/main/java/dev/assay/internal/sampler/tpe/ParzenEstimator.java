package dev.assay.internal.sampler.tpe;

import static java.util.Objects.requireNonNull;

import dev.assay.internal.linalg.Elementwise;
import dev.assay.internal.sampler.prior.AxesBelief;
import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.statistics.NormalTail;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The density of the good trials, l in the literature: a mixture of one product of truncated
/// normals and smoothed categories for each trial, one uniform component, the prior, and maybe one
/// of what is expected of the parameters.
///
/// The bandwidth of a component along an axis is the larger gap to its two neighbours there
/// (Bergstra et al. 2011), but no less than a share of the range that shrinks with the number of
/// all trials (Watanabe 2023 calls the clipping "magic clip"; there the good trials alone count).
final class ParzenEstimator {
  private static final double ROOT_2PI = Math.sqrt(2 * Math.PI);

  /// The finest bandwidth there ever is.
  private static final int FINEST = 100;

  /// So many σ from an end, what truncation takes is less than a double's last bit.
  private static final double FAR = 8.3;

  private final List<Axis> axes;

  /// The number of trials, m.
  private final int size;

  private final @Nullable AxesBelief belief;

  /// For each axis the coordinates of the m trials.
  private final double[][] centres;

  private final double[][] bandwidths;

  /// Normalised; the uniform component's and the belief's last.
  private final double[] weights;

  /// log(wᵢ / Πⱼ σⱼ Zⱼ), Z being what truncation leaves of the normal's mass.
  private final double[] logScales;

  private final double[] logHits;
  private final double[] logMisses;
  private final double[] terms;

  /// @param centres for each axis the coordinates of m trials, at least one
  /// @param importances m weights
  /// @param prior the weight of the uniform component, in trials
  /// @param trials how many trials were compared to find these; 0: the bandwidth does not depend on
  ///   it
  /// @param belief what is expected, null for nothing; it weighs `trust` times what the rest does
  ParzenEstimator(
      List<Axis> axes,
      double[][] centres,
      double[] importances,
      double prior,
      int trials,
      @Nullable AxesBelief belief,
      double trust) {
    this.axes = axes;
    this.centres = centres;
    this.belief = belief;
    int m = importances.length;
    size = m;
    weights = Arrays.copyOf(importances, belief == null ? m + 1 : m + 2);
    weights[m] = prior;
    if (belief != null) {
      weights[m + 1] = trust * Arrays.stream(weights).sum();
    }
    double sum = 0;
    for (double w : weights) {
      sum += w;
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    bandwidths = new double[axes.size()][];
    logHits = new double[axes.size()];
    logMisses = new double[axes.size()];
    logScales = new double[m];
    for (int i = 0; i < m; i++) {
      logScales[i] = Math.log(weights[i]);
    }
    double least = leastBandwidth(m, trials);
    for (int j = 0; j < bandwidths.length; j++) {
      smooth(j, least, prior / (m + 1));
    }
    terms = new double[weights.length];
  }

  /// What no bandwidth is below, but for the width of a cell.
  static double leastBandwidth(int good, int trials) {
    return 1.0 / Math.min(FINEST, 2 + good + Math.max(0, trials - good) / 2.0);
  }

  private void smooth(int j, double least, double pseudocount) {
    var axis = axes.get(j);
    if (axis.isCategory()) {
      bandwidths[j] = new double[0];
      double all = 1 + pseudocount * axis.options();
      logHits[j] = Math.log((1 + pseudocount) / all);
      logMisses[j] = Math.log(pseudocount / all);
      return;
    }
    bandwidths[j] = bandwidths(j, Math.max(least, axis.cell() / 2));
    for (int i = 0; i < size; i++) {
      double sigma = bandwidths[j][i];
      logScales[i] -= Math.log(sigma * ROOT_2PI * mass(centres[j][i], sigma));
    }
  }

  /// The mass in [0, 1] of a normal whose centre lies there.
  static double mass(double centre, double sigma) {
    double above = (1 - centre) / sigma;
    double below = centre / sigma;
    return (above > FAR ? 1 : NormalTail.cumulative(above))
        - (below > FAR ? 0 : NormalTail.cumulative(-below));
  }

  private double[] bandwidths(int j, double least) {
    var column = centres[j];
    var order = ascending(column);
    var result = new double[order.length];
    for (int p = 0; p < order.length; p++) {
      double x = column[order[p]];
      double below = p > 0 ? x - column[order[p - 1]] : 0;
      double above = p + 1 < order.length ? column[order[p + 1]] - x : 0;
      double gap = order.length == 1 ? 1 : Math.max(below, above);
      result[order[p]] = Math.clamp(gap, least, Math.max(least, 1));
    }
    return result;
  }

  /// Trials by their place on an axis, equal ones by number. There are few: insertion sort.
  private static int[] ascending(double[] column) {
    var order = new int[column.length];
    for (int i = 0; i < order.length; i++) {
      int p = i;
      for (; p > 0 && column[order[p - 1]] > column[i]; p--) {
        order[p] = order[p - 1];
      }
      order[p] = i;
    }
    return order;
  }

  /// Draws coordinates.
  void draw(RandomGenerator random, double[] x) {
    int i = component(random.nextDouble());
    if (i > size) {
      requireNonNull(belief).draw(random, x);
      return;
    }
    for (int j = 0; j < x.length; j++) {
      var axis = axes.get(j);
      if (axis.isCategory()) {
        boolean kept = i < size && random.nextDouble() < kept(j);
        x[j] = kept ? centres[j][i] : random.nextInt(axis.options());
      } else if (i == size) {
        x[j] = axis.rounded(random.nextDouble());
      } else {
        x[j] = axis.rounded(truncatedNormal(random, centres[j][i], bandwidths[j][i]));
      }
    }
  }

  private int component(double u) {
    int i = 0;
    for (double left = u; i < weights.length - 1 && left >= weights[i]; i++) {
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
    System.arraycopy(logScales, 0, terms, 0, size);
    for (int j = 0; j < x.length; j++) {
      addLogFactors(j, x[j]);
    }
    double uniform = logUniform();
    terms[size] = Math.log(weights[size]) + uniform;
    if (belief != null) {
      terms[size + 1] = Math.log(weights[size + 1]) + uniform + belief.logDensity(x);
    }
    double most = terms[size];
    for (double term : terms) {
      most = Math.max(most, term);
    }
    double sum = 0;
    for (double term : terms) {
      sum += Math.exp(term - most);
    }
    return most + Math.log(sum);
  }

  private void addLogFactors(int j, double x) {
    var column = centres[j];
    if (axes.get(j).isCategory()) {
      for (int i = 0; i < size; i++) {
        terms[i] += column[i] == x ? logHits[j] : logMisses[j];
      }
      return;
    }
    Elementwise.best().subtractNormalExponent(column, bandwidths[j], x, terms, size);
  }

  private double logUniform() {
    double sum = 0;
    for (var axis : axes) {
      sum -= axis.isCategory() ? Math.log(axis.options()) : 0;
    }
    return sum;
  }
}

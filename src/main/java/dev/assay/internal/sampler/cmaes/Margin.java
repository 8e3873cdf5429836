package dev.assay.internal.sampler.cmaes;

import dev.assay.internal.sampler.prior.Axis;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.special.Erf;

/// Keeps discrete coordinates moving (Hamano et al. 2022, "CMA-ES with margin"): each keeps at
/// least a probability α of leaving the value that the mean stands for, however small the steps.
///
/// To this end such a coordinate's steps are multiplied by a scale of its own, and near a bound the
/// mean is moved towards the next value.
final class Margin {
  private static final double ROOT2 = Math.sqrt(2);

  /// Less than any cell.
  private static final double ROUNDING = 1e-12;

  private final List<Axis> axes;

  private final double[] scales;
  private final double alpha;

  /// @param alpha the least probability, at each side; 1/(λd) in the paper
  Margin(List<Axis> axes, double alpha) {
    this.axes = axes;
    this.alpha = Math.min(alpha, 0.25);
    scales = new double[axes.size()];
    Arrays.fill(scales, 1);
  }

  double scale(int j) {
    return scales[j];
  }

  /// Brings means and scales up to date with the distribution.
  void correct(CmaEs cma) {
    for (int j = 0; j < scales.length; j++) {
      if (axes.get(j).cell() > 0) {
        correct(cma, j);
      }
    }
  }

  private void correct(CmaEs cma, int j) {
    double deviation = cma.sigma * cma.covariance.deviation(j) * scales[j];
    double code = axes.get(j).code(cma.mean[j]);
    double low = axes.get(j).cellStart(code);
    double high = axes.get(j).cellEnd(code);
    boolean first = low < ROUNDING;
    boolean last = high > 1 - ROUNDING;
    if (first || last) { // one way out only
      double most = quantile(alpha) * deviation;
      if (first && high - cma.mean[j] > most) {
        cma.mean[j] = high - most;
      } else if (last && cma.mean[j] - low > most) {
        cma.mean[j] = low + most;
      }
      return;
    }
    double below = beyond((cma.mean[j] - low) / deviation);
    double above = beyond((high - cma.mean[j]) / deviation);
    if (below >= alpha / 2 && above >= alpha / 2) {
      return;
    }
    double inside = 1 - below - above;
    double lifted = Math.max(below, alpha / 2) + Math.max(above, alpha / 2);
    // What was lifted is taken from the middle, and from a side that can spare it.
    double spare = lifted + inside - 1;
    double share = lifted + inside - 3 * alpha / 2;
    double newBelow = Math.max(below, alpha / 2);
    double newAbove = Math.max(above, alpha / 2);
    newBelow -= spare * (newBelow - alpha / 2) / share;
    newAbove -= spare * (newAbove - alpha / 2) / share;
    double down = quantile(newBelow);
    double up = quantile(newAbove);
    double needed = (high - low) / (down + up);
    scales[j] *= needed / deviation;
    cma.mean[j] = low + down * needed;
  }

  /// P(Z > u), Z ~ N(0, 1).
  private static double beyond(double u) {
    return 0.5 * Erf.erfc(u / ROOT2);
  }

  /// The u with P(Z > u) = p.
  private static double quantile(double p) {
    return ROOT2 * Erf.erfcInv(2 * p);
  }
}

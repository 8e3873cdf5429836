package dev.assay.internal.surrogate;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.linalg.SymmetricEigenvalues;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The evidence of a model: the mass of likelihood times prior over its hyperparameters, by
/// Laplace's approximation about their most probable values (MacKay 1992), so that a model pays for
/// what it leaves open. The densities that fits return do not make it pay.
final class LaplaceEvidence {
  /// The step of forward differences of the gradient.
  private static final double STEP = 1e-4;

  /// No direction is wider than this, in units of the prior: there the prior itself ends it.
  private static final double LEAST_CURVATURE = 0.3;

  /// The same at a bound, where the mass is an integral along one axis.
  private static final double LEAST_AT_BOUND = 0.05;

  private static final int SLICES = 400;
  private static final double ROOT_2PI = Math.sqrt(2 * Math.PI);

  private final double[][] hessian; // of -log density
  private final double[] gradient; // of log density
  private final double[] units; // standard deviations of normals of the priors' mass
  private final Hyperprior prior;
  private final double[] theta;

  private LaplaceEvidence(
      GpSession session, CovarianceFunction covariance, int output, Hyperprior prior, double[] at) {
    this.prior = prior;
    theta = at;
    int p = prior.size();
    var thetas = new double[(p + 1) * p];
    for (int r = 0; r <= p; r++) {
      System.arraycopy(at, 0, thetas, r * p, p);
      if (r > 0) {
        thetas[r * p + r - 1] += step(r - 1);
      }
    }
    var gradients = new double[(p + 1) * p];
    session.logLikelihood(covariance, output, thetas, new double[p + 1], gradients);
    for (int r = 0; r <= p; r++) {
      prior.logDensity(Arrays.copyOfRange(thetas, r * p, (r + 1) * p), gradients, r * p);
    }
    gradient = Arrays.copyOf(gradients, p);
    hessian = new double[p][p];
    for (int r = 0; r < p; r++) {
      for (int i = 0; i < p; i++) {
        hessian[r][i] = -(gradients[(r + 1) * p + i] - gradients[i]) / step(r);
      }
    }
    units = IntStream.range(0, p).mapToDouble(i -> mass(prior, i) / ROOT_2PI).toArray();
  }

  /// Away from the upper bound.
  private double step(int i) {
    return theta[i] + STEP > prior.high()[i] ? -STEP : STEP;
  }

  /// What is to be added to the log posterior density at its maximum.
  ///
  /// @param output the session's column of outputs that the model was fitted to
  /// @param theta p values: the maximum
  static double correction(
      GpSession session,
      CovarianceFunction covariance,
      int output,
      Hyperprior prior,
      double[] theta) {
    return new LaplaceEvidence(session, covariance, output, prior, theta).correction();
  }

  private double correction() {
    double sum = 0;
    int[] free =
        IntStream.range(0, theta.length)
            .filter(i -> prior.high()[i] > prior.low()[i] && !isAtBound(i))
            .toArray();
    for (int i = 0; i < theta.length; i++) {
      if (prior.high()[i] > prior.low()[i] && isAtBound(i)) {
        sum += logMassAtBound(i);
      }
    }
    var scaled = new double[free.length][free.length];
    for (int a = 0; a < free.length; a++) {
      for (int b = 0; b < free.length; b++) {
        double curvature = (hessian[free[a]][free[b]] + hessian[free[b]][free[a]]) / 2;
        scaled[a][b] = curvature * units[free[a]] * units[free[b]];
      }
    }
    for (double value : SymmetricEigenvalues.of(scaled)) {
      sum -= Math.log(Math.max(value, LEAST_CURVATURE)) / 2;
    }
    return sum;
  }

  /// Whether the density would rise beyond a bound.
  private boolean isAtBound(int i) {
    return theta[i] <= prior.low()[i] + 1e-9 && gradient[i] < 0
        || theta[i] >= prior.high()[i] - 1e-9 && gradient[i] > 0;
  }

  /// ∫ exp(-|g| t - h t²/2) dt from the bound inwards, in units of the prior.
  private double logMassAtBound(int i) {
    double slope = Math.abs(gradient[i]);
    double curvature = Math.max(hessian[i][i], LEAST_AT_BOUND / (units[i] * units[i]));
    double top =
        Math.min(
            prior.high()[i] - prior.low()[i],
            Math.min(40 / Math.max(slope, 1e-9), 9 / Math.sqrt(curvature)));
    double sum = 0;
    for (int k = 0; k < SLICES; k++) {
      double t = (k + 0.5) * top / SLICES;
      sum += Math.exp(-slope * t - curvature * t * t / 2);
    }
    return Math.log(sum * top / SLICES / (units[i] * ROOT_2PI));
  }

  /// ∫ of one hyperparameter's prior over its bounds; 1 where it is fixed.
  private static double mass(Hyperprior prior, int i) {
    double low = prior.low()[i];
    double range = prior.high()[i] - low;
    if (!(range > 0)) {
      return 1;
    }
    double sum = 0;
    for (int k = 0; k < SLICES; k++) {
      sum += Math.exp(prior.priors().get(i).logDensity(low + (k + 0.5) * range / SLICES));
    }
    return sum * range / SLICES;
  }
}

package dev.assay.internal.gp;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.linalg.Cholesky;
import java.util.Arrays;

/// A Gaussian process with given hyperparameters, before data.
///
/// @param covariance k
/// @param categorical d flags
/// @param theta p hyperparameters, see the package
@SuppressWarnings("ArrayRecordComponent")
public record GaussianProcess(
    CovarianceFunction covariance, boolean[] categorical, double[] theta) {
  /// Retries of a factorisation that failed, each with ten times the jitter of the one before.
  private static final int JITTER_RETRIES = 5;

  private static final double FIRST_JITTER = 1e-10;

  /// log p(y | X, θ) with its gradient in θ, or the news that K is not positive definite.
  public sealed interface Likelihood {
    /// @param value log marginal likelihood
    /// @param gradient p derivatives, in the coordinates of θ
    @SuppressWarnings("ArrayRecordComponent")
    record Value(double value, double[] gradient) implements Likelihood {}

    record NotPositiveDefinite() implements Likelihood {}
  }

  public int parameters() {
    return covariance.roles(categorical.length).size();
  }

  public double noise() {
    return Math.exp(theta[parameters()]);
  }

  public double mean() {
    return theta[parameters() + 1];
  }

  public double covariance(double[] x, double[] y) {
    return covariance.value(x, y, categorical, theta, 0);
  }

  /// Rasmussen and Williams 2006, Eqs. 5.8 and 5.9: ∂/∂θ = ½ tr((ααᵀ - K⁻¹) ∂K/∂θ).
  ///
  /// @param x n points
  /// @param y n values
  public Likelihood logLikelihood(double[][] x, double[] y) {
    int n = y.length;
    int p = parameters();
    var gradient = new double[p + 2];
    if (!(Cholesky.of(matrix(x, 0), n) instanceof Cholesky.Factor factor)) {
      return new Likelihood.NotPositiveDefinite();
    }
    var residual = residual(y);
    var alpha = factor.solve(residual);
    var inverse = factor.inverse();
    double fit = 0;
    var ignored = new double[categorical.length];
    for (int i = 0; i < n; i++) {
      fit += residual[i] * alpha[i];
      for (int k = 0; k < n; k++) {
        double weight = (alpha[i] * alpha[k] - inverse[i * n + k]) / 2;
        covariance.addGradient(x[i], x[k], categorical, theta, 0, weight, gradient, ignored);
      }
      gradient[p] += (alpha[i] * alpha[i] - inverse[i * n + i]) / 2 * noise();
      gradient[p + 1] += alpha[i];
    }
    double value = -(fit + factor.logDeterminant() + n * Math.log(2 * Math.PI)) / 2;
    return new Likelihood.Value(value, gradient);
  }

  /// What is known after data. A K that is not positive definite is retried with jitter on its
  /// diagonal.
  ///
  /// @throws ArithmeticException if the largest jitter does not help: non-finite or absurd θ
  public Posterior condition(double[][] x, double[] y) {
    double jitter = 0;
    for (int attempt = 0; attempt <= JITTER_RETRIES; attempt++) {
      if (Cholesky.of(matrix(x, jitter), y.length) instanceof Cholesky.Factor factor) {
        return new Posterior(this, x, factor, factor.solve(residual(y)));
      }
      jitter = jitter(attempt);
    }
    throw new ArithmeticException(
        "covariance not positive definite at θ = " + Arrays.toString(theta));
  }

  private double jitter(int attempt) {
    var origin = new double[categorical.length];
    return FIRST_JITTER * Math.pow(10, attempt) * covariance(origin, origin);
  }

  private double[] residual(double[] y) {
    return Arrays.stream(y).map(v -> v - mean()).toArray();
  }

  private double[] matrix(double[][] x, double jitter) {
    int n = x.length;
    var k = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        k[i * n + j] = covariance(x[i], x[j]);
      }
      k[i * n + i] += noise() + jitter;
    }
    return k;
  }
}

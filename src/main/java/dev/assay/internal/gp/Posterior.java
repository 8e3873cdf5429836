package dev.assay.internal.gp;

import dev.assay.internal.linalg.Cholesky;

/// A Gaussian process after n observations. Variances are of the latent function, without noise.
///
/// @param x n points
/// @param alpha α
@SuppressWarnings("ArrayRecordComponent")
public record Posterior(
    GaussianProcess process, double[][] x, Cholesky.Factor factor, double[] alpha) {
  /// Mean and variance at a point, with their gradients.
  @SuppressWarnings("ArrayRecordComponent")
  public record Prediction(
      double mean, double variance, double[] meanGradient, double[] varianceGradient) {}

  /// m + k*ᵀα and k(x, x) - k*ᵀK⁻¹k*. Rasmussen and Williams 2006, Eqs. 2.25 and 2.26.
  public Prediction at(double[] point) {
    int n = x.length;
    int d = point.length;
    var cross = new double[n];
    for (int i = 0; i < n; i++) {
      cross[i] = process.covariance(point, x[i]);
    }
    var v = factor.solveLower(cross);
    var w = factor.solve(cross);
    double mean = process.mean();
    double variance = process.covariance(point, point);
    var meanGradient = new double[d];
    var varianceGradient = new double[d];
    var ignored = new double[process.parameters()];
    process // k(x, x) may depend on x; symmetric: twice the derivative in the first argument
        .covariance()
        .addGradient(
            point, point, process.categorical(), process.theta(), 0, 2, ignored, varianceGradient);
    for (int i = 0; i < n; i++) {
      mean += cross[i] * alpha[i];
      variance -= v[i] * v[i];
      addGradient(point, i, alpha[i], ignored, meanGradient);
      addGradient(point, i, -2 * w[i], ignored, varianceGradient);
    }
    return new Prediction(mean, Math.max(variance, 0), meanGradient, varianceGradient);
  }

  private void addGradient(
      double[] point, int i, double weight, double[] ignored, double[] gradient) {
    process
        .covariance()
        .addGradient(
            point, x[i], process.categorical(), process.theta(), 0, weight, ignored, gradient);
  }

  /// The posterior covariance of the function's values at two points.
  public double covariance(double[] a, double[] b) {
    int n = x.length;
    var left = new double[n];
    var right = new double[n];
    for (int i = 0; i < n; i++) {
      left[i] = process.covariance(a, x[i]);
      right[i] = process.covariance(b, x[i]);
    }
    var v = factor.solveLower(left);
    var w = factor.solveLower(right);
    double covariance = process.covariance(a, b);
    for (int i = 0; i < n; i++) {
      covariance -= v[i] * w[i];
    }
    return covariance;
  }
}

package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.linalg.DenseAlgebra;
import java.util.Arrays;

/// The log marginal likelihood of one model and its gradient; its buffers serve every evaluation of
/// a fit.
final class LikelihoodEvaluator {
  /// Observations up to which the covariances' parts are kept for the gradient, which takes 3 MB,
  /// instead of calculated twice.
  private static final int MOST_KEPT = 512;

  private final DenseAlgebra algebra = DenseAlgebra.best();
  private final Observations data;
  private final CovarianceRows rows;
  private final boolean keeps;
  private final int p; // parameters of the covariance function
  private final double[] matrix;
  private final double[] residual;
  private final double[] alpha;
  private final double[] row;
  private final double[] weights;
  private final double[] point;

  LikelihoodEvaluator(Observations data, CovarianceFunction covariance, boolean[] categorical) {
    this.data = data;
    int n = data.size();
    int d = categorical.length;
    rows = CovarianceRows.of(covariance, categorical);
    keeps = n <= MOST_KEPT && rows.keeps();
    p = covariance.roles(d).size();
    matrix = new double[Math.multiplyExact(n, n)];
    residual = new double[n];
    alpha = new double[n];
    row = new double[n];
    weights = new double[n];
    point = new double[d];
  }

  /// Parameters in all: those of the covariance function, noise, mean.
  int size() {
    return p + 2;
  }

  /// Rasmussen and Williams 2006, Eqs. 5.8 and 5.9. Writes the gradient to `gradient` from index
  /// `to` on.
  ///
  /// @return -∞, and a gradient of 0, where K is not positive definite
  double evaluate(int output, double[] theta, double[] gradient, int to) {
    int n = data.size();
    Arrays.fill(gradient, to, to + p + 2, 0);
    rows.bind(data.x(), n, theta, 0);
    double noise = Math.exp(theta[p]);
    fill(noise);
    if (algebra.cholesky(matrix, n, n) != 0) {
      return Double.NEGATIVE_INFINITY;
    }
    var y = data.y(output);
    double halfLogDeterminant = 0;
    for (int i = 0; i < n; i++) {
      residual[i] = y[i] - theta[p + 1];
      halfLogDeterminant += Math.log(matrix[i * n + i]);
    }
    System.arraycopy(residual, 0, alpha, 0, n);
    algebra.solveLower(matrix, n, n, alpha, 1);
    algebra.solveLowerTransposed(matrix, n, n, alpha, 1);
    algebra.inverseFromCholesky(matrix, n, n);
    double fit = 0;
    double trace = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      fit += residual[i] * alpha[i];
      trace += alpha[i] * alpha[i] - matrix[i * n + i];
      sum += alpha[i];
    }
    gradient[to + p] = trace / 2 * noise;
    gradient[to + p + 1] = sum;
    covarianceGradient(gradient, to);
    return -fit / 2 - halfLogDeterminant - n * (Math.log(2 * Math.PI) / 2);
  }

  private void fill(double noise) {
    int n = data.size();
    for (int i = 0; i < n; i++) {
      data.point(i, point);
      if (keeps) {
        rows.keepIn(i, i + 1);
      }
      rows.forward(point, i + 1, row);
      System.arraycopy(row, 0, matrix, i * n, i + 1);
      matrix[i * n + i] += noise;
    }
  }

  /// ½ Σᵢₖ (αᵢαₖ - K⁻¹ᵢₖ) ∂kᵢₖ/∂θ by rows of the lower triangle, each pair off the diagonal counted
  /// twice.
  private void covarianceGradient(double[] gradient, int to) {
    int n = data.size();
    for (int i = 0; i < n; i++) {
      if (keeps) {
        rows.keepIn(i, i + 1);
      } else {
        data.point(i, point);
        rows.forward(point, i + 1, row);
      }
      for (int k = 0; k < i; k++) {
        weights[k] = alpha[i] * alpha[k] - matrix[i * n + k];
      }
      weights[i] = (alpha[i] * alpha[i] - matrix[i * n + i]) / 2;
      rows.addHyperGradient(weights, i + 1, gradient, to);
    }
  }
}

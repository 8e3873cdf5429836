package dev.assay.internal.sampler.curves;

import dev.assay.internal.linalg.DenseAlgebra;
import dev.assay.internal.linalg.LbfgsB;
import java.util.Arrays;
import java.util.List;

/// The hyperparameters of a [CurveKernel] that are most probable after some cells, by L-BFGS from
/// the priors' medians within four standard deviations of each.
final class CurveFit {
  private static final double WIDEST = 4;

  private final CurveEncoding encoding;
  private final Cells cells;
  private final double[] z;
  private final List<double[]> points;
  private final double[] medians;
  private final double[] deviations;

  /// n × n, lower triangles.
  private final double[] matrix;

  private final double[] distances;
  private final double[] shares;

  private CurveFit(CurveEncoding encoding, Cells cells, double[] z, List<double[]> points) {
    this.encoding = encoding;
    this.cells = cells;
    this.z = z;
    this.points = points;
    medians = CurveKernel.medians(encoding);
    deviations = CurveKernel.deviations(encoding);
    int n = z.length;
    matrix = new double[n * n];
    distances = new double[n * n];
    shares = new double[n * n];
  }

  /// @param points by curve
  static CurveFit of(CurveEncoding encoding, Cells cells, double[] z, List<double[]> points) {
    return new CurveFit(encoding, cells, z, points);
  }

  /// θ.
  double[] best(int evaluations) {
    int size = medians.length;
    var low = new double[size];
    var high = new double[size];
    for (int k = 0; k < size; k++) {
      low[k] = medians[k] - WIDEST * deviations[k];
      high[k] = medians[k] + WIDEST * deviations[k];
    }
    var result =
        new LbfgsB(8, evaluations, 1e-4, 1e-6)
            .minimise(
                (thetas, _, count, values, gradients) -> {
                  for (int s = 0; s < count; s++) {
                    var theta = Arrays.copyOfRange(thetas, s * size, (s + 1) * size);
                    var gradient = new double[size];
                    values[s] = evaluate(theta, gradient);
                    System.arraycopy(gradient, 0, gradients, s * size, size);
                  }
                },
                medians,
                low,
                high);
    return Double.isFinite(result.values()[0]) ? result.points() : medians;
  }

  /// -log p(z, θ) but for constants; infinite where K has no factor.
  ///
  /// @param gradient by θ; it is added to
  double evaluate(double[] theta, double[] gradient) {
    var kernel = new CurveKernel(theta, encoding);
    int n = z.length;
    var algebra = DenseAlgebra.best();
    fill(kernel);
    if (algebra.cholesky(matrix, n, n) != 0) {
      return Double.POSITIVE_INFINITY;
    }
    double value = 0;
    for (int i = 0; i < n; i++) {
      value += Math.log(matrix[i * n + i]);
    }
    var alpha = z.clone();
    algebra.solveLower(matrix, n, n, alpha, 1);
    for (double beta : alpha) {
      value += beta * beta / 2;
    }
    algebra.solveLowerTransposed(matrix, n, n, alpha, 1);
    algebra.inverseFromCholesky(matrix, n, n);
    collect(kernel, alpha, gradient);
    for (int k = 0; k < theta.length; k++) {
      double off = (theta[k] - medians[k]) / deviations[k];
      value += off * off / 2;
      gradient[k] += off / deviations[k];
    }
    return value;
  }

  /// K into the lower triangle.
  private void fill(CurveKernel kernel) {
    int n = z.length;
    for (int i = 0; i < n; i++) {
      var x = points.get(cells.curve(i));
      for (int j = 0; j <= i; j++) {
        boolean same = cells.curve(i) == cells.curve(j);
        double distance = same ? 0 : kernel.distance(x, points.get(cells.curve(j)));
        double steps = kernel.steps(cells.share(i), cells.share(j));
        distances[i * n + j] = distance;
        shares[i * n + j] = steps;
        matrix[i * n + j] = kernel.covariance(CurveKernel.matern(distance), steps, same);
      }
      matrix[i * n + i] += kernel.noise;
    }
  }

  /// Half the trace of W dK, with W = K⁻¹ - α αᵀ.
  private void collect(CurveKernel kernel, double[] alpha, double[] gradient) {
    int n = z.length;
    int d = encoding.dimension();
    int q = encoding.groupCount();
    var byCoordinate = new double[d];
    var scales = new double[5];
    double decay = 0;
    double trace = 0;
    for (int i = 0; i < n; i++) {
      var x = points.get(cells.curve(i));
      for (int j = 0; j <= i; j++) {
        double w = matrix[i * n + j] - alpha[i] * alpha[j];
        w = i == j ? w / 2 : w; // both triangles, halved
        boolean same = cells.curve(i) == cells.curve(j);
        double distance = distances[i * n + j];
        double steps = shares[i * n + j];
        double falling = Math.exp(-distance);
        double near = (1 + distance + distance * distance / 3) * falling;
        scales[CurveKernel.LEVEL] += w * near;
        scales[CurveKernel.SHAPE] += w * near * steps;
        scales[CurveKernel.SHARED] += w * steps;
        if (same) {
          scales[CurveKernel.OWN_LEVEL] += w;
          scales[CurveKernel.OWN_SHAPE] += w * steps;
        } else {
          // dk_x / d log l_j = 5/3 (1 + r√5) exp(-r√5) (x_j - x'_j)² / l_j²
          double common = w * (5.0 / 3) * (1 + distance) * falling * kernel.ofConfigurations(steps);
          var y = points.get(cells.curve(j));
          for (int k = 0; k < d; k++) {
            double difference = (x[k] - y[k]) * kernel.rate(k);
            byCoordinate[k] += common * difference * difference;
          }
        }
        decay += w * steps * (1 - steps) * kernel.slope(near, same);
        trace += i == j ? w : 0;
      }
    }
    for (int k = 0; k < d; k++) {
      gradient[encoding.group(k)] += byCoordinate[k];
    }
    for (int k = 0; k < scales.length; k++) {
      gradient[q + k] += scales[k] * kernel.scale(k);
    }
    gradient[q + CurveKernel.NOISE] += trace * (kernel.noise - CurveKernel.JITTER);
    gradient[q + CurveKernel.DECAY] += decay;
  }
}

package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.linalg.Elementwise;

/// Additive parts of first and second order. In one dimension exp(-|u - c|) is a product of
/// exponentials of u and of c, so that a pair costs no exponential: see
/// [Elementwise#separableMatern52].
final class AdditiveRows extends CovarianceRows {
  private static final double ROOT5 = Math.sqrt(5);

  /// exp of more would leave the range where products of exponentials keep their digits.
  private static final double LARGEST_EXPONENT = 300;

  private final Elementwise vectors = Elementwise.best();
  private final CovarianceFunction.Additive function;
  private final boolean[] categorical;
  private final int d;
  private final double[] factor; // √5/λ
  private final double[] point; // scaled as u
  private final boolean[] separable;
  private final double[][] u; // √5 (x - ½)/λ; a category's option as it is
  private final double[][] rise;
  private final double[][] fall;
  private final double[][] z;
  private final double[][] q; // -3 z'(t)/t
  private double[] e1 = {};
  private double[] squares = {};
  private double[] weighted = {};
  private double b1; // coefficients of the elementary sums
  private double b2;

  AdditiveRows(CovarianceFunction.Additive function, boolean[] categorical) {
    this.function = function;
    this.categorical = categorical;
    d = categorical.length;
    factor = new double[d];
    point = new double[d];
    separable = new boolean[d];
    u = new double[d][0];
    rise = new double[d][0];
    fall = new double[d][0];
    z = new double[d][0];
    q = new double[d][0];
  }

  @Override
  void bind(double[][] x, int n, double[] theta, int at) {
    if (e1.length < n) {
      grow(Math.max(16, n + n / 2));
    }
    b1 = function.coefficient(1, d, theta, at);
    b2 = function.coefficient(2, d, theta, at);
    for (int j = 0; j < d; j++) {
      factor[j] = ROOT5 * Math.exp(-theta[at + function.order() + j]);
      if (categorical[j]) {
        System.arraycopy(x[j], 0, u[j], 0, n);
        continue;
      }
      double largest = 0;
      for (int i = 0; i < n; i++) {
        double v = (x[j][i] - 0.5) * factor[j];
        u[j][i] = v;
        rise[j][i] = v;
        fall[j][i] = -v;
        largest = Math.max(largest, Math.abs(v));
      }
      separable[j] = largest <= LARGEST_EXPONENT;
      if (separable[j]) {
        vectors.exp(rise[j], n);
        vectors.exp(fall[j], n);
      }
    }
  }

  private void grow(int capacity) {
    e1 = new double[capacity];
    squares = new double[capacity];
    weighted = new double[capacity];
    for (int j = 0; j < d; j++) {
      u[j] = new double[capacity];
      rise[j] = new double[capacity];
      fall[j] = new double[capacity];
      z[j] = new double[capacity];
      q[j] = new double[capacity];
    }
  }

  @Override
  double diagonal() {
    return b1 * d + b2 * (d * (d - 1) / 2.0);
  }

  @Override
  void forward(double[] at, int count, double[] k) {
    java.util.Arrays.fill(e1, 0, count, 0);
    java.util.Arrays.fill(squares, 0, count, 0);
    for (int j = 0; j < d; j++) {
      if (categorical[j]) {
        point[j] = at[j];
        compareOptions(j, count);
      } else {
        point[j] = (at[j] - 0.5) * factor[j];
        if (separable[j] && Math.abs(point[j]) <= LARGEST_EXPONENT) {
          double c = point[j];
          vectors.separableMatern52(
              u[j], rise[j], fall[j], c, Math.exp(c), Math.exp(-c), z[j], q[j], count);
        } else {
          compareDirectly(j, count);
        }
      }
      addTo(e1, squares, z[j], count);
    }
    for (int i = 0; i < count; i++) {
      k[i] = b1 * e1[i] + b2 * (e1[i] * e1[i] - squares[i]) / 2;
    }
  }

  private static void addTo(double[] sums, double[] squares, double[] z, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += z[i];
      squares[i] += z[i] * z[i];
    }
  }

  private void compareOptions(int j, int count) {
    double t = factor[j];
    double e = Math.exp(-t);
    double zOther = (1 + t + t * t / 3) * e;
    double qOther = (1 + t) * e;
    for (int i = 0; i < count; i++) {
      boolean same = u[j][i] == point[j];
      z[j][i] = same ? 1 : zOther;
      q[j][i] = same ? 0 : qOther; // multiplies t², which is 0
    }
  }

  private void compareDirectly(int j, int count) {
    for (int i = 0; i < count; i++) {
      double t = Math.abs(u[j][i] - point[j]);
      double e = Math.exp(-t);
      z[j][i] = (1 + t + t * t / 3) * e;
      q[j][i] = (1 + t) * e;
    }
  }

  /// weighted[i] := weights[i] ∂k/∂zⱼ q.
  private void weigh(double[] weights, int j, int count) {
    var zj = z[j];
    var qj = q[j];
    for (int i = 0; i < count; i++) {
      weighted[i] = weights[i] * (b1 + b2 * (e1[i] - zj[i])) * qj[i];
    }
  }

  @Override
  void addHyperGradient(double[] weights, int count, double[] gradient, int at) {
    int order = function.order();
    gradient[at] += b1 * vectors.dot(weights, 0, e1, 0, count);
    if (order == 2) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += weights[i] * (e1[i] * e1[i] - squares[i]);
      }
      gradient[at + 1] += b2 * sum / 2;
    }
    for (int j = 0; j < d; j++) {
      weigh(weights, j, count);
      gradient[at + order + j] +=
          categorical[j]
              ? factor[j] * factor[j] / 3 * sum(weighted, count)
              : vectors.sumSquaredDifference(weighted, u[j], point[j], count) / 3;
    }
  }

  private static double sum(double[] v, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += v[i];
    }
    return sum;
  }

  @Override
  void addPointGradient(double[] weights, int count, double[] gradient, int at) {
    for (int j = 0; j < d; j++) {
      if (!categorical[j]) {
        weigh(weights, j, count);
        gradient[at + j] += factor[j] / 3 * vectors.sumDifference(weighted, u[j], point[j], count);
      }
    }
  }
}

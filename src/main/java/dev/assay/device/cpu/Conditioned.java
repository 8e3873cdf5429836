package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.linalg.DenseAlgebra;
import dev.assay.internal.linalg.Elementwise;
import java.util.Arrays;
import java.util.List;

/// Models that share covariance and hyperparameters, and so one factor: they differ in their
/// outputs only.
final class Conditioned {
  /// Points that are solved for at once.
  static final int TILE = 64;

  private static final int JITTER_RETRIES = 5;

  private final DenseAlgebra algebra = DenseAlgebra.best();
  private final Elementwise vectors = Elementwise.best();
  private final Observations data;
  private final CovarianceFunction covariance;
  private final CovarianceRows rows;
  private final double[] theta;
  private final double noise;
  private final double mean;
  private final int[] models; // their numbers in the session
  private final int[] outputs;
  private final int d;
  private double[] factor = {};
  private int stride;
  private int n;
  private double jitter;
  private final double[][] alpha;
  private double[] row = {};
  private double[] cross = {}; // tile × n
  private double[] half = {}; // L⁻¹k*, then K⁻¹k*
  private double[] weights = {};
  private final double[] point;

  Conditioned(Observations data, boolean[] categorical, List<GpSession.Model> all, int[] models) {
    this.data = data;
    this.models = models;
    var first = all.get(models[0]);
    d = categorical.length;
    theta = first.theta();
    int p = first.covariance().roles(d).size();
    noise = Math.exp(theta[p]);
    mean = theta[p + 1];
    covariance = first.covariance();
    rows = CovarianceRows.of(covariance, categorical);
    outputs = Arrays.stream(models).map(k -> all.get(k).output()).toArray();
    alpha = new double[models.length][];
    point = new double[d];
    factorise();
  }

  private void factorise() {
    n = data.size();
    stride = Math.max(16, n + n / 8);
    factor = new double[0]; // the one before may be as large as memory allows
    factor = new double[Math.multiplyExact(stride, stride)]; // with room to append
    rows.bind(data.x(), n, theta, 0);
    row = new double[stride];
    weights = new double[stride];
    cross = new double[Math.multiplyExact(TILE, stride)];
    half = new double[cross.length];
    jitter = 0;
    for (int attempt = 0; ; attempt++) {
      for (int i = 0; i < n; i++) {
        data.point(i, point);
        rows.forward(point, i + 1, row);
        System.arraycopy(row, 0, factor, i * stride, i + 1);
        factor[i * stride + i] += noise + jitter;
      }
      if (algebra.cholesky(factor, n, stride) == 0) {
        break;
      }
      if (attempt == JITTER_RETRIES) {
        throw new ArithmeticException(
            covariance + " is not positive definite at θ = " + Arrays.toString(theta));
      }
      jitter = 1e-10 * Math.pow(10, attempt) * rows.diagonal();
    }
    solveForAlpha();
  }

  /// α = K⁻¹(y - m) of every model, in O(n²).
  void solveForAlpha() {
    for (int k = 0; k < alpha.length; k++) {
      var y = data.y(outputs[k]);
      var a = new double[n];
      for (int i = 0; i < n; i++) {
        a[i] = y[i] - mean;
      }
      algebra.solveLower(factor, n, stride, a, 1);
      algebra.solveLowerTransposed(factor, n, stride, a, 1);
      alpha[k] = a;
    }
  }

  /// One more row of L, in O(n²), after an observation was added to the data.
  void extend() {
    int old = n;
    if (old + 1 > stride || old == 0) {
      factorise();
      return;
    }
    rows.bind(data.x(), old + 1, theta, 0);
    data.point(old, point);
    rows.forward(point, old + 1, row);
    double diagonal = row[old] + noise + jitter;
    var l = Arrays.copyOf(row, old);
    algebra.solveLower(factor, old, stride, l, 1);
    double pivot = diagonal - vectors.dot(l, 0, l, 0, old);
    if (!(pivot > 1e-14 * diagonal)) {
      factorise();
      return;
    }
    System.arraycopy(l, 0, factor, old * stride, old);
    factor[old * stride + old] = Math.sqrt(pivot);
    n = old + 1;
    solveForAlpha();
  }

  boolean has(int model) {
    return Arrays.stream(models).anyMatch(k -> k == model);
  }

  /// Mean and variance of every model of the group at up to [#TILE] points.
  ///
  /// @param means out: by point, then by the session's model number
  /// @param variances out: likewise
  void predict(double[] points, int from, int count, double[][] means, double[][] variances) {
    double[] k = row;
    for (int t = 0; t < count; t++) {
      System.arraycopy(points, (from + t) * d, point, 0, d);
      rows.forward(point, n, k);
      System.arraycopy(k, 0, cross, t * n, n);
      for (int m = 0; m < models.length; m++) {
        means[t][models[m]] = mean + vectors.dot(k, 0, alpha[m], 0, n);
      }
    }
    System.arraycopy(cross, 0, half, 0, count * n);
    algebra.solveLower(factor, n, stride, half, count);
    for (int t = 0; t < count; t++) {
      System.arraycopy(points, (from + t) * d, point, 0, d);
      double variance = rows.diagonal(point) - vectors.dot(half, t * n, half, t * n, n);
      for (int model : models) {
        variances[t][model] = Math.max(variance, 0);
      }
    }
  }

  /// Adds the derivatives in the points, after [#predict] of the same points.
  ///
  /// @param dMeans derivative of the acquisition in each mean, by point and model
  /// @param dVariances likewise in each variance
  /// @param gradients out: points × d
  void addPointGradients(
      double[] points,
      int from,
      int count,
      double[][] dMeans,
      double[][] dVariances,
      double[] gradients) {
    algebra.solveLowerTransposed(factor, n, stride, half, count);
    for (int t = 0; t < count; t++) {
      double dVariance = 0;
      for (int model : models) {
        dVariance += dVariances[t][model];
      }
      for (int i = 0; i < n; i++) {
        weights[i] = -2 * dVariance * half[t * n + i];
      }
      for (int m = 0; m < models.length; m++) {
        vectors.addScaled(dMeans[t][models[m]], alpha[m], 0, weights, 0, n);
      }
      System.arraycopy(points, (from + t) * d, point, 0, d);
      rows.forward(point, n, row);
      rows.addPointGradient(weights, n, gradients, (from + t) * d);
      if (!rows.isStationary()) {
        rows.addDiagonalGradient(point, dVariance, gradients, (from + t) * d);
      }
    }
  }

  /// The posterior covariance of `count` points: count × count.
  double[] jointCovariance(double[] points, int count) {
    var k = new double[count * n];
    for (int t = 0; t < count; t++) {
      System.arraycopy(points, t * d, point, 0, d);
      rows.forward(point, n, row);
      System.arraycopy(row, 0, k, t * n, n);
    }
    algebra.solveLower(factor, n, stride, k, count);
    var prior = priorCovariance(points, count);
    algebra.symmetricRankK(count, n, -1, k, 1, prior);
    return prior;
  }

  private double[] priorCovariance(double[] points, int count) {
    var columns = new double[d][count];
    for (int t = 0; t < count; t++) {
      for (int j = 0; j < d; j++) {
        columns[j][t] = points[t * d + j];
      }
    }
    var covariance = new double[count * count];
    var line = new double[count];
    rows.bind(columns, count, theta, 0);
    for (int t = 0; t < count; t++) {
      System.arraycopy(points, t * d, point, 0, d);
      rows.forward(point, t + 1, line);
      System.arraycopy(line, 0, covariance, t * count, t + 1);
    }
    rows.bind(data.x(), n, theta, 0);
    return covariance;
  }
}

package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import dev.assay.problem.Problem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A covariance function of somebody's: asked pair by pair. What it gives is checked, and what it
/// is given compared with what it was: a matrix with one number that is none, or points that moved,
/// would spoil all that follows.
final class PointwiseRows extends CovarianceRows {
  private final CovarianceFunction function;
  private final boolean[] categorical;
  private final int d;
  private final int parameters;
  private double[][] x = {}; // n × d
  private double[] theta = {};
  private double[] given = {}; // the function's copy of θ
  private int at;
  private final double[] left;
  private final double[] right;
  private final boolean[] flags;
  private double[] point = {};

  PointwiseRows(CovarianceFunction function, boolean[] categorical) {
    this.function = function;
    this.categorical = categorical;
    d = categorical.length;
    parameters = function.roles(d).size();
    left = new double[d];
    right = new double[d];
    flags = new boolean[d];
  }

  @Override
  void bind(double[][] columns, int n, double[] newTheta, int from) {
    x = new double[n][d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        x[i][j] = columns[j][i];
      }
    }
    theta = newTheta.clone();
    given = newTheta.clone();
    at = from;
  }

  @Override
  boolean isStationary() {
    return false; // it may be: nobody says so
  }

  /// That of the first observation.
  @Override
  double diagonal() {
    return x.length == 0 ? 1 : value(x[0], x[0]);
  }

  @Override
  double diagonal(double[] where) {
    return value(where, where);
  }

  private void hand(double[] a, double[] b) {
    System.arraycopy(a, 0, left, 0, d);
    System.arraycopy(b, 0, right, 0, d);
    System.arraycopy(categorical, 0, flags, 0, d);
  }

  private double value(double[] a, double[] b) {
    hand(a, b);
    double value;
    try {
      value = function.value(left, right, flags, given, at);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw fault("value failed: " + e, a, b, e);
    }
    requireKept(a, b);
    if (!Double.isFinite(value)) {
      throw fault("value " + value, a, b, null);
    }
    return value;
  }

  private void requireKept(double[] a, double[] b) {
    if (!Arrays.equals(left, a)
        || !Arrays.equals(right, b)
        || !Arrays.equals(given, theta)
        || !Arrays.equals(flags, categorical)) {
      throw fault("it changed the arrays that it was given", a, b, null);
    }
  }

  @Override
  void forward(double[] where, int count, double[] k) {
    point = where.clone();
    for (int i = 0; i < count; i++) {
      k[i] = value(point, x[i]);
    }
  }

  private void addGradient(double[] a, double[] b, double weight, double[] dTheta, double[] dX) {
    hand(a, b);
    try {
      function.addGradient(left, right, flags, given, at, weight, dTheta, dX);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw fault("gradient failed: " + e, a, b, e);
    }
    requireKept(a, b);
  }

  @Override
  void addHyperGradient(double[] weights, int count, double[] gradient, int to) {
    var dTheta = new double[theta.length];
    var ignored = new double[d];
    for (int i = 0; i < count; i++) {
      addGradient(point, x[i], weights[i], dTheta, ignored);
    }
    requireFinite(dTheta, at, parameters);
    for (int p = 0; p < parameters; p++) {
      gradient[to + p] += dTheta[at + p];
    }
  }

  @Override
  void addPointGradient(double[] weights, int count, double[] gradient, int to) {
    var ignored = new double[theta.length];
    var dX = new double[d];
    for (int i = 0; i < count; i++) {
      addGradient(point, x[i], weights[i], ignored, dX);
    }
    add(dX, gradient, to);
  }

  /// ∂k(x, x)/∂x is twice the derivative in the first argument.
  @Override
  void addDiagonalGradient(double[] where, double weight, double[] gradient, int to) {
    var dX = new double[d];
    addGradient(where, where, 2 * weight, new double[theta.length], dX);
    add(dX, gradient, to);
  }

  private void add(double[] dX, double[] gradient, int to) {
    requireFinite(dX, 0, d);
    for (int j = 0; j < d; j++) {
      gradient[to + j] += categorical[j] ? 0 : dX[j];
    }
  }

  private void requireFinite(double[] gradient, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (!Double.isFinite(gradient[i])) {
        throw fault("gradient " + Arrays.toString(gradient), point, point, null);
      }
    }
  }

  private Problem fault(String what, double[] a, double[] b, @Nullable Throwable cause) {
    return new Problem(
        "The covariance function " + function.getClass().getName() + " cannot be used.",
        what
            + " (x "
            + Arrays.toString(a)
            + ", y "
            + Arrays.toString(b)
            + ", θ "
            + Arrays.toString(theta)
            + ")",
        "Mend it: CovarianceFunctionContract finds where. What was told so far is kept.",
        cause);
  }
}

package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;

/// One covariance function between a point and a run of observations, vectorised over the
/// observations, with what the gradients need kept in between. Not thread-safe; allocates only when
/// the data grow.
abstract sealed class CovarianceRows
    permits RadialRows, AdditiveRows, CompositeRows, PointwiseRows {
  static CovarianceRows of(CovarianceFunction function, boolean[] categorical) {
    return switch (function) {
      case RadialCovariance radial -> new RadialRows(radial, categorical);
      case CovarianceFunction.Additive additive -> new AdditiveRows(additive, categorical);
      case CovarianceFunction.Sum(var parts) -> new CompositeRows(parts, categorical, false);
      case CovarianceFunction.Product(var parts) -> new CompositeRows(parts, categorical, true);
      case CovarianceFunction own -> new PointwiseRows(own, categorical);
    };
  }

  /// Prepares for these observations and hyperparameters.
  ///
  /// @param x d × n: one array a coordinate, possibly longer than n
  /// @param theta hyperparameters from index `at` on
  abstract void bind(double[][] x, int n, double[] theta, int at);

  /// Whether k(x, x) is known not to depend on x.
  boolean isStationary() {
    return true;
  }

  /// k(x, x), or one of its values.
  abstract double diagonal();

  /// k(x, x) at a point.
  double diagonal(double[] point) {
    return diagonal();
  }

  /// Adds weight · ∂k(x, x)/∂x at a point to `gradient` from index `at` on.
  void addDiagonalGradient(double[] point, double weight, double[] gradient, int at) {}

  /// Whether what [#forward] leaves for gradients can be kept for many points, by [#keepIn].
  boolean keeps() {
    return false;
  }

  /// Chooses one of many places for what [#forward] leaves from now on, and gradients read. What is
  /// there is of the last [#forward] into it, and lost with [#bind] to more observations.
  ///
  /// @param place from 0 on
  /// @param capacity the highest count of this place, where it is used for the first time
  void keepIn(int place, int capacity) {
    throw new UnsupportedOperationException();
  }

  /// k[i] := k(point, xᵢ) for i < count; count is at most n.
  abstract void forward(double[] point, int count, double[] k);

  /// Adds Σᵢ weights[i] ∂k(point, xᵢ)/∂θ over i < count to `gradient` from index `at` on; after
  /// [#forward] with the same point and count.
  abstract void addHyperGradient(double[] weights, int count, double[] gradient, int at);

  /// Adds Σᵢ weights[i] ∂k(point, xᵢ)/∂point over i < count to `gradient` from index `at` on; after
  /// [#forward] with the same point and count.
  abstract void addPointGradient(double[] weights, int count, double[] gradient, int at);
}

package dev.assay.internal.linalg;

/// A function of d variables with its gradient, evaluated at several points in one go.
public interface BatchObjective {
  /// Writes f and ∇f at `count` points. A value that is not finite marks a point outside the
  /// function's domain: the search steps back from it, and its gradient is not read.
  ///
  /// @param points count × d
  /// @param starts which start each point belongs to, count of them
  /// @param values out: count
  /// @param gradients out: count × d
  void evaluate(double[] points, int[] starts, int count, double[] values, double[] gradients);
}

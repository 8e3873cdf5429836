package dev.assay.internal.linalg;

import java.util.Arrays;

/// The outcome of factoring a symmetric matrix: a factor, or the news that there is none.
public sealed interface Cholesky {
  /// L with A = L Lᵀ.
  ///
  /// @param l n × n, packed row-major, lower triangle
  record Factor(double[] l, int n) implements Cholesky {
    /// A⁻¹ b.
    public double[] solve(double[] b) {
      var x = b.clone();
      DenseAlgebra.best().solveLower(l, n, n, x, 1);
      DenseAlgebra.best().solveLowerTransposed(l, n, n, x, 1);
      return x;
    }

    /// L⁻¹ b.
    public double[] solveLower(double[] b) {
      var x = b.clone();
      DenseAlgebra.best().solveLower(l, n, n, x, 1);
      return x;
    }

    /// log det A.
    public double logDeterminant() {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += 2 * Math.log(l[i * n + i]);
      }
      return sum;
    }

    /// A⁻¹, n × n, both triangles.
    public double[] inverse() {
      var inverse = Arrays.copyOf(l, n * n);
      DenseAlgebra.best().inverseFromCholesky(inverse, n, n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
          inverse[j * n + i] = inverse[i * n + j];
        }
      }
      return inverse;
    }
  }

  /// @param pivot the 1-based order of the leading minor that is not positive definite
  record NotPositiveDefinite(int pivot) implements Cholesky {}

  /// Factors the n × n matrix A, of which the lower triangle is read; A stays as it is.
  static Cholesky of(double[] a, int n) {
    var l = Arrays.copyOf(a, n * n);
    int pivot = DenseAlgebra.best().cholesky(l, n, n);
    return pivot == 0 ? new Factor(l, n) : new NotPositiveDefinite(pivot);
  }
}

package dev.assay.internal.linalg;

/// The dense operations that a Gaussian process stands on, natively by OpenBLAS or in Java.
///
/// Both twins are thread-safe and use one thread a call. See the package for the storage of
/// matrices.
public sealed interface DenseAlgebra permits OpenBlasAlgebra, JavaAlgebra {
  /// The fastest implementation that this JVM can run: chosen once, logged with its reason.
  static DenseAlgebra best() {
    return AlgebraChoice.best();
  }

  /// Begins to load what [#best] gives, beside the caller.
  static void prepare() {
    AlgebraChoice.prepare();
  }

  /// Always there.
  static DenseAlgebra java() {
    return new JavaAlgebra();
  }

  /// What runs, in words.
  String description();

  /// A := L with A = L Lᵀ; only the lower triangle of A is read.
  ///
  /// @return 0, or the 1-based order of the leading minor that is not positive definite; A is then
  ///   undefined. A NaN counts as not positive.
  int cholesky(double[] a, int n, int stride);

  /// Every row b of the m × n matrix B := L⁻¹ b.
  void solveLower(double[] l, int n, int stride, double[] b, int m);

  /// Every row b of the m × n matrix B := L⁻ᵀ b.
  void solveLowerTransposed(double[] l, int n, int stride, double[] b, int m);

  /// L := the lower triangle of (L Lᵀ)⁻¹.
  void inverseFromCholesky(double[] l, int n, int stride);

  /// C := α A Bᵀ + β C, with A: m × k, B: n × k, C: m × n, all densely packed.
  void multiplyTransposed(
      int m, int n, int k, double alpha, double[] a, double[] b, double beta, double[] c);

  /// The same in single precision.
  void multiplyTransposed(
      int m, int n, int k, float alpha, float[] a, float[] b, float beta, float[] c);

  /// The lower triangle of C := α A Aᵀ + β C, with A: n × k, C: n × n, densely packed.
  void symmetricRankK(int n, int k, double alpha, double[] a, double beta, double[] c);
}

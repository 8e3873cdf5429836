package dev.assay.internal.linalg;

/// Functions of whole vectors, through the Vector API where the JVM has it, else by scalar loops.
///
/// The twins agree to a few units in the last place, not bit for bit.
public sealed interface Elementwise
    permits ScalarElementwise, LaneElementwise, SimdElementwise, WarmingElementwise {
  /// The fastest twin that this JVM can run.
  static Elementwise best() {
    return ElementwiseChoice.BEST;
  }

  /// Always there.
  static Elementwise scalar() {
    return new ScalarElementwise();
  }

  /// Σᵢ a[aFrom + i] b[bFrom + i] over i < n.
  double dot(double[] a, int aFrom, double[] b, int bFrom, int n);

  /// `y[yFrom + i] += α x[xFrom + i]` for i < n.
  void addScaled(double alpha, double[] x, int xFrom, double[] y, int yFrom, int n);

  /// `x[i] := exp(x[i])` for i < n.
  void exp(double[] x, int n);

  /// `s[i] += (x[i] - c)²` for i < n.
  void addSquaredDifference(double[] x, double c, double[] s, int n);

  /// [#addSquaredDifference] of three columns from `first` on, one after the other to the last bit:
  /// the sums are read and written once.
  void addThreeSquaredDifferences(double[][] columns, int first, double[] c, double[] s, int n);

  /// `s[i] -= ((x[i] - c) / σ[i])² / 2` for i < n, the same to the last bit wherever it is
  /// calculated.
  void subtractNormalExponent(double[] x, double[] sigma, double c, double[] s, int n);

  /// `k[i] := a (1 + √5 r + 5s/3) exp(-√5 r)`, `g[i] := dk/ds`, with `s = s[i] = r²`, for i < n.
  void matern52(double a, double[] s, double[] k, double[] g, int n);

  /// `Σᵢ w[i] (x[i] - c)²` over i < n.
  double sumSquaredDifference(double[] w, double[] x, double c, int n);

  /// `Σᵢ w[i] (x[i] - c)` over i < n.
  double sumDifference(double[] w, double[] x, double c, int n);

  /// One-dimensional Matérn-5/2 without an exponential for each pair: with `t = |u[i] - c|`, e =
  /// exp(-t) is the smaller of exp(u)exp(-c) and exp(-u)exp(c). `z[i] := (1 + t + t²/3) e` and
  /// `q[i] := (1 + t) e`, for i < n.
  ///
  /// @param rise exp(u)
  /// @param fall exp(-u)
  /// @param riseC exp(c)
  /// @param fallC exp(-c)
  void separableMatern52(
      double[] u,
      double[] rise,
      double[] fall,
      double c,
      double riseC,
      double fallC,
      double[] z,
      double[] q,
      int n);
}

package dev.assay.linalg;

/// Functions of whole vectors, through the Vector API where the JVM has it, else by scalar loops.
///
/// The twins agree to a few units in the last place, not bit for bit.
public sealed interface Elementwise permits ScalarElementwise, SimdElementwise {
  /// The fastest twin that this JVM can run.
  static Elementwise best() {
    return AlgebraChoice.ELEMENTWISE;
  }

  /// Always there.
  static Elementwise scalar() {
    return new ScalarElementwise();
  }

  /// Σᵢ a[aFrom + i] b[bFrom + i] over i < n.
  double dot(double[] a, int aFrom, double[] b, int bFrom, int n);

  /// y[yFrom + i] += α x[xFrom + i] for i < n.
  void addScaled(double alpha, double[] x, int xFrom, double[] y, int yFrom, int n);

  /// x[i] := exp(x[i]) for i < n.
  void exp(double[] x, int n);

  /// s[i] += (x[i] - c)² for i < n.
  void addSquaredDifference(double[] x, double c, double[] s, int n);

  /// k[i] := a (1 + √5 r + 5s/3) exp(-√5 r) and g[i] := dk/ds, with s = s[i] = r², for i < n.
  void matern52(double a, double[] s, double[] k, double[] g, int n);
}

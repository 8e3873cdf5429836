package dev.assay.internal.linalg;

/// Eigenvalues of small symmetric matrices by Jacobi's rotations (Golub and Van Loan 2013, section
/// 8.5).
public final class SymmetricEigenvalues {
  private static final int SWEEPS = 30;
  private static final double SMALL = 1e-12;

  private SymmetricEigenvalues() {}

  /// @param matrix n × n, symmetric
  /// @return n eigenvalues in no order
  public static double[] of(double[][] matrix) {
    int n = matrix.length;
    var a = new double[n][];
    double norm = 0;
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
      for (double v : a[i]) {
        norm += v * v;
      }
    }
    for (int sweep = 0; sweep < SWEEPS && offDiagonal(a) > SMALL * SMALL * norm; sweep++) {
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          rotate(a, i, j);
        }
      }
    }
    var values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = a[i][i];
    }
    return values;
  }

  private static double offDiagonal(double[][] a) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += 2 * a[i][j] * a[i][j];
      }
    }
    return sum;
  }

  /// The rotation that makes a[i][j] zero.
  private static void rotate(double[][] a, int i, int j) {
    if (a[i][j] == 0) {
      return;
    }
    double theta = (a[j][j] - a[i][i]) / (2 * a[i][j]);
    double t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
    double c = 1 / Math.hypot(t, 1);
    double s = t * c;
    for (double[] row : a) {
      double x = row[i];
      row[i] = c * x - s * row[j];
      row[j] = s * x + c * row[j];
    }
    for (int k = 0; k < a.length; k++) {
      double x = a[i][k];
      a[i][k] = c * x - s * a[j][k];
      a[j][k] = s * x + c * a[j][k];
    }
  }
}

package dev.assay.internal.linalg;

/// The operations in Java, by dot products and scaled additions over contiguous rows.
final class JavaAlgebra implements DenseAlgebra {
  private final Elementwise vectors = Elementwise.best();

  @Override
  public String description() {
    return "Java";
  }

  @Override
  public int cholesky(double[] a, int n, int stride) {
    for (int i = 0; i < n; i++) {
      int row = i * stride;
      for (int j = 0; j < i; j++) {
        double dot = vectors.dot(a, row, a, j * stride, j);
        a[row + j] = (a[row + j] - dot) / a[j * stride + j];
      }
      double pivot = a[row + i] - vectors.dot(a, row, a, row, i);
      if (!(pivot > 0)) {
        return i + 1;
      }
      a[row + i] = Math.sqrt(pivot);
    }
    return 0;
  }

  @Override
  public void solveLower(double[] l, int n, int stride, double[] b, int m) {
    for (int i = 0; i < n; i++) { // rows of L outside: each is read once
      int row = i * stride;
      for (int r = 0; r < m; r++) {
        int at = r * n;
        b[at + i] = (b[at + i] - vectors.dot(l, row, b, at, i)) / l[row + i];
      }
    }
  }

  @Override
  public void solveLowerTransposed(double[] l, int n, int stride, double[] b, int m) {
    for (int i = n - 1; i >= 0; i--) {
      int row = i * stride;
      for (int r = 0; r < m; r++) {
        int at = r * n;
        double x = b[at + i] / l[row + i];
        b[at + i] = x;
        vectors.addScaled(-x, l, row, b, at, i);
      }
    }
  }

  @Override
  public void inverseFromCholesky(double[] l, int n, int stride) {
    // Row r of B: column r of L⁻¹ᵀ ... the rows of L⁻ᵀ L⁻¹ are the solutions for the unit vectors.
    var inverse = new double[n * n];
    for (int i = 0; i < n; i++) {
      inverse[i * n + i] = 1;
    }
    solveLower(l, n, stride, inverse, n);
    solveLowerTransposed(l, n, stride, inverse, n);
    for (int i = 0; i < n; i++) {
      System.arraycopy(inverse, i * n, l, i * stride, i + 1);
    }
  }

  @Override
  public void multiplyTransposed(
      int m, int n, int k, double alpha, double[] a, double[] b, double beta, double[] c) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double old = beta == 0 ? 0 : beta * c[i * n + j];
        c[i * n + j] = old + alpha * vectors.dot(a, i * k, b, j * k, k);
      }
    }
  }

  @Override
  public void multiplyTransposed(
      int m, int n, int k, float alpha, float[] a, float[] b, float beta, float[] c) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int l = 0; l < k; l++) {
          sum += a[i * k + l] * b[j * k + l];
        }
        c[i * n + j] = (beta == 0 ? 0 : beta * c[i * n + j]) + alpha * sum;
      }
    }
  }

  @Override
  public void symmetricRankK(int n, int k, double alpha, double[] a, double beta, double[] c) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double old = beta == 0 ? 0 : beta * c[i * n + j];
        c[i * n + j] = old + alpha * vectors.dot(a, i * k, a, j * k, k);
      }
    }
  }
}

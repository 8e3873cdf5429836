package dev.assay.internal.linalg;

/// Plain loops.
final class ScalarElementwise implements Elementwise {
  private static final double ROOT5 = Math.sqrt(5);

  @Override
  public double dot(double[] a, int aFrom, double[] b, int bFrom, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) { // four chains hide the latency of the addition
      s0 += a[aFrom + i] * b[bFrom + i];
      s1 += a[aFrom + i + 1] * b[bFrom + i + 1];
      s2 += a[aFrom + i + 2] * b[bFrom + i + 2];
      s3 += a[aFrom + i + 3] * b[bFrom + i + 3];
    }
    for (; i < n; i++) {
      s0 += a[aFrom + i] * b[bFrom + i];
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  public void addScaled(double alpha, double[] x, int xFrom, double[] y, int yFrom, int n) {
    for (int i = 0; i < n; i++) {
      y[yFrom + i] += alpha * x[xFrom + i];
    }
  }

  @Override
  public void exp(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = Math.exp(x[i]);
    }
  }

  @Override
  public void addSquaredDifference(double[] x, double c, double[] s, int n) {
    for (int i = 0; i < n; i++) {
      double difference = x[i] - c;
      s[i] += difference * difference;
    }
  }

  @Override
  public void addThreeSquaredDifferences(
      double[][] columns, int first, double[] c, double[] s, int n) {
    for (int j = first; j < first + 3; j++) {
      addSquaredDifference(columns[j], c[j], s, n);
    }
  }

  @Override
  public void subtractNormalExponent(double[] x, double[] sigma, double c, double[] s, int n) {
    for (int i = 0; i < n; i++) {
      double z = (x[i] - c) / sigma[i];
      s[i] -= z * z / 2;
    }
  }

  @Override
  public void matern52(double a, double[] s, double[] k, double[] g, int n) {
    for (int i = 0; i < n; i++) {
      double t = ROOT5 * Math.sqrt(s[i]);
      double e = a * Math.exp(-t);
      k[i] = (1 + t + 5.0 / 3 * s[i]) * e;
      g[i] = -5.0 / 6 * (1 + t) * e;
    }
  }

  @Override
  public double sumSquaredDifference(double[] w, double[] x, double c, int n) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i + 1 < n; i += 2) {
      double a = x[i] - c;
      double b = x[i + 1] - c;
      even += w[i] * (a * a);
      odd += w[i + 1] * (b * b);
    }
    if ((n & 1) == 1) {
      double a = x[n - 1] - c;
      even += w[n - 1] * (a * a);
    }
    return even + odd;
  }

  @Override
  public double sumDifference(double[] w, double[] x, double c, int n) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i + 1 < n; i += 2) {
      even += w[i] * (x[i] - c);
      odd += w[i + 1] * (x[i + 1] - c);
    }
    if ((n & 1) == 1) {
      even += w[n - 1] * (x[n - 1] - c);
    }
    return even + odd;
  }

  @Override
  public void separableMatern52(
      double[] u,
      double[] rise,
      double[] fall,
      double c,
      double riseC,
      double fallC,
      double[] z,
      double[] q,
      int n) {
    for (int i = 0; i < n; i++) {
      double t = Math.abs(u[i] - c);
      double e = Math.min(rise[i] * fallC, fall[i] * riseC);
      double linear = 1 + t;
      z[i] = (linear + t * t * (1.0 / 3)) * e;
      q[i] = linear * e;
    }
  }
}

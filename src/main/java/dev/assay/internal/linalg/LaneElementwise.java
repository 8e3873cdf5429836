package dev.assay.internal.linalg;

/// [SimdElementwise] in plain Java, lane by lane and to the last bit: what the compiler understands
/// at once, where code of the Vector API is interpreted, a hundred times as slow, for seconds.
final class LaneElementwise implements Elementwise {
  private final int width;

  /// @param width lanes of the vectors whose sums these are
  LaneElementwise(int width) {
    this.width = width;
  }

  private static double exp(double x) {
    double inside = Math.min(Math.max(x, -746), 710);
    double shifted = inside * SimdElementwise.LOG2_E + SimdElementwise.ROUND;
    double n = shifted - SimdElementwise.ROUND;
    double r = Math.fma(n, -SimdElementwise.LN2_HIGH, inside);
    r = Math.fma(n, -SimdElementwise.LN2_LOW, r);
    double series = SimdElementwise.TAYLOR[0];
    for (int i = 1; i < SimdElementwise.TAYLOR.length; i++) {
      series = Math.fma(series, r, SimdElementwise.TAYLOR[i]);
    }
    long whole =
        Double.doubleToRawLongBits(shifted) - Double.doubleToRawLongBits(SimdElementwise.ROUND);
    long half = whole >> 1;
    return series * power(half) * power(whole - half);
  }

  private static double power(long exponent) {
    return Double.longBitsToDouble(exponent + 1023 << 52);
  }

  private static double sum(double[] lanes) {
    double sum = lanes[0];
    for (int i = 1; i < lanes.length; i++) {
      sum += lanes[i];
    }
    return sum;
  }

  @Override
  public double dot(double[] a, int aFrom, double[] b, int bFrom, int n) {
    var s0 = new double[width];
    var s1 = new double[width];
    int i = 0;
    for (; i + 2 * width <= n; i += 2 * width) {
      for (int lane = 0; lane < width; lane++) {
        int k = i + lane;
        s0[lane] = Math.fma(a[aFrom + k], b[bFrom + k], s0[lane]);
        s1[lane] = Math.fma(a[aFrom + k + width], b[bFrom + k + width], s1[lane]);
      }
    }
    for (int lane = 0; lane < width; lane++) {
      s0[lane] += s1[lane];
    }
    double sum = sum(s0);
    for (; i < n; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
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
      x[i] = exp(x[i]);
    }
  }

  @Override
  public void addSquaredDifference(double[] x, double c, double[] s, int n) {
    for (int i = 0; i < n; i++) {
      double difference = x[i] - c;
      s[i] = Math.fma(difference, difference, s[i]);
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
      double square = s[i];
      double t = Math.sqrt(square) * SimdElementwise.ROOT5;
      double e = exp(-t) * a;
      double linear = t + 1;
      k[i] = (square * (5.0 / 3) + linear) * e;
      g[i] = linear * e * (-5.0 / 6);
    }
  }

  @Override
  public double sumSquaredDifference(double[] w, double[] x, double c, int n) {
    var sums = new double[width];
    for (int i = 0; i < n; i += width) {
      int end = Math.min(width, n - i);
      for (int lane = 0; lane < end; lane++) {
        double difference = x[i + lane] - c;
        sums[lane] = Math.fma(difference * difference, w[i + lane], sums[lane]);
      }
    }
    return sum(sums);
  }

  @Override
  public double sumDifference(double[] w, double[] x, double c, int n) {
    var sums = new double[width];
    for (int i = 0; i < n; i += width) {
      int end = Math.min(width, n - i);
      for (int lane = 0; lane < end; lane++) {
        sums[lane] = Math.fma(x[i + lane] - c, w[i + lane], sums[lane]);
      }
    }
    return sum(sums);
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
      double linear = t + 1;
      z[i] = (t * t * (1.0 / 3) + linear) * e;
      q[i] = linear * e;
    }
  }
}

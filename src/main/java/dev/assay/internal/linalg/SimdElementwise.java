package dev.assay.internal.linalg;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/// The Vector API, which only this class touches; tails by a mask.
///
/// Only operations are used whose every bit is defined. `reduceLanes(ADD)` may add in any order and
/// `EXP` is another function when it is interpreted than when it is compiled, so with them a result
/// would depend on when the JVM compiled the loop, and the same study would not give the same
/// trials.
final class SimdElementwise implements Elementwise {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  static final int WIDTH = SPECIES.length();
  static final double ROOT5 = Math.sqrt(5);

  static final double LOG2_E = 1.4426950408889634;

  /// ln 2 as the double nearest to it and the rest.
  static final double LN2_HIGH = 0x1.62e42fefa39efp-1;

  static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

  /// Added to a number below 2^51, leaves its nearest whole number in the low bits.
  static final double ROUND = 0x1.8p52;

  /// 1/13!, 1/12!, ..., 1/2!, 1, 1.
  static final double[] TAYLOR = taylor();

  private static double[] taylor() {
    var coefficients = new double[14];
    double factorial = 1;
    for (int i = 0; i < 14; i++) {
      factorial *= Math.max(1, i);
      coefficients[13 - i] = 1 / factorial;
    }
    return coefficients;
  }

  /// The lanes' sum, from the first to the last.
  private static double sum(DoubleVector lanes) {
    double sum = lanes.lane(0);
    for (int i = 1; i < WIDTH; i++) {
      sum += lanes.lane(i);
    }
    return sum;
  }

  /// e^x to about 1 ulp: x = n ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of e^r, whose
  /// rest is below 1e-17. 2^n in two factors, so that the smallest results are right too.
  private static DoubleVector exp(DoubleVector x) {
    var inside = x.max(-746).min(710);
    var shifted = inside.mul(LOG2_E).add(ROUND);
    var n = shifted.sub(ROUND);
    var r = n.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), inside);
    r = n.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), r);
    var series = DoubleVector.broadcast(SPECIES, TAYLOR[0]);
    for (int i = 1; i < TAYLOR.length; i++) {
      series = series.fma(r, DoubleVector.broadcast(SPECIES, TAYLOR[i]));
    }
    LongVector whole = shifted.reinterpretAsLongs().sub(Double.doubleToRawLongBits(ROUND));
    LongVector half = whole.lanewise(ASHR, 1);
    return series.mul(power(half)).mul(power(whole.sub(half)));
  }

  private static DoubleVector power(LongVector exponent) {
    return exponent.add(1023).lanewise(LSHL, 52).reinterpretAsDoubles();
  }

  @Override
  public double dot(double[] a, int aFrom, double[] b, int bFrom, int n) {
    var s0 = DoubleVector.zero(SPECIES);
    var s1 = DoubleVector.zero(SPECIES);
    int i = 0;
    for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
      s0 =
          DoubleVector.fromArray(SPECIES, a, aFrom + i)
              .fma(DoubleVector.fromArray(SPECIES, b, bFrom + i), s0);
      s1 =
          DoubleVector.fromArray(SPECIES, a, aFrom + i + WIDTH)
              .fma(DoubleVector.fromArray(SPECIES, b, bFrom + i + WIDTH), s1);
    }
    double sum = sum(s0.add(s1));
    for (; i < n; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }

  @Override
  public void addScaled(double alpha, double[] x, int xFrom, double[] y, int yFrom, int n) {
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      DoubleVector.fromArray(SPECIES, x, xFrom + i)
          .mul(alpha)
          .add(DoubleVector.fromArray(SPECIES, y, yFrom + i))
          .intoArray(y, yFrom + i);
    }
    for (; i < n; i++) {
      y[yFrom + i] += alpha * x[xFrom + i];
    }
  }

  @Override
  public void exp(double[] x, int n) {
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      exp(DoubleVector.fromArray(SPECIES, x, i)).intoArray(x, i);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      exp(DoubleVector.fromArray(SPECIES, x, i, mask)).intoArray(x, i, mask);
    }
  }

  @Override
  public void addSquaredDifference(double[] x, double c, double[] s, int n) {
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      var difference = DoubleVector.fromArray(SPECIES, x, i).sub(c);
      difference.fma(difference, DoubleVector.fromArray(SPECIES, s, i)).intoArray(s, i);
    }
    for (; i < n; i++) { // as a lane of a vector calculates
      double difference = x[i] - c;
      s[i] = Math.fma(difference, difference, s[i]);
    }
  }

  @Override
  public void addThreeSquaredDifferences(
      double[][] columns, int first, double[] c, double[] s, int n) {
    var x = columns[first];
    var y = columns[first + 1];
    var z = columns[first + 2];
    double cx = c[first];
    double cy = c[first + 1];
    double cz = c[first + 2];
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      var dx = DoubleVector.fromArray(SPECIES, x, i).sub(cx);
      var dy = DoubleVector.fromArray(SPECIES, y, i).sub(cy);
      var dz = DoubleVector.fromArray(SPECIES, z, i).sub(cz);
      var sum = DoubleVector.fromArray(SPECIES, s, i);
      dz.fma(dz, dy.fma(dy, dx.fma(dx, sum))).intoArray(s, i);
    }
    for (; i < n; i++) { // as a lane of a vector calculates
      double dx = x[i] - cx;
      double dy = y[i] - cy;
      double dz = z[i] - cz;
      s[i] = Math.fma(dz, dz, Math.fma(dy, dy, Math.fma(dx, dx, s[i])));
    }
  }

  @Override
  public void subtractNormalExponent(double[] x, double[] sigma, double c, double[] s, int n) {
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      var z =
          DoubleVector.fromArray(SPECIES, x, i)
              .sub(c)
              .div(DoubleVector.fromArray(SPECIES, sigma, i));
      DoubleVector.fromArray(SPECIES, s, i).sub(z.mul(z).mul(0.5)).intoArray(s, i);
    }
    for (; i < n; i++) {
      double z = (x[i] - c) / sigma[i];
      s[i] -= z * z / 2;
    }
  }

  @Override
  public void matern52(double a, double[] s, double[] k, double[] g, int n) {
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      var square = DoubleVector.fromArray(SPECIES, s, i);
      var t = square.sqrt().mul(ROOT5);
      var e = exp(t.neg()).mul(a);
      var linear = t.add(1);
      square.mul(5.0 / 3).add(linear).mul(e).intoArray(k, i);
      linear.mul(e).mul(-5.0 / 6).intoArray(g, i);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var square = DoubleVector.fromArray(SPECIES, s, i, mask);
      var t = square.sqrt().mul(ROOT5);
      var e = exp(t.neg()).mul(a);
      var linear = t.add(1);
      square.mul(5.0 / 3).add(linear).mul(e).intoArray(k, i, mask);
      linear.mul(e).mul(-5.0 / 6).intoArray(g, i, mask);
    }
  }

  @Override
  public double sumSquaredDifference(double[] w, double[] x, double c, int n) {
    var sum = DoubleVector.zero(SPECIES);
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      var difference = DoubleVector.fromArray(SPECIES, x, i).sub(c);
      sum = difference.mul(difference).fma(DoubleVector.fromArray(SPECIES, w, i), sum);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var difference = DoubleVector.fromArray(SPECIES, x, i, mask).sub(c);
      sum = difference.mul(difference).fma(DoubleVector.fromArray(SPECIES, w, i, mask), sum);
    }
    return sum(sum);
  }

  @Override
  public double sumDifference(double[] w, double[] x, double c, int n) {
    var sum = DoubleVector.zero(SPECIES);
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      var difference = DoubleVector.fromArray(SPECIES, x, i).sub(c);
      sum = difference.fma(DoubleVector.fromArray(SPECIES, w, i), sum);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var difference = DoubleVector.fromArray(SPECIES, x, i, mask).sub(c);
      sum = difference.fma(DoubleVector.fromArray(SPECIES, w, i, mask), sum);
    }
    return sum(sum);
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
    int i = 0;
    for (int bound = SPECIES.loopBound(n); i < bound; i += WIDTH) {
      var t = DoubleVector.fromArray(SPECIES, u, i).sub(c).abs();
      var e =
          DoubleVector.fromArray(SPECIES, rise, i)
              .mul(fallC)
              .min(DoubleVector.fromArray(SPECIES, fall, i).mul(riseC));
      var linear = t.add(1);
      t.mul(t).mul(1.0 / 3).add(linear).mul(e).intoArray(z, i);
      linear.mul(e).intoArray(q, i);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var t = DoubleVector.fromArray(SPECIES, u, i, mask).sub(c).abs();
      var e =
          DoubleVector.fromArray(SPECIES, rise, i, mask)
              .mul(fallC)
              .min(DoubleVector.fromArray(SPECIES, fall, i, mask).mul(riseC));
      var linear = t.add(1);
      t.mul(t).mul(1.0 / 3).add(linear).mul(e).intoArray(z, i, mask);
      linear.mul(e).intoArray(q, i, mask);
    }
  }
}

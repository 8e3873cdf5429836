package dev.assay.linalg;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.EXP;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// The Vector API, which only this class touches; tails by a mask.
final class SimdElementwise implements Elementwise {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int WIDTH = SPECIES.length();
  private static final double ROOT5 = Math.sqrt(5);

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
    double sum = s0.add(s1).reduceLanes(ADD);
    for (; i < n; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }

  @Override
  public void addScaled(double alpha, double[] x, int xFrom, double[] y, int yFrom, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
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
    for (; i + WIDTH <= n; i += WIDTH) {
      DoubleVector.fromArray(SPECIES, x, i).lanewise(EXP).intoArray(x, i);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      DoubleVector.fromArray(SPECIES, x, i, mask).lanewise(EXP).intoArray(x, i, mask);
    }
  }

  @Override
  public void addSquaredDifference(double[] x, double c, double[] s, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      var difference = DoubleVector.fromArray(SPECIES, x, i).sub(c);
      difference.fma(difference, DoubleVector.fromArray(SPECIES, s, i)).intoArray(s, i);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var difference = DoubleVector.fromArray(SPECIES, x, i, mask).sub(c);
      difference.fma(difference, DoubleVector.fromArray(SPECIES, s, i, mask)).intoArray(s, i, mask);
    }
  }

  @Override
  public void matern52(double a, double[] s, double[] k, double[] g, int n) {
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      var square = DoubleVector.fromArray(SPECIES, s, i);
      var t = square.sqrt().mul(ROOT5);
      var e = t.neg().lanewise(EXP).mul(a);
      var linear = t.add(1);
      square.mul(5.0 / 3).add(linear).mul(e).intoArray(k, i);
      linear.mul(e).mul(-5.0 / 6).intoArray(g, i);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var square = DoubleVector.fromArray(SPECIES, s, i, mask);
      var t = square.sqrt().mul(ROOT5);
      var e = t.neg().lanewise(EXP).mul(a);
      var linear = t.add(1);
      square.mul(5.0 / 3).add(linear).mul(e).intoArray(k, i, mask);
      linear.mul(e).mul(-5.0 / 6).intoArray(g, i, mask);
    }
  }

  @Override
  public double sumSquaredDifference(double[] w, double[] x, double c, int n) {
    var sum = DoubleVector.zero(SPECIES);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      var difference = DoubleVector.fromArray(SPECIES, x, i).sub(c);
      sum = difference.mul(difference).fma(DoubleVector.fromArray(SPECIES, w, i), sum);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var difference = DoubleVector.fromArray(SPECIES, x, i, mask).sub(c);
      sum = difference.mul(difference).fma(DoubleVector.fromArray(SPECIES, w, i, mask), sum);
    }
    return sum.reduceLanes(ADD);
  }

  @Override
  public double sumDifference(double[] w, double[] x, double c, int n) {
    var sum = DoubleVector.zero(SPECIES);
    int i = 0;
    for (; i + WIDTH <= n; i += WIDTH) {
      var difference = DoubleVector.fromArray(SPECIES, x, i).sub(c);
      sum = difference.fma(DoubleVector.fromArray(SPECIES, w, i), sum);
    }
    if (i < n) {
      var mask = SPECIES.indexInRange(i, n);
      var difference = DoubleVector.fromArray(SPECIES, x, i, mask).sub(c);
      sum = difference.fma(DoubleVector.fromArray(SPECIES, w, i, mask), sum);
    }
    return sum.reduceLanes(ADD);
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
    for (; i + WIDTH <= n; i += WIDTH) {
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

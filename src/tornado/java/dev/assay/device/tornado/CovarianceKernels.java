package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Covariances between points, and their derivatives: sums of products of leaves, as
/// `dev.assay.internal.engine.CovarianceProgram` lays them out, [#WORDS] integers for each of R.
/// Rasmussen and Williams 2006, chapter 4; Duvenaud, Nickisch and Rasmussen 2011 for additive
/// parts.
///
/// Points are columns: coordinate j of point i stands at i + j · stride.
final class CovarianceKernels {
  static final int LEAVES = 8;
  static final int WORDS = 2 + 2 * LEAVES + 16;

  private CovarianceKernels() {}

  /// K[r] = k(X, X; θ[r]) + (noise + jitter[r]) I, the lower triangles. A thread for each entry.
  static void covariance(
      KernelContext context,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray jitter,
      DoubleArray x,
      DoubleArray k) {
    fill(
        context.globalIdx,
        context.globalGroupSizeX,
        control,
        program,
        categorical,
        natural,
        jitter,
        x,
        k);
  }

  static void fill(
      int thread,
      int threads,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray jitter,
      DoubleArray x,
      DoubleArray k) {
    int n = control.get(Control.ROWS);
    int p = control.get(Control.PARAMETERS);
    int stride = control.get(Control.ROW_STRIDE);
    int square = n * n;
    int entries = control.get(Control.MATRICES) * square;
    for (int e = thread; e < entries; e += threads) {
      int r = e / square;
      int i = (e - r * square) / n;
      int j = e - r * square - i * n;
      if (j <= i) {
        int parameters = r * control.get(Control.PARAMETER_STRIDE);
        double value =
            between(
                control,
                program,
                r * WORDS,
                categorical,
                natural,
                parameters,
                x,
                i,
                stride,
                x,
                j,
                stride);
        if (i == j) {
          value += natural.get(parameters + p - 2) + jitter.get(r);
        }
        k.set((r * stride + i) * stride + j, value);
      }
    }
  }

  /// k(a, b): Σ over terms of the product of the term's leaves.
  static double between(
      IntArray control,
      IntArray program,
      int words,
      IntArray categorical,
      DoubleArray natural,
      int parameters,
      DoubleArray a,
      int ai,
      int as,
      DoubleArray b,
      int bi,
      int bs) {
    int leaves = program.get(words);
    int terms = program.get(words + 1);
    double sum = 0;
    for (int t = 0; t < terms; t++) {
      int bits = program.get(words + 2 + 2 * LEAVES + t);
      double product = 1;
      for (int l = 0; l < leaves; l++) {
        if ((bits >> l & 1) != 0) {
          product *=
              leaf(
                  control,
                  program,
                  words,
                  l,
                  categorical,
                  natural,
                  parameters,
                  a,
                  ai,
                  as,
                  b,
                  bi,
                  bs);
        }
      }
      sum += product;
    }
    return sum;
  }

  /// ∂k/∂(value of a leaf).
  static double leafFactor(
      IntArray control,
      IntArray program,
      int words,
      int leaf,
      IntArray categorical,
      DoubleArray natural,
      int parameters,
      DoubleArray a,
      int ai,
      int as,
      DoubleArray b,
      int bi,
      int bs) {
    int leaves = program.get(words);
    int terms = program.get(words + 1);
    double sum = 0;
    for (int t = 0; t < terms; t++) {
      int bits = program.get(words + 2 + 2 * LEAVES + t);
      if ((bits >> leaf & 1) != 0) {
        double product = 1;
        for (int l = 0; l < leaves; l++) {
          if (l != leaf && (bits >> l & 1) != 0) {
            product *=
                leaf(
                    control,
                    program,
                    words,
                    l,
                    categorical,
                    natural,
                    parameters,
                    a,
                    ai,
                    as,
                    b,
                    bi,
                    bs);
          }
        }
        sum += product;
      }
    }
    return sum;
  }

  /// The value of one leaf.
  static double leaf(
      IntArray control,
      IntArray program,
      int words,
      int leaf,
      IntArray categorical,
      DoubleArray natural,
      int parameters,
      DoubleArray a,
      int ai,
      int as,
      DoubleArray b,
      int bi,
      int bs) {
    int d = control.get(Control.DIMENSION);
    int kind = program.get(words + 2 + leaf);
    int at = parameters + program.get(words + 2 + LEAVES + leaf);
    int lengths = at + (kind == 5 ? 2 : 1);
    double first = 0;
    double second = 0;
    for (int j = 0; j < d; j++) {
      double u =
          LeafProfiles.difference(a.get(ai + j * as), b.get(bi + j * bs), categorical.get(j))
              * natural.get(lengths + j);
      if (kind < 4) {
        first += u * u;
      } else {
        double z = LeafProfiles.matern52(u * u);
        first += z;
        second += z * z;
      }
    }
    double value;
    if (kind < 4) {
      value =
          natural.get(at)
              * LeafProfiles.profile(kind, first, LeafProfiles.shape(kind, natural, lengths + d));
    } else {
      value = natural.get(at) * first;
      if (kind == 5) {
        value += natural.get(at + 1) * (first * first - second) / 2;
      }
    }
    return value;
  }

  /// Adds weight · ∂k(a, b)/∂θ to out[to + q · step].
  static void addHyperGradient(
      double weight,
      IntArray control,
      IntArray program,
      int words,
      IntArray categorical,
      DoubleArray natural,
      int parameters,
      DoubleArray a,
      int ai,
      DoubleArray b,
      int bi,
      int stride,
      DoubleArray out,
      int to,
      int step) {
    int d = control.get(Control.DIMENSION);
    int leaves = program.get(words);
    for (int l = 0; l < leaves; l++) {
      double w =
          weight
              * leafFactor(
                  control,
                  program,
                  words,
                  l,
                  categorical,
                  natural,
                  parameters,
                  a,
                  ai,
                  stride,
                  b,
                  bi,
                  stride);
      int kind = program.get(words + 2 + l);
      int own = program.get(words + 2 + LEAVES + l);
      int offset = own + (kind == 5 ? 2 : 1);
      int lengths = parameters + offset;
      double first = 0;
      double second = 0;
      for (int j = 0; j < d; j++) {
        double u =
            LeafProfiles.difference(
                    a.get(ai + j * stride), b.get(bi + j * stride), categorical.get(j))
                * natural.get(lengths + j);
        if (kind < 4) {
          first += u * u;
        } else {
          double z = LeafProfiles.matern52(u * u);
          first += z;
          second += z * z;
        }
      }
      double scale = natural.get(parameters + own);
      double pairs = 0;
      double radial = 0;
      if (kind < 4) {
        double alpha = LeafProfiles.shape(kind, natural, lengths + d);
        radial = scale * LeafProfiles.slope(kind, first, alpha);
        add(out, to + own * step, w * scale * LeafProfiles.profile(kind, first, alpha));
        if (kind == 3) {
          add(out, to + (offset + d) * step, w * scale * LeafProfiles.shapeSlope(first, alpha));
        }
      } else {
        add(out, to + own * step, w * scale * first);
        if (kind == 5) {
          pairs = natural.get(parameters + own + 1);
          add(out, to + (own + 1) * step, w * pairs * (first * first - second) / 2);
        }
      }
      for (int j = 0; j < d; j++) {
        double u =
            LeafProfiles.difference(
                    a.get(ai + j * stride), b.get(bi + j * stride), categorical.get(j))
                * natural.get(lengths + j);
        double slope = radial;
        if (kind >= 4) {
          slope =
              LeafProfiles.matern52Slope(u * u)
                  * (scale + pairs * (first - LeafProfiles.matern52(u * u)));
        }
        add(out, to + (offset + j) * step, -2 * w * slope * u * u);
      }
    }
  }

  /// Adds weight · ∂k(a, b)/∂a to out[to + j · step]; a category has no derivative.
  static void addPointGradient(
      double weight,
      IntArray control,
      IntArray program,
      int words,
      IntArray categorical,
      DoubleArray natural,
      int parameters,
      DoubleArray a,
      int ai,
      int as,
      DoubleArray b,
      int bi,
      int bs,
      DoubleArray out,
      int to,
      int step) {
    int d = control.get(Control.DIMENSION);
    int leaves = program.get(words);
    for (int l = 0; l < leaves; l++) {
      double w =
          weight
              * leafFactor(
                  control,
                  program,
                  words,
                  l,
                  categorical,
                  natural,
                  parameters,
                  a,
                  ai,
                  as,
                  b,
                  bi,
                  bs);
      int kind = program.get(words + 2 + l);
      int own = program.get(words + 2 + LEAVES + l);
      int lengths = parameters + own + (kind == 5 ? 2 : 1);
      double first = 0;
      for (int j = 0; j < d; j++) {
        double u =
            LeafProfiles.difference(a.get(ai + j * as), b.get(bi + j * bs), categorical.get(j))
                * natural.get(lengths + j);
        if (kind < 4) {
          first += u * u;
        } else {
          first += LeafProfiles.matern52(u * u);
        }
      }
      double scale = natural.get(parameters + own);
      double pairs = 0;
      double radial = 0;
      if (kind < 4) {
        radial =
            scale * LeafProfiles.slope(kind, first, LeafProfiles.shape(kind, natural, lengths + d));
      } else if (kind == 5) {
        pairs = natural.get(parameters + own + 1);
      }
      for (int j = 0; j < d; j++) {
        if (categorical.get(j) == 0) {
          double inverse = natural.get(lengths + j);
          double u = (a.get(ai + j * as) - b.get(bi + j * bs)) * inverse;
          double slope = radial;
          if (kind >= 4) {
            slope =
                LeafProfiles.matern52Slope(u * u)
                    * (scale + pairs * (first - LeafProfiles.matern52(u * u)));
          }
          add(out, to + j * step, 2 * w * slope * u * inverse);
        }
      }
    }
  }

  private static void add(DoubleArray out, int at, double value) {
    out.set(at, out.get(at) + value);
  }
}

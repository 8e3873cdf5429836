package dev.assay.internal.sampler.cmaes;

import java.util.Arrays;

/// The shape C of a search distribution N(m, σ²C), and its square root A with C = A Aᵀ.
///
/// Any A serves: it need not be symmetric, so a Cholesky factor does (Suttorp, Hansen and Igel
/// 2009), and no eigenvalues are needed.
sealed interface Covariance {
  /// A matrix, or its diagonal alone.
  static Covariance identity(int d, boolean diagonal) {
    var ones = new double[d];
    Arrays.fill(ones, 1);
    return ofDeviations(ones, diagonal);
  }

  /// As [#identity], of d standard deviations.
  static Covariance ofDeviations(double[] deviations, boolean diagonal) {
    return diagonal ? new Diagonal(deviations) : new Full(deviations);
  }

  /// y := A z.
  void shape(double[] z, double[] y);

  /// z := A⁻¹ y.
  void whiten(double[] y, double[] z);

  /// √Cⱼⱼ.
  double deviation(int j);

  /// C := keep·C + Σᵢ wᵢ yᵢ yᵢᵀ.
  ///
  /// @return false when the result is not positive definite any more, or nearly so; C is useless
  ///   then
  boolean update(double keep, double[] weights, double[][] ys);

  /// d × d.
  final class Full implements Covariance {
    /// Pivots below this share of their diagonal mean a condition beyond 1e14.
    private static final double LEAST_PIVOT = 1e-14;

    private final int d;

    /// Lower triangles, row by row in full rows.
    private final double[] c;

    private final double[] a;

    private Full(double[] deviations) {
      d = deviations.length;
      c = new double[d * d];
      a = new double[d * d];
      for (int j = 0; j < d; j++) {
        a[j * d + j] = deviations[j];
        c[j * d + j] = deviations[j] * deviations[j];
      }
    }

    @Override
    public void shape(double[] z, double[] y) {
      for (int i = 0; i < d; i++) {
        double sum = 0;
        for (int j = 0; j <= i; j++) {
          sum += a[i * d + j] * z[j];
        }
        y[i] = sum;
      }
    }

    @Override
    public void whiten(double[] y, double[] z) {
      for (int i = 0; i < d; i++) {
        double rest = y[i];
        for (int j = 0; j < i; j++) {
          rest -= a[i * d + j] * z[j];
        }
        z[i] = rest / a[i * d + i];
      }
    }

    @Override
    public double deviation(int j) {
      return Math.sqrt(c[j * d + j]);
    }

    @Override
    public boolean update(double keep, double[] weights, double[][] ys) {
      for (int i = 0; i < d; i++) {
        for (int j = 0; j <= i; j++) {
          c[i * d + j] *= keep;
        }
      }
      for (int k = 0; k < weights.length; k++) {
        var y = ys[k];
        for (int i = 0; i < d; i++) {
          double scaled = weights[k] * y[i];
          for (int j = 0; j <= i; j++) {
            c[i * d + j] += scaled * y[j];
          }
        }
      }
      return factor();
    }

    private boolean factor() {
      for (int i = 0; i < d; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = c[i * d + j];
          for (int k = 0; k < j; k++) {
            sum -= a[i * d + k] * a[j * d + k];
          }
          if (i > j) {
            a[i * d + j] = sum / a[j * d + j];
          } else if (sum > LEAST_PIVOT * c[i * d + i]) {
            a[i * d + i] = Math.sqrt(sum);
          } else {
            return false;
          }
        }
      }
      return true;
    }
  }

  /// The diagonal: d numbers.
  final class Diagonal implements Covariance {
    private final double[] variances;

    private Diagonal(double[] deviations) {
      variances = Arrays.stream(deviations).map(deviation -> deviation * deviation).toArray();
    }

    @Override
    public void shape(double[] z, double[] y) {
      for (int j = 0; j < y.length; j++) {
        y[j] = deviation(j) * z[j];
      }
    }

    @Override
    public void whiten(double[] y, double[] z) {
      for (int j = 0; j < z.length; j++) {
        z[j] = y[j] / deviation(j);
      }
    }

    @Override
    public double deviation(int j) {
      return Math.sqrt(variances[j]);
    }

    @Override
    public boolean update(double keep, double[] weights, double[][] ys) {
      boolean positive = true;
      for (int j = 0; j < variances.length; j++) {
        variances[j] *= keep;
        for (int k = 0; k < weights.length; k++) {
          variances[j] += weights[k] * ys[k][j] * ys[k][j];
        }
        positive &= variances[j] > 1e-28;
      }
      return positive;
    }
  }
}

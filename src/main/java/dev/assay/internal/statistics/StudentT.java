package dev.assay.internal.statistics;

/// Student's t distribution with whole degrees of freedom.
public final class StudentT {
  private StudentT() {}

  /// The value that a variable stays below with probability `p`.
  ///
  /// @param p in (0.5, 1)
  /// @param freedom degrees of freedom, at least 1
  public static double quantile(double p, int freedom) {
    double low = 0;
    double high = 1;
    while (within(high, freedom) < 2 * p - 1) {
      low = high;
      high *= 2;
    }
    while (Math.nextUp(low) < high) {
      double middle = low + (high - low) / 2;
      if (within(middle, freedom) < 2 * p - 1) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /// The probability of [-t, t] (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
  private static double within(double t, int freedom) {
    double theta = Math.atan(t / Math.sqrt(freedom));
    double square = Math.cos(theta) * Math.cos(theta);
    boolean odd = freedom % 2 == 1;
    double term = odd ? Math.cos(theta) : 1;
    double sum = freedom == 1 ? 0 : term;
    for (int k = odd ? 3 : 2; k < freedom - 1; k += 2) {
      term *= square * (k - 1) / k;
      sum += term;
    }
    return odd ? 2 / Math.PI * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
  }
}

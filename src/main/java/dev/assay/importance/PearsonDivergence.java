package dev.assay.importance;

import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import java.util.Arrays;

/// The Pearson divergence of one sample's density from another's, on the unit interval.
///
/// Few values are counted; many are smoothed by a Gaussian kernel of half of Scott's width (what
/// chance adds is taken off, so that less smoothing costs nothing), cut off at the ends of the
/// interval and the same for both samples, so that the ends distort neither against the other.
final class PearsonDivergence {
  private static final int CELLS = 64;

  /// Whole numbers of so many values at most are counted.
  private static final int COUNTED = 16;

  private PearsonDivergence() {}

  /// @param top a part of `all`
  static double of(Distribution distribution, double[] top, double[] all) {
    long values = distribution.count().orElse(Long.MAX_VALUE);
    if (distribution instanceof Choice || values <= COUNTED) {
      int cells = (int) values;
      return divergence(
          counts(distribution, top, cells), counts(distribution, all, cells), identity(cells));
    }
    return divergence(counts(top), counts(all), smoothing(width(top)));
  }

  private static double[] counts(Distribution distribution, double[] sample, int cells) {
    var counts = new double[cells];
    var codes = new double[cells];
    for (int c = 0; c < cells; c++) {
      codes[c] = distribution.toUnit(distribution.nth(c));
    }
    for (double x : sample) {
      int found = Arrays.binarySearch(codes, x);
      counts[found >= 0 ? found : Math.min(cells - 1, -found - 1)]++;
    }
    return counts;
  }

  private static double[] counts(double[] sample) {
    var counts = new double[CELLS];
    for (double x : sample) {
      counts[Math.min(CELLS - 1, (int) (x * CELLS))]++;
    }
    return counts;
  }

  /// Half of Scott's rule with the smaller of standard deviation and interquartile range / 1.34;
  /// not below a third of a cell.
  private static double width(double[] sample) {
    int n = sample.length;
    var sorted = sample.clone();
    Arrays.sort(sorted);
    double mean = Arrays.stream(sorted).average().orElse(0);
    double squares = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
    double deviation = Math.sqrt(squares / (n - 1));
    double quartiles = (sorted[Math.min(n - 1, 3 * n / 4)] - sorted[n / 4]) / 1.34;
    double spread = quartiles > 0 ? Math.min(deviation, quartiles) : deviation;
    return Math.max(0.33 / CELLS, 0.53 * spread * Math.pow(n, -0.2));
  }

  private static double[][] identity(int cells) {
    var kernel = new double[cells][cells];
    for (int c = 0; c < cells; c++) {
      kernel[c][c] = 1;
    }
    return kernel;
  }

  /// The kernel: row x, column b: the weight of cell b in the density at cell x. Columns sum to 1.
  private static double[][] smoothing(double width) {
    var kernel = new double[CELLS][CELLS];
    for (int b = 0; b < CELLS; b++) {
      double sum = 0;
      for (int x = 0; x < CELLS; x++) {
        double z = (x - b) / (width * CELLS);
        kernel[x][b] = Math.exp(-0.5 * z * z);
        sum += kernel[x][b];
      }
      for (int x = 0; x < CELLS; x++) {
        kernel[x][b] /= sum;
      }
    }
    return kernel;
  }

  /// The divergence less its expectation if `top` were drawn from `all` without replacement: Σ_x
  /// Var(p(x | top)) / p(x), where p(x | top) = Σ_b K(x, b) count(b) / m.
  private static double divergence(double[] top, double[] all, double[][] kernel) {
    double m = Arrays.stream(top).sum();
    double n = Arrays.stream(all).sum();
    double sum = 0;
    double chance = 0;
    for (double[] weights : kernel) {
      double p = 0;
      double q = 0;
      double square = 0;
      for (int b = 0; b < top.length; b++) {
        p += weights[b] * top[b] / m;
        q += weights[b] * all[b] / n;
        square += weights[b] * weights[b] * all[b] / n;
      }
      if (q > 1e-12) {
        sum += (p - q) * (p - q) / q;
        chance += (square - q * q) / q;
      }
    }
    return Math.max(0, sum - chance / m * (n - m) / Math.max(1, n - 1));
  }
}

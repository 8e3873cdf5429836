package dev.assay.gp;

import java.util.Arrays;
import org.apache.commons.math3.special.Erf;

/// The half-rank warp.
final class HalfRanks {
  private HalfRanks() {}

  static OutputWarp.Warped apply(double[] y) {
    int n = y.length;
    var sorted = y.clone();
    Arrays.sort(sorted);
    if (n < 3 || sorted[0] == sorted[n - 1]) {
      return Standardised.of(y, 0);
    }
    double median = sorted[n / 2];
    double spread = 0; // root mean square distance of the better half from the median
    for (int i = 0; i < n / 2; i++) {
      spread += (sorted[i] - median) * (sorted[i] - median);
    }
    spread = Math.sqrt(spread / Math.max(1, n / 2));
    spread = spread > 0 ? spread : sorted[n - 1] - median;
    var map = new double[n]; // of the sorted outputs
    double previous = Double.NaN;
    for (int i = 0; i < n; i++) {
      if (sorted[i] <= median) {
        map[i] = sorted[i];
      } else if (sorted[i] == previous) {
        map[i] = map[i - 1];
      } else {
        double quantile = (i + 0.5) / n;
        map[i] = median + spread * Math.sqrt(2) * Erf.erfInv(2 * quantile - 1);
      }
      previous = sorted[i];
    }
    double logJacobian = 0;
    for (int i = n / 2 + 1; i < n; i++) {
      double run = sorted[i] - sorted[i - 1];
      logJacobian += run > 0 ? Math.log((map[i] - map[i - 1]) / run) : 0;
    }
    var w = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = map[Arrays.binarySearch(sorted, y[i])];
    }
    return Standardised.of(w, logJacobian);
  }
}

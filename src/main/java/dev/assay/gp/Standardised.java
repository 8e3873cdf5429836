package dev.assay.gp;

import java.util.Arrays;

/// Scaling of outputs to mean 0 and variance 1.
final class Standardised {
  private Standardised() {}

  /// y moved and scaled to [0, 1] and back free of overflow, whatever its size; constant outputs
  /// give 0.
  static double[] scaled(double[] y) {
    double low = Arrays.stream(y).min().orElse(0);
    double high = Arrays.stream(y).max().orElse(0);
    if (!(Double.isFinite(low) && Double.isFinite(high))) {
      throw new IllegalArgumentException("outputs must be finite");
    }
    double half = high / 2 - low / 2; // the difference itself may overflow
    return Arrays.stream(y).map(v -> half == 0 ? 0 : (v / 2 - low / 2) / half).toArray();
  }

  /// @param logJacobian Σ log dw/dy of what was done so far
  static OutputWarp.Warped of(double[] w, double logJacobian) {
    int n = w.length;
    double mean = Arrays.stream(w).average().orElse(0);
    double variance = Arrays.stream(w).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    double sd = Math.sqrt(variance);
    if (!(sd > 0)) {
      return new OutputWarp.Warped(new double[n], 0);
    }
    var z = Arrays.stream(w).map(v -> (v - mean) / sd).toArray();
    return new OutputWarp.Warped(z, logJacobian - n * Math.log(sd));
  }
}

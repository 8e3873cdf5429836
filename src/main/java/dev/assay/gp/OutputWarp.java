package dev.assay.gp;

import java.util.Arrays;

/// A monotone change of the outputs before they are standardised. Which one suits is decided by
/// likelihood: the model's evidence on the warped outputs plus the logarithm of the warp's Jacobian
/// is the evidence of the outputs themselves, and so comparable.
public sealed interface OutputWarp {
  /// Standardised outputs.
  ///
  /// @param z n values of mean 0 and variance 1; all 0 where the outputs are constant
  /// @param logJacobian Σ log dz/dy, up to a constant that is the same for every warp of the same
  ///   outputs
  @SuppressWarnings("ArrayRecordComponent")
  record Warped(double[] z, double logJacobian) {}

  /// @param y n finite outputs, to be minimised
  Warped apply(double[] y);

  /// y itself.
  record Identity() implements OutputWarp {
    @Override
    public Warped apply(double[] y) {
      return Standardised.of(Standardised.scaled(y), 0);
    }
  }

  /// Box and Cox 1964 on t = (y - min) + 0.1 (median - min), which is positive: (t^λ - 1)/λ, log t
  /// for λ = 0.
  record Power(double lambda) implements OutputWarp {
    @Override
    public Warped apply(double[] y) {
      var scaled = Standardised.scaled(y);
      var sorted = scaled.clone();
      Arrays.sort(sorted);
      int n = y.length;
      if (n == 0 || sorted[0] == sorted[n - 1]) {
        return new Warped(new double[n], 0);
      }
      double low = sorted[0];
      double gap = sorted[n / 2] - low;
      double offset = 0.1 * (gap > 0 ? gap : sorted[n - 1] - low); // more than half at the minimum
      double logJacobian = 0;
      var w = new double[n];
      for (int i = 0; i < n; i++) {
        double log = Math.log(scaled[i] - low + offset);
        w[i] = lambda == 0 ? log : Math.expm1(lambda * log) / lambda;
        logJacobian += (lambda - 1) * log;
      }
      return Standardised.of(w, logJacobian);
    }
  }

  /// Outputs worse than the median are replaced by normal quantiles of their ranks, stretched so
  /// that the better half, which is kept, fits on; ties share a rank. As in Google Vizier (Song et
  /// al. 2024, section 4.1). The Jacobian is that of the piecewise linear map through the points.
  record HalfRank() implements OutputWarp {
    @Override
    public Warped apply(double[] y) {
      return HalfRanks.apply(Standardised.scaled(y));
    }
  }
}

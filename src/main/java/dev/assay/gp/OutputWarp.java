package dev.assay.gp;

import dev.assay.problem.Problem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A monotone change of the outputs before they are standardised. Which one suits is decided by
/// likelihood: the model's on the warped outputs, its logarithm plus that of the warp's Jacobian,
/// is that of the outputs themselves, and so comparable. Computed on the processor; anybody may
/// implement it.
public interface OutputWarp {
  /// Standardised outputs.
  ///
  /// @param z n values of mean 0 and variance 1; all 0 where the outputs are constant
  /// @param logJacobian Σ log dz/dy, up to a constant that is the same for every warp of the same
  ///   outputs
  @SuppressWarnings("ArrayRecordComponent")
  record Warped(double[] z, double logJacobian) {}

  /// @param y n finite outputs, to be minimised; left as they are
  Warped apply(double[] y);

  /// Standardised outputs of warped ones, for implementers.
  ///
  /// @param w n warped outputs
  /// @param logJacobian Σ log dw/dy
  static Warped standardised(double[] w, double logJacobian) {
    return Standardised.of(w, logJacobian);
  }

  /// What a warp gives, checked: it keeps the order, and its outputs are standardised.
  ///
  /// @throws Problem that names the warp
  static Warped checked(OutputWarp warp, double[] y) {
    var given = y.clone();
    Warped warped;
    try {
      warped = warp.apply(given);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw fault(warp, e.toString(), e);
    }
    var z = warped.z();
    if (z.length != y.length || !Double.isFinite(warped.logJacobian())) {
      throw fault(
          warp,
          z.length + " values of " + y.length + ", log Jacobian " + warped.logJacobian(),
          null);
    }
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < z.length; i++) {
      if (!Double.isFinite(z[i]) || given[i] != y[i]) {
        throw fault(warp, z[i] + " for " + y[i] + ", which is now " + given[i], null);
      }
      for (int k = Math.max(0, i - 1); k < i; k++) {
        if (y[k] < y[i] && z[k] > z[i] || y[k] > y[i] && z[k] < z[i]) {
          throw fault(warp, y[k] + ", " + y[i] + " became " + z[k] + ", " + z[i], null);
        }
      }
      sum += z[i];
      squares += z[i] * z[i];
    }
    double n = Math.max(1, z.length);
    boolean constant = squares == 0;
    if (!constant && (Math.abs(sum / n) > 1e-6 || Math.abs(squares / n - 1) > 1e-6)) {
      throw fault(warp, "mean " + sum / n + ", mean square " + squares / n, null);
    }
    return warped;
  }

  private static Problem fault(OutputWarp warp, String what, @Nullable Throwable cause) {
    return new Problem(
        "The output warp " + warp.getClass().getName() + " cannot be used.",
        what,
        "Keep the order, and end with OutputWarp.standardised. What was told so far is kept.",
        cause);
  }

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

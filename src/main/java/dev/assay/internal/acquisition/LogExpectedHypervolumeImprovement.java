package dev.assay.internal.acquisition;

import dev.assay.internal.pareto.ParetoCells;
import dev.assay.internal.statistics.NormalTail;
import java.util.List;

/// log of the expected growth of the dominated hypervolume, two or three objectives, which are
/// modelled as independent: log Σ over cells of Π over objectives of (ψ(upper) - ψ(lower)), ψ(b) =
/// E[max(0, b - f)] = s h((b - μ)/s). Yang, Emmerich, Deutz and Bäck 2019, Eq. 15; in logarithms as
/// Ament et al. 2023, section 4.
///
/// @param firstModel the objectives' models are firstModel, firstModel + 1, ...
/// @param cells disjoint boxes that fill what the front does not dominate, below the reference
///   point
public record LogExpectedHypervolumeImprovement(int firstModel, List<ParetoCells.Cell> cells)
    implements AcquisitionFunction.BuiltIn {
  public LogExpectedHypervolumeImprovement {
    cells = List.copyOf(cells);
  }

  @Override
  public double value(double[] mean, double[] sd) {
    double top = Double.NEGATIVE_INFINITY;
    var logs = new double[cells.size()];
    for (int c = 0; c < logs.length; c++) {
      var cell = cells.get(c);
      for (int k = 0; k < cell.upper().length; k++) {
        logs[c] +=
            logSlab(cell.lower()[k], cell.upper()[k], mean[firstModel + k], sd[firstModel + k]);
      }
      top = Math.max(top, logs[c]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - top);
    }
    return top + Math.log(sum);
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double total = value(mean, sd);
    for (var cell : cells) {
      double log = 0;
      for (int k = 0; k < cell.upper().length; k++) {
        log += logSlab(cell.lower()[k], cell.upper()[k], mean[firstModel + k], sd[firstModel + k]);
      }
      double share = weight * Math.exp(log - total);
      if (share != 0) {
        for (int k = 0; k < cell.upper().length; k++) {
          slabSlope(cell.lower()[k], cell.upper()[k], firstModel + k, mean, sd, share, dMean, dSd);
        }
      }
    }
    return total;
  }

  private static double logPsi(double bound, double mean, double sd) {
    return bound == Double.NEGATIVE_INFINITY
        ? Double.NEGATIVE_INFINITY
        : Math.log(sd) + NormalTail.logH((bound - mean) / sd);
  }

  /// log(ψ(upper) - ψ(lower)).
  private static double logSlab(double lower, double upper, double mean, double sd) {
    double above = logPsi(upper, mean, sd);
    double ratio = Math.exp(logPsi(lower, mean, sd) - above);
    return above + Math.log1p(-Math.min(ratio, 1 - 1e-16));
  }

  private static void slabSlope(
      double lower,
      double upper,
      int model,
      double[] mean,
      double[] sd,
      double weight,
      double[] dMean,
      double[] dSd) {
    double m = mean[model];
    double s = sd[model];
    double above = logPsi(upper, m, s);
    double ratio = Math.min(Math.exp(logPsi(lower, m, s) - above), 1 - 1e-16);
    addPsiSlope((upper - m) / s, s, weight / (1 - ratio), model, dMean, dSd);
    if (ratio > 0) {
      addPsiSlope((lower - m) / s, s, -weight * ratio / (1 - ratio), model, dMean, dSd);
    }
  }

  private static void addPsiSlope(
      double u, double s, double weight, int model, double[] dMean, double[] dSd) {
    double slope = NormalTail.logHSlope(u);
    dMean[model] -= weight * slope / s;
    dSd[model] += weight * (1 - u * slope) / s;
  }
}

package dev.assay.train;

import java.util.Map;

/// What one fold gave.
///
/// @param epochs trained
/// @param trainLoss of the last epoch, as [LaneReport#trainLoss]
/// @param scores every metric on the validation rows; NaN where the fold diverged
public record FoldResult(
    int fold,
    int epochs,
    LaneReport.State state,
    double trainLoss,
    Map<Metric, Double> scores,
    double fitSeconds) {
  public FoldResult {
    scores = Map.copyOf(scores);
  }

  public double score(Metric metric) {
    return scores.getOrDefault(metric, Double.NaN);
  }
}

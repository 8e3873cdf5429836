package dev.assay.train;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// What a configuration gave, fold by fold.
public record TrainResult(List<FoldResult> folds) {
  public TrainResult {
    folds = List.copyOf(folds);
  }

  /// The mean of the folds' scores; NaN when one of them diverged.
  public double mean(Metric metric) {
    return sum(fold -> fold.score(metric)) / folds.size();
  }

  /// The population standard deviation of the folds' scores; 0 for a single fold.
  public double deviation(Metric metric) {
    double mean = mean(metric);
    double squares = sum(fold -> (fold.score(metric) - mean) * (fold.score(metric) - mean));
    return Math.sqrt(squares / folds.size());
  }

  /// Whether a fold diverged: then the trial failed.
  public boolean diverged() {
    return folds.stream().anyMatch(fold -> fold.state() == LaneReport.State.DIVERGED);
  }

  /// Whether nothing is left to train.
  public boolean ended() {
    return folds.stream().noneMatch(fold -> fold.state() == LaneReport.State.RUNNING);
  }

  /// The folds' training times together: seconds of one core, or of the device.
  public double fitSeconds() {
    return sum(FoldResult::fitSeconds);
  }

  // In the order of the folds: a parallel or compensated sum might differ in the last bit.
  private double sum(ToDoubleFunction<FoldResult> value) {
    double sum = 0;
    for (var fold : folds) {
      sum += value.applyAsDouble(fold);
    }
    return sum;
  }
}

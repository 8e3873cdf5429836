package dev.assay.train;

import dev.assay.internal.problem.Require;

/// y ↦ (y - mean) / deviation: models learn numbers of mean 0 and variance 1 over the training
/// rows, whatever their unit, so that one learning rate suits prices and probabilities. Classes are
/// left as they are.
///
/// @param mean of the training rows; 0 for classes
/// @param deviation of the training rows (population); 1 for classes and constants
public record TargetScale(double mean, double deviation) {
  public TargetScale {
    Require.finite("target", "mean", mean);
    Require.inRange("target", "deviation", deviation, Double.MIN_VALUE, Double.MAX_VALUE);
  }

  static final TargetScale NONE = new TargetScale(0, 1);

  static TargetScale fit(Target target, int[] rows) {
    if (!(target instanceof Target.Quantity(_, var values))) {
      return NONE;
    }
    double sum = 0;
    for (int row : rows) {
      sum += values[row];
    }
    double mean = sum / rows.length;
    double squares = 0;
    for (int row : rows) {
      squares += (values[row] - mean) * (values[row] - mean);
    }
    double deviation = Math.sqrt(squares / rows.length);
    return new TargetScale(mean, deviation > 0 ? deviation : 1);
  }

  /// As models see it.
  public float scaled(float y) {
    return (float) ((y - mean) / deviation);
  }

  /// A model's output, in the unit of the data.
  public float unscaled(float z) {
    return (float) (mean + deviation * z);
  }
}

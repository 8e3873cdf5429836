package dev.assay.compare;

import dev.assay.trial.Direction;
import org.jspecify.annotations.Nullable;

/// One finished run: a case, a contender, a seed, and how the best value moved.
///
/// @param problem the case's name
/// @param sampler the contender's label
/// @param fingerprint of the study's definition, its budget and the build: what was run
/// @param trials how many ended
/// @param seconds wall time
/// @param suggestSeconds of that inside the sampler
/// @param simulated the simulated clock at the end; null where there is none
/// @param cost what its trials cost together, in a metric of theirs; null where none was asked for,
///   or no trial said it
/// @param improvements the moments at which the best value changed
@SuppressWarnings("ArrayRecordComponent")
public record FinishedRun(
    String problem,
    String sampler,
    long seed,
    String fingerprint,
    int trials,
    int completed,
    int pruned,
    int failed,
    double seconds,
    double suggestSeconds,
    @Nullable Double simulated,
    @Nullable Double cost,
    Improvements improvements) {

  /// One entry for each improvement, in the order in which trials ended.
  ///
  /// @param trials how many trials had ended, this one included
  /// @param values the best value from then on
  /// @param seconds wall time from the run's start
  /// @param simulated the simulated clock; null where there is none
  /// @param cost what the trials so far cost; null where that is not known
  public record Improvements(
      int[] trials,
      double[] values,
      double[] seconds,
      double @Nullable [] simulated,
      double @Nullable [] cost) {}

  /// Over what a curve goes.
  public enum Axis {
    TRIALS,
    SECONDS,
    SIMULATED,
    COST
  }

  /// The loss at the end; infinite where no trial completed.
  public double loss(Direction direction) {
    var values = improvements.values();
    return values.length == 0
        ? Double.POSITIVE_INFINITY
        : direction.asLoss(values[values.length - 1]);
  }

  /// The best loss at a moment; infinite before the first completed trial.
  public double lossAt(Axis axis, double moment, Direction direction) {
    double loss = Double.POSITIVE_INFINITY;
    for (int i = 0; i < improvements.values().length && moment(axis, i) <= moment; i++) {
      loss = direction.asLoss(improvements.values()[i]);
    }
    return loss;
  }

  /// When the i-th improvement came.
  double moment(Axis axis, int i) {
    return switch (axis) {
      case TRIALS -> improvements.trials()[i];
      case SECONDS -> improvements.seconds()[i];
      case SIMULATED -> at(improvements.simulated(), i);
      case COST -> at(improvements.cost(), i);
    };
  }

  private static double at(double @Nullable [] moments, int i) {
    return moments == null ? Double.NaN : moments[i];
  }

  /// When the run ended.
  double end(Axis axis) {
    return switch (axis) {
      case TRIALS -> trials;
      case SECONDS -> seconds;
      case SIMULATED -> simulated == null ? Double.NaN : simulated;
      case COST -> cost == null ? 0 : cost;
    };
  }
}

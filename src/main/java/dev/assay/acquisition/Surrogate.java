package dev.assay.acquisition;

import dev.assay.internal.problem.Require;

/// Something that trials bring beside the objective, and that has a model of its own: what a trial
/// costs, how large a model is.
///
/// @param metric a numeric attribute of trials, or `seconds`: how long they ran. Trials that do not
///   have it count with the median of the others
/// @param logarithm whether its logarithm is modelled, as suits times and sizes; then it is
///   positive, and believed in logarithms
public record Surrogate(String metric, boolean logarithm) {
  public Surrogate {
    Require.named("surrogate", "metric", metric);
  }

  /// Of the values as they are.
  public static Surrogate of(String metric) {
    return new Surrogate(metric, false);
  }

  /// Of their natural logarithm.
  public static Surrogate logarithmOf(String metric) {
    return new Surrogate(metric, true);
  }
}

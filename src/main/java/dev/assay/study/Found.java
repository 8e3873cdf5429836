package dev.assay.study;

import dev.assay.trial.TrialRecord;
import java.util.List;

/// A complete trial and its configuration.
///
/// @param <C> what a configuration is for the objective
public record Found<C>(C configuration, TrialRecord trial) {
  public int number() {
    return trial.number();
  }

  /// The value of the first objective.
  public double value() {
    return trial.value();
  }

  /// One value for each objective, in the study's order.
  public List<Double> values() {
    return trial.values();
  }
}

package dev.assay.study;

import dev.assay.trial.Outcome;

/// What a study optimises, as Java code.
///
/// @param <C> what a configuration is
@FunctionalInterface
public interface ObjectiveFunction<C> {
  /// Evaluates a configuration.
  ///
  /// @return how the trial ended
  /// @throws Exception the trial is failed then, and the study goes on; [InterruptedException]
  ///   gives it back instead, to be run again
  Outcome evaluate(C configuration, Trial<C> trial) throws Exception;
}

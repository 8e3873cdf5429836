package dev.assay.study;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;

/// Told of what happens in a study, one call at a time, on the thread that caused it.
///
/// A listener that throws is logged and otherwise ignored: the others are told all the same.
public interface StudyListener {
  /// A trial begins to run.
  default void started(TrialRecord trial) {}

  /// A running trial reported intermediate values.
  default void reported(int trial, Report report) {}

  /// A trial ended.
  default void ended(TrialRecord trial) {}
}

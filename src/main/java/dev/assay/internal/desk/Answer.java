package dev.assay.internal.desk;

import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;

/// What is said to whoever asks for a trial.
public sealed interface Answer {
  /// This one began.
  record Begun(TrialRecord trial) implements Answer {}

  /// None now.
  record Wait() implements Answer {}

  /// None any more.
  record Finished(StopReason reason) implements Answer {}
}

package dev.assay.study;

import dev.assay.trial.StopReason;

/// What [Study#tryAsk] answers.
public sealed interface Asked<C> {
  /// Here is a trial: run it and tell its outcome.
  record Ready<C>(Trial<C> trial) implements Asked<C> {}

  /// Nothing now: the batch rule needs outcomes of trials under way first.
  record Wait<C>() implements Asked<C> {}

  /// Nothing more will come.
  record Finished<C>(StopReason reason) implements Asked<C> {}
}

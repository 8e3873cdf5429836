package dev.assay.random;

/// What a stream of random numbers is for. Streams of different purposes are independent.
///
/// The ordinal is part of every stream's address: append, never reorder.
public enum Purpose {
  /// Choosing a trial's configuration.
  PROPOSAL,
  /// What an objective draws for itself; [Streams#seed] of it is the trial's public seed.
  OBJECTIVE,
  /// A model's initial weights.
  INITIALISATION,
  /// The order of the rows within an epoch.
  SHUFFLE,
  /// Which row is in which fold.
  FOLDS,
  /// Scrambling of a low-discrepancy sequence.
  SCRAMBLE,
  /// Dropout masks.
  DROPOUT,
  /// Starting points and candidates of the acquisition's maximiser.
  ACQUISITION,
  /// Starting points of a hyperparameter fit.
  FIT,
  /// Exploration steps of population based training.
  EXPLORATION,
  /// Resampling of statistics.
  BOOTSTRAP,
  /// Where a search begins anew.
  RESTART,
  /// Candidates' coordinates beyond those of a low-discrepancy sequence.
  CANDIDATE,
  /// Points that a search without a lead fills the space with.
  FILLING
}

package dev.assay.train;

/// What a hidden layer applies to each of its units.
public enum Activation {
  /// max(0, x); its derivative at 0 is 0.
  RELU,
  TANH
}

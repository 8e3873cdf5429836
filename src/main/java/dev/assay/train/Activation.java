package dev.assay.train;

/// What a hidden layer applies to each of its units.
public enum Activation {
  /// max(0, x); its derivative at 0 is 0.
  RELU,
  TANH,
  /// ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))): the Gaussian error linear unit in the form of
  /// Hendrycks and Gimpel 2016, section 2, which is within 5e-4 of x Φ(x).
  GELU
}

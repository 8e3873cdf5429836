package dev.assay.gp;

/// What a hyperparameter is: decides its prior, its bounds and where a fit starts.
public enum ParameterRole {
  /// log of a product covariance's variance.
  SCALE,
  /// log of a coordinate's length scale in a product covariance.
  LENGTH_SCALE,
  /// log of the variance of an additive part.
  ADDITIVE_SCALE,
  /// log of a coordinate's length scale in an additive part.
  ADDITIVE_LENGTH_SCALE,
  /// log α of the rational quadratic.
  SHAPE,
  /// log of a positive parameter that none of these is.
  OTHER,
  /// log σ².
  NOISE,
  /// m, not a logarithm.
  MEAN
}

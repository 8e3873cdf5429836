package dev.assay.internal.gp;

import dev.assay.gp.ParameterBelief;
import dev.assay.gp.ParameterRole;
import dev.assay.gp.Prior;

/// What is believed of hyperparameters before data: one prior, bounds and starting value a role.
///
/// Coordinates stand in the unit cube, outputs are standardised.
public enum PriorFamily {
  /// Dimension-scaled log-normal length scales (Hvarfner, Hellsten and Nardi 2024), as the mode of
  /// the density over ℓ, with noise believed small but learned.
  DIMENSION_SCALED,
  /// The priors of Optuna's sampler: -(0.1/w + 0.1w) on inverse squared length scales, Gamma(2, 1)
  /// on the scale, Gamma(1.1, 30) on the noise.
  OPTUNA;

  private static final double LOG_HALF = Math.log(0.5);
  private static final ParameterBelief ADDITIVE_SCALE =
      new ParameterBelief(new Prior.Normal(LOG_HALF, 1), Math.log(1e-3), Math.log(1e2), LOG_HALF);
  private static final ParameterBelief ADDITIVE_LENGTH =
      new ParameterBelief(
          new Prior.Normal(Math.log(0.3), 1), Math.log(0.02), Math.log(50), Math.log(0.3));
  private static final ParameterBelief SHAPE =
      new ParameterBelief(new Prior.Normal(0, 1), Math.log(0.05), Math.log(50), 0);

  private static final ParameterBelief OTHER = ParameterBelief.about(1, 1);

  public ParameterBelief belief(ParameterRole role, int d) {
    return switch (this) {
      case DIMENSION_SCALED -> dimensionScaled(role, d);
      case OPTUNA -> optuna(role);
    };
  }

  private static ParameterBelief dimensionScaled(ParameterRole role, int d) {
    double mode = Math.sqrt(2) + Math.log(d) / 2 - 3;
    return switch (role) {
      case SCALE ->
          new ParameterBelief(
              new Prior.Normal(LOG_HALF, 1), Math.log(1e-3), Math.log(1e2), LOG_HALF);
      case LENGTH_SCALE ->
          new ParameterBelief(
              new Prior.Normal(mode, Math.sqrt(3)), Math.log(0.02), Math.log(50), mode);
      case ADDITIVE_SCALE -> ADDITIVE_SCALE;
      case ADDITIVE_LENGTH_SCALE -> ADDITIVE_LENGTH;
      case SHAPE -> SHAPE;
      case OTHER -> OTHER;
      case NOISE -> new ParameterBelief(new Prior.Normal(-11, 2), Math.log(1e-6), 0, -11);
      case MEAN -> new ParameterBelief(new Prior.Normal(0, 1), -5, 5, 0);
    };
  }

  private static ParameterBelief optuna(ParameterRole role) {
    return switch (role) {
      case SCALE -> new ParameterBelief(new Prior.Gamma(2, 1), Math.log(1e-3), Math.log(1e2), 0);
      case LENGTH_SCALE ->
          new ParameterBelief(new Prior.InverseSquare(0.1), Math.log(0.02), Math.log(50), 0);
      case ADDITIVE_SCALE -> ADDITIVE_SCALE;
      case ADDITIVE_LENGTH_SCALE -> ADDITIVE_LENGTH;
      case SHAPE -> SHAPE;
      case OTHER -> OTHER;
      case NOISE ->
          new ParameterBelief(new Prior.Gamma(1.1, 30), Math.log(1e-6), 0, Math.log(1e-4));
      case MEAN -> new ParameterBelief(new Prior.Flat(), 0, 0, 0);
    };
  }
}

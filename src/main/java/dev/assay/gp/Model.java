package dev.assay.gp;

import java.util.EnumMap;
import java.util.Map;

/// A Gaussian process as it is put together: a covariance function on warped outputs, and what is
/// believed of the hyperparameters. Each part may be anybody's.
///
/// @param beliefs by role; of others what the covariance function believes, else what suits the
///   role ([dev.assay.internal.gp.PriorFamily])
public record Model(
    CovarianceFunction covariance, OutputWarp warp, Map<ParameterRole, ParameterBelief> beliefs) {
  public Model {
    beliefs = Map.copyOf(beliefs);
  }

  /// A covariance function on the outputs as they are, with noise that is learned.
  public static Model of(CovarianceFunction covariance) {
    return new Model(covariance, new OutputWarp.Identity(), Map.of());
  }

  /// The same on outputs that are warped.
  public Model on(OutputWarp other) {
    return new Model(covariance, other, beliefs);
  }

  /// The same with other noise.
  public Model noise(Noise noise) {
    var belief = noise.belief();
    if (belief != null) {
      return believing(ParameterRole.NOISE, belief);
    }
    var all = new EnumMap<ParameterRole, ParameterBelief>(ParameterRole.class);
    all.putAll(beliefs);
    all.remove(ParameterRole.NOISE);
    return new Model(covariance, warp, all);
  }

  /// The same with another belief of every hyperparameter of a role.
  public Model believing(ParameterRole role, ParameterBelief belief) {
    var all = new EnumMap<ParameterRole, ParameterBelief>(ParameterRole.class);
    all.putAll(beliefs);
    all.put(role, belief);
    return new Model(covariance, warp, all);
  }
}

package dev.assay.gp;

import org.jspecify.annotations.Nullable;

/// What is believed of the noise: normal, of one variance, which is relative to that of the
/// outputs.
///
/// @param belief of the logarithm of its variance; null: learned, and believed small
public record Noise(@Nullable ParameterBelief belief) {
  /// Learned, and believed small.
  public static Noise learned() {
    return new Noise(null);
  }

  /// Learned, under a belief of one's own: any [Prior], of the variance's logarithm.
  public static Noise learned(ParameterBelief belief) {
    return new Noise(belief);
  }

  /// Known.
  ///
  /// @param variance relative to the variance of the outputs, positive
  public static Noise known(double variance) {
    return new Noise(ParameterBelief.known(variance));
  }
}

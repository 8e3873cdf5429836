package dev.assay.internal.engine;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What speaks for points beside what models expect of them: the logarithm of a factor by which the
/// acquisition is multiplied. Of acquisitions that are no logarithms of something positive (upper
/// confidence bounds, Thompson's draws) it counts in standard deviations of the outputs.
public interface Preference {
  /// Adds it to acquisition values at m canonical points.
  ///
  /// @param points m × d
  /// @param values m at least, in and out
  /// @param gradients m × d at least, in and out; null where none are asked for
  void addTo(double[] points, double[] values, double @Nullable [] gradients);

  /// A point where it is high, to be looked at beside others.
  double[] draw(RandomGenerator random);
}

package dev.assay.pruner;

import java.util.Arrays;

/// Sample percentiles, linearly interpolated (Hyndman and Fan 1996, definition 7).
final class Percentiles {
  private Percentiles() {}

  /// @param values not empty, sorted by this call
  static double of(double[] values, double percent) {
    Arrays.sort(values);
    double position = percent / 100 * (values.length - 1);
    int below = (int) position;
    double rest = position - below;
    // No arithmetic between equals: they may be infinite.
    return rest == 0 || values[below] == values[below + 1]
        ? values[below]
        : values[below] * (1 - rest) + values[below + 1] * rest;
  }
}

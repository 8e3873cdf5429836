package dev.assay.internal.pruner;

/// Sample percentiles, linearly interpolated (Hyndman and Fan 1996, definition 7).
final class Percentiles {
  private Percentiles() {}

  /// The percentile of losses and some more; not both are empty.
  ///
  /// @param more sorted
  static double of(OrderedLosses losses, double[] more, double percent) {
    double position = percent / 100 * (losses.size() + more.length - 1);
    int below = (int) position;
    double rest = position - below;
    double lower = losses.get(below, more);
    if (rest == 0) {
      return lower;
    }
    double upper = losses.get(below + 1, more);
    // No arithmetic between equals: rounding would part them.
    return lower == upper ? lower : lower * (1 - rest) + upper * rest;
  }
}

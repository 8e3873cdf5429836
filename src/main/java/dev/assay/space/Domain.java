package dev.assay.space;

import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The codes that a parameter with few values may take, in order.
///
/// @param weights how likely each is to be drawn: its share of the units
record Domain(double[] codes, double[] weights) {
  /// Parameters with more values are treated as continuous ones are.
  static final int MOST = 1 << 16;

  /// @return null for a parameter with a continuum of values, or more than [#MOST]
  static @Nullable Domain of(Distribution distribution) {
    long count = distribution.count().orElse(Long.MAX_VALUE);
    if (count > MOST) {
      return null;
    }
    var codes = IntStream.range(0, (int) count).mapToDouble(distribution::nth).toArray();
    var weights = new double[codes.length];
    for (int k = 0; k < codes.length; k++) {
      weights[k] =
          distribution instanceof IntRange range && range.log()
              ? share(range, codes[k])
              : 1.0 / count;
    }
    return new Domain(codes, weights);
  }

  /// Some codes, all equally likely.
  static Domain listed(double[] codes) {
    var weights = new double[codes.length];
    Arrays.fill(weights, 1.0 / codes.length);
    return new Domain(codes, weights);
  }

  /// The units that round to a value of a logarithmic range.
  private static double share(IntRange range, double code) {
    double low = StrictMath.log(range.low() - 0.5);
    double high = StrictMath.log(range.high() + 0.5);
    double width = StrictMath.log(code + 0.5) - StrictMath.log(code - 0.5);
    return width / (high - low);
  }

  int size() {
    return codes.length;
  }

  /// The codes that pass.
  Domain filter(DoublePredicate keep) {
    var kept = IntStream.range(0, codes.length).filter(k -> keep.test(codes[k])).toArray();
    return kept.length == codes.length
        ? this
        : new Domain(
            Arrays.stream(kept).mapToDouble(k -> codes[k]).toArray(),
            Arrays.stream(kept).mapToDouble(k -> weights[k]).toArray());
  }

  double low() {
    return Arrays.stream(codes).min().orElse(Double.NaN);
  }

  double high() {
    return Arrays.stream(codes).max().orElse(Double.NaN);
  }
}

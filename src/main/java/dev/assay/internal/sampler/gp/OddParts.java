package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.Coordinate;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The odd parts of sizes as coordinates beside the sizes themselves.
///
/// Of blocks and tiles of a kernel a size of 64 has more in common with 32 and 128 than with 48 and
/// 80: powers of two divide what there is to do, and what hardware has. By their order alone a
/// model cannot see that. The odd part of a size, 3 of 48 and 1 of 64, tells; its logarithm is a
/// coordinate of models, which may find that it says nothing.
///
/// Only for finite spaces with a parameter whose values are all multiples of [#UNIT] and not all
/// powers of two, as sizes of thread blocks are.
final class OddParts {
  /// Half a cache line of floats, a quarter of a warp.
  private static final int UNIT = 8;

  /// With two values their order says all.
  private static final int FEWEST = 3;

  private static final int MOST = 1024;

  private static final OddParts NONE = new OddParts(List.of());

  /// @param parameter its index
  /// @param places by value: the logarithm of its odd part, from 0 to 1
  /// @param codes the values
  private record Part(int parameter, Map<Double, Double> places, double[] codes) {}

  private final List<Part> parts;

  private OddParts(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  static OddParts none() {
    return NONE;
  }

  static OddParts of(SearchSpace space) {
    if (!space.isFinite() || space.isListed()) {
      return NONE;
    }
    var parts = new ArrayList<Part>();
    boolean hasBlocks = false;
    for (int i = 0; i < space.dimension(); i++) {
      var distribution = space.parameters().get(i).distribution();
      var sizes = sizes(distribution);
      var part = sizes == null ? null : part(i, distribution, sizes);
      if (sizes != null && part != null) {
        parts.add(part);
        hasBlocks |= Arrays.stream(sizes).allMatch(size -> size % UNIT == 0);
      }
    }
    return hasBlocks ? new OddParts(parts) : NONE;
  }

  /// The values, in order, where they are whole, positive and not too many.
  private static long @Nullable [] sizes(Distribution distribution) {
    long count = distribution.count().orElse(Long.MAX_VALUE);
    boolean ordered = !(distribution instanceof Choice(_, var inOrder)) || inOrder;
    if (!ordered || count < FEWEST || count > MOST) {
      return null;
    }
    var sizes = new long[(int) count];
    for (int k = 0; k < sizes.length; k++) {
      if (!(distribution.value(distribution.nth(k)) instanceof Number number)
          || number.doubleValue() != number.longValue()
          || number.longValue() <= 0) {
        return null;
      }
      sizes[k] = number.longValue();
    }
    return sizes;
  }

  /// @return null where all odd parts are equal, as those of powers of two are
  private static @Nullable Part part(int parameter, Distribution distribution, long[] sizes) {
    var logs =
        Arrays.stream(sizes)
            .mapToDouble(size -> Math.log(size >> Long.numberOfTrailingZeros(size)))
            .toArray();
    double least = Arrays.stream(logs).min().orElse(0);
    double width = Arrays.stream(logs).max().orElse(0) - least;
    if (width == 0) {
      return null;
    }
    var places = new HashMap<Double, Double>();
    var codes = new double[sizes.length];
    for (int k = 0; k < codes.length; k++) {
      codes[k] = distribution.nth(k);
      places.put(codes[k], (logs[k] - least) / width);
    }
    return new Part(parameter, places, codes);
  }

  int count() {
    return parts.size();
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /// The index of the parameter whose odd parts the k-th coordinate has.
  int parameter(int k) {
    return parts.get(k).parameter;
  }

  Coordinate coordinate(int k) {
    return new Coordinate.Grid(
        parts.get(k).places.values().stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .distinct()
            .toArray());
  }

  /// Where the k-th coordinate of a value stands.
  double place(int k, double code) {
    return parts.get(k).places.getOrDefault(code, 0.0);
  }

  /// The configuration with each size replaced by the nearest one, in the order of values, whose
  /// odd part is the least.
  Configuration rounded(Configuration configuration) {
    var space = configuration.space();
    var codes = new double[space.dimension()];
    Arrays.setAll(codes, configuration::code);
    for (var part : parts) {
      if (configuration.isActive(part.parameter)) {
        codes[part.parameter] = nearest(part, codes[part.parameter]);
      }
    }
    return space.fromCodes(codes);
  }

  private static double nearest(Part part, double code) {
    int from = 0;
    while (part.codes[from] != code) {
      from++;
    }
    for (int step = 0; step < part.codes.length; step++) {
      for (int at : new int[] {from - step, from + step}) {
        if (at >= 0
            && at < part.codes.length
            && part.places.getOrDefault(part.codes[at], 1.0) == 0) {
          return part.codes[at];
        }
      }
    }
    return code;
  }
}

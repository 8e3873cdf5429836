package dev.assay.ptx.profile;

import dev.assay.ptx.Kind;
import java.util.Arrays;

/// What the stand-in counted of the launches of one kernel in one shape
/// (`kernels/standin/counts.cpp`).
///
/// @param touched sectors of 32 bytes, each once a launch
/// @param longest instructions that the warps of each launch's longest block issued
/// @param warpCounts instructions of warps by [Kind]
/// @param threadCounts the same of threads
/// @param global requests, lanes, sectors and least sectors of the accesses that were looked at
/// @param shared requests, lanes, passes and least passes
record LaunchCounts(
    String kernel,
    long blocks,
    int threads,
    int sharedBytes,
    long launches,
    long touched,
    long longest,
    long[] warpCounts,
    long[] threadCounts,
    long[] global,
    long[] shared) {

  /// From a line of the driver's table.
  static LaunchCounts of(String line) {
    var words = line.split("\t");
    int kinds = Kind.values().length;
    if (words.length != 7 + 2 * kinds + 8) {
      throw new IllegalArgumentException("a line of another version: " + line);
    }
    var numbers = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
    return new LaunchCounts(
        words[0],
        numbers[0],
        (int) numbers[1],
        (int) numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        Arrays.copyOfRange(numbers, 6, 6 + kinds),
        Arrays.copyOfRange(numbers, 6 + kinds, 6 + 2 * kinds),
        Arrays.copyOfRange(numbers, 6 + 2 * kinds, 10 + 2 * kinds),
        Arrays.copyOfRange(numbers, 10 + 2 * kinds, 14 + 2 * kinds));
  }

  long warp(Kind kind) {
    return warpCounts[kind.ordinal()];
  }

  /// Instructions that warps issued.
  long warps() {
    return Arrays.stream(warpCounts).sum();
  }

  /// Instructions that threads executed.
  long threadInstructions() {
    return Arrays.stream(threadCounts).sum();
  }

  /// Of 32 lanes, those that took part in an instruction on average.
  double lanes() {
    return (double) threadInstructions() / Math.max(1, warps());
  }

  private static double ratio(long[] traffic, int part) {
    return traffic[0] == 0 ? 0 : (double) traffic[part] / traffic[0];
  }

  double sectorsPerRequest() {
    return ratio(global, 2);
  }

  double leastSectorsPerRequest() {
    return ratio(global, 3);
  }

  double passesPerRequest() {
    return ratio(shared, 2);
  }

  double leastPassesPerRequest() {
    return ratio(shared, 3);
  }

  /// Sectors that all requests of global memory move.
  double sectors() {
    return sectorsPerRequest() * warp(Kind.GLOBAL);
  }

  /// Passes of all requests of shared memory.
  double passes() {
    return passesPerRequest() * warp(Kind.SHARED);
  }

  double touchedBytes() {
    return 32.0 * touched;
  }

  /// Floating-point operations of threads; a fused one counts as two, a division or root as one.
  long operations() {
    return threadCounts[Kind.F32.ordinal()]
        + threadCounts[Kind.F64.ordinal()]
        + threadCounts[Kind.SPECIAL.ordinal()]
        + threadCounts[Kind.SPECIAL_F64.ordinal()]
        + threadCounts[Kind.APPROXIMATE.ordinal()]
        + 2 * (threadCounts[Kind.F32_FMA.ordinal()] + threadCounts[Kind.F64_FMA.ordinal()])
        + 16 * threadCounts[Kind.F64_TENSOR.ordinal()]
        + 64 * threadCounts[Kind.TF32_TENSOR.ordinal()]
        + 128 * threadCounts[Kind.BF16_TENSOR.ordinal()];
  }
}

package dev.assay.random;

import java.util.random.RandomGenerator;

/// The random streams of one study: one for each (trial, purpose). Immutable and thread-safe.
///
/// @param seed the study's seed
public record Streams(long seed) {
  /// The stream of a trial for a purpose, from its beginning.
  ///
  /// @param trial a trial number, or any other non-negative index that the purpose defines (a fold,
  ///   a lane)
  public RandomGenerator stream(long trial, Purpose purpose) {
    return new Philox(seed, address(trial, purpose));
  }

  /// The first 64 bits of [#stream]: a seed to hand to code that has a generator of its own.
  public long seed(long trial, Purpose purpose) {
    return new Philox(seed, address(trial, purpose)).nextLong();
  }

  /// Streams of a part of the study, independent of its own and of every other part's.
  ///
  /// @param name of the part
  public Streams branch(String name) {
    long hash = 0xcbf29ce484222325L; // FNV-1a (Fowler, Noll and Vo)
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return new Streams(new Philox(seed, hash).nextLong());
  }

  /// The number of [#stream] among those of its seed.
  ///
  /// @param trial as of [#stream]
  public static long address(long trial, Purpose purpose) {
    if (trial < 0 || trial >= 1L << 56) {
      throw new IllegalArgumentException("trial " + trial + " is not in [0, 2^56)");
    }
    return trial << 8 | purpose.ordinal();
  }
}

package dev.assay.internal.random;

import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/// Sobol points with nested uniform (Owen) scrambling, addressed by index.
///
/// Direction numbers: Joe and Kuo 2008 (new-joe-kuo-6), up to 1,000 dimensions, as Apache Commons
/// Math carries them. Scrambling: Owen 1995, by the hash of Laine and Karras 2011 on the reversed
/// bits, with the constants of Vegdahl (2021); 32 bits a coordinate. Immutable and thread-safe.
public final class SobolSequence {
  /// The largest dimension that direction numbers exist for.
  public static final int MAX_DIMENSION = 1000;

  /// Indices and so direction numbers in use; coordinates have 32 bits.
  public static final int BITS = 31;

  private static final double UNIT = 0x1p-32;

  /// Direction numbers by dimension, of which a process has few: a search makes a sequence for each
  /// of its proposals.
  private static final Map<Integer, int[]> DIRECTIONS = new ConcurrentHashMap<>();

  /// directions[j * BITS + k]: the k-th direction number of coordinate j.
  private final int[] directions;

  private final int[] scrambles;

  /// @param dimension 1 to [#MAX_DIMENSION]
  /// @param seed of the scrambling; the same seed gives the same points
  public SobolSequence(int dimension, long seed) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension " + dimension + " is not in [1, " + MAX_DIMENSION + "]");
    }
    directions = DIRECTIONS.computeIfAbsent(dimension, SobolSequence::directions);
    scrambles = new int[dimension];
    var random = new Philox(seed, Purpose.SCRAMBLE.ordinal());
    for (int j = 0; j < dimension; j++) {
      scrambles[j] = (int) random.nextLong();
    }
  }

  public int dimension() {
    return scrambles.length;
  }

  /// Direction number k of coordinate j at j · [#BITS] + k: a device writes the points from these
  /// and from the [#scrambles].
  public int[] directions() {
    return directions.clone();
  }

  /// The seed of each coordinate's scrambling.
  public int[] scrambles() {
    return scrambles.clone();
  }

  /// Writes point `index` into `out`: dimension() coordinates in [0, 1).
  ///
  /// @param index 0 to 2^31 - 1; the first 2^m points of the sequence form a net for every m
  public void point(long index, double[] out) {
    if (index < 0 || index >= 1L << BITS) {
      throw new IllegalArgumentException("index " + index + " is not in [0, 2^31)");
    }
    int gray = (int) (index ^ index >>> 1);
    for (int j = 0; j < scrambles.length; j++) {
      int x = 0;
      for (int bits = gray; bits != 0; bits &= bits - 1) {
        x ^= directions[j * BITS + Integer.numberOfTrailingZeros(bits)];
      }
      out[j] = (scramble(x, scrambles[j]) & 0xFFFFFFFFL) * UNIT;
    }
  }

  /// A nested uniform permutation: flips each bit depending on all higher ones.
  private static int scramble(int x, int seed) {
    int v = Integer.reverse(x);
    v ^= v * 0x3d20adea;
    v += seed;
    v *= seed >>> 16 | 1;
    v ^= v * 0x05526c56;
    v ^= v * 0x53a22864;
    return Integer.reverse(v);
  }

  /// Commons Math yields points, not direction numbers. In Gray-code order point 2^k is v(k) ^
  /// v(k-1), so one point for each bit recovers them all.
  private static int[] directions(int dimension) {
    var generator = new SobolSequenceGenerator(dimension);
    var result = new int[dimension * BITS];
    for (int k = 0; k < BITS; k++) {
      var point = generator.skipTo(1 << k);
      for (int j = 0; j < dimension; j++) {
        int x = (int) (long) (point[j] * 0x1p32);
        result[j * BITS + k] = k == 0 ? x : x ^ result[j * BITS + k - 1];
      }
    }
    return result;
  }
}

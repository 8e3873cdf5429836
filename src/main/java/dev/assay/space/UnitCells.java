package dev.assay.space;

import java.math.BigInteger;

/// The unit interval in equal parts, one for each value of a countable distribution.
///
/// Where there are so many that their middles are no doubles any more, the part of a unit value is
/// computed without rounding: every part then still has a unit value of its own.
final class UnitCells {
  private static final long ROUNDED = 1L << 50;

  private UnitCells() {}

  /// The part that a unit value lies in; 1 lies in the last one.
  ///
  /// @param count at most 2^53 where each part is to be found
  static long index(double unit, long count) {
    if (count <= ROUNDED) {
      return Math.min(count - 1, (long) (unit * count));
    }
    long whole = (long) (unit * 0x1p53);
    return Math.min(
        count - 1,
        BigInteger.valueOf(whole).multiply(BigInteger.valueOf(count)).shiftRight(53).longValue());
  }

  /// A unit value in a part: its middle, or its smallest of 53 bits.
  static double unit(long index, long count) {
    if (count <= ROUNDED) {
      return (index + 0.5) / count;
    }
    var parts = BigInteger.valueOf(count);
    var above = BigInteger.valueOf(index).shiftLeft(53).add(parts).subtract(BigInteger.ONE);
    return above.divide(parts).longValue() * 0x1p-53;
  }
}

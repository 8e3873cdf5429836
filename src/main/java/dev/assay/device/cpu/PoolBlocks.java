package dev.assay.device.cpu;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Pooling and its way back, a vector of filters at a time.
final class PoolBlocks {
  private static final VectorSpecies<Float> S = VectorLaneMath.SPECIES;
  private static final VectorSpecies<Integer> INTS = S.withLanes(int.class);
  private static final int LENGTH = VectorLaneMath.LENGTH;

  private PoolBlocks() {}

  /// As [LaneMath#pool].
  static void pool(
      float[] c,
      int at,
      int n,
      int down,
      int count,
      int filters,
      float[] out,
      int to,
      int[] chosen,
      int note) {
    int whole = S.loopBound(filters);
    var rest = S.indexInRange(whole, filters);
    for (int i = 0; i < count; i++, at += 2 * n, to += filters, note += filters) {
      for (int f = 0; f < whole; f += LENGTH) {
        var most = FloatVector.fromArray(S, c, at + f);
        var right = FloatVector.fromArray(S, c, at + n + f);
        var below = FloatVector.fromArray(S, c, at + down + f);
        var last = FloatVector.fromArray(S, c, at + down + n + f);
        largest(most, right, below, last).intoArray(out, to + f);
        which(most, right, below, last).intoArray(chosen, note + f);
      }
      if (whole < filters) {
        var most = FloatVector.fromArray(S, c, at + whole);
        var right = FloatVector.fromArray(S, c, at + n + whole);
        var below = FloatVector.fromArray(S, c, at + down + whole);
        var last = FloatVector.fromArray(S, c, at + down + n + whole);
        largest(most, right, below, last).intoArray(out, to + whole, rest);
        which(most, right, below, last).intoArray(chosen, note + whole, rest.cast(INTS));
      }
    }
  }

  private static FloatVector larger(FloatVector most, FloatVector other) {
    return most.blend(other, other.compare(GT, most));
  }

  private static FloatVector largest(
      FloatVector first, FloatVector right, FloatVector below, FloatVector last) {
    return larger(larger(larger(first, right), below), last);
  }

  private static IntVector which(
      FloatVector first, FloatVector right, FloatVector below, FloatVector last) {
    var upper = larger(first, right);
    var three = larger(upper, below);
    return IntVector.zero(INTS)
        .blend(1, right.compare(GT, first).cast(INTS))
        .blend(2, below.compare(GT, upper).cast(INTS))
        .blend(3, last.compare(GT, three).cast(INTS));
  }

  /// As [LaneMath#spread].
  static void spread(
      float[] d,
      int from,
      int[] chosen,
      int note,
      int count,
      int filters,
      float[] c,
      int at,
      int n,
      int down) {
    int whole = S.loopBound(filters);
    var rest = S.indexInRange(whole, filters);
    for (int i = 0; i < count; i++, at += 2 * n, from += filters, note += filters) {
      for (int f = 0; f < whole; f += LENGTH) {
        var value = FloatVector.fromArray(S, d, from + f);
        write(value, IntVector.fromArray(INTS, chosen, note + f), c, at + f, n, down);
      }
      int f = whole;
      if (whole < filters) {
        var value = FloatVector.fromArray(S, d, from + whole, rest);
        var which = IntVector.fromArray(INTS, chosen, note + whole, rest.cast(INTS));
        write(value, which, c, at + whole, n, down);
        f += LENGTH;
      }
      for (; f < n; f += LENGTH) {
        write(FloatVector.zero(S), IntVector.zero(INTS), c, at + f, n, down);
      }
    }
  }

  private static void write(
      FloatVector value, IntVector which, float[] c, int at, int n, int down) {
    var zero = FloatVector.zero(S);
    zero.blend(value, is(which, 0)).intoArray(c, at);
    zero.blend(value, is(which, 1)).intoArray(c, at + n);
    zero.blend(value, is(which, 2)).intoArray(c, at + down);
    zero.blend(value, is(which, 3)).intoArray(c, at + down + n);
  }

  private static VectorMask<Float> is(IntVector which, int k) {
    return which.compare(EQ, k).cast(S);
  }
}

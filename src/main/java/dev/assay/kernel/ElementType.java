package dev.assay.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;

/// The type of a scalar, or of a buffer's elements, as device languages have it.
public enum ElementType {
  CHAR(1, "i1"),
  UCHAR(1, "u1"),
  SHORT(2, "i2"),
  USHORT(2, "u2"),
  INT(4, "i4"),
  UINT(4, "u4"),
  LONG(8, "i8"),
  ULONG(8, "u8"),
  HALF(2, "f2"),
  FLOAT(4, "f4"),
  DOUBLE(8, "f8");

  private final int bytes;
  private final String npy;

  ElementType(int bytes, String npy) {
    this.bytes = bytes;
    this.npy = npy;
  }

  /// Bytes of one element.
  public int bytes() {
    return bytes;
  }

  /// As NumPy's format calls it, without the byte order: `f4`.
  public String npy() {
    return npy;
  }

  public boolean isFloating() {
    return this == HALF || this == FLOAT || this == DOUBLE;
  }

  /// As study files have it: `float`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws Problem for an unknown name
  public static ElementType named(String word) {
    for (var type : values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    throw new Problem(
        "There is no such type of elements.",
        word,
        Nearest.suggest(word, Arrays.stream(values()).map(ElementType::word).toList()));
  }

  /// An element as a number; 64-bit integers beyond 2^53 lose their last digits.
  public double get(MemorySegment memory, long index) {
    return switch (this) {
      case CHAR -> memory.get(JAVA_BYTE, index);
      case UCHAR -> memory.get(JAVA_BYTE, index) & 0xff;
      case SHORT -> memory.get(JAVA_SHORT_UNALIGNED, 2 * index);
      case USHORT -> memory.get(JAVA_SHORT_UNALIGNED, 2 * index) & 0xffff;
      case INT -> memory.get(JAVA_INT_UNALIGNED, 4 * index);
      case UINT -> memory.get(JAVA_INT_UNALIGNED, 4 * index) & 0xffffffffL;
      case LONG -> memory.get(JAVA_LONG_UNALIGNED, 8 * index);
      case ULONG -> {
        long value = memory.get(JAVA_LONG_UNALIGNED, 8 * index);
        yield value >= 0 ? value : (value >>> 1) * 2.0;
      }
      case HALF -> Float.float16ToFloat(memory.get(JAVA_SHORT_UNALIGNED, 2 * index));
      case FLOAT -> memory.get(JAVA_FLOAT_UNALIGNED, 4 * index);
      case DOUBLE -> memory.get(JAVA_DOUBLE_UNALIGNED, 8 * index);
    };
  }

  /// Sets an element; integers are cut as a cast does it.
  public void set(MemorySegment memory, long index, double value) {
    switch (this) {
      case CHAR, UCHAR -> memory.set(JAVA_BYTE, index, (byte) (long) value);
      case SHORT, USHORT -> memory.set(JAVA_SHORT_UNALIGNED, 2 * index, (short) (long) value);
      case INT, UINT -> memory.set(JAVA_INT_UNALIGNED, 4 * index, (int) (long) value);
      case LONG -> memory.set(JAVA_LONG_UNALIGNED, 8 * index, (long) value);
      case ULONG ->
          memory.set(
              JAVA_LONG_UNALIGNED,
              8 * index,
              value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE);
      case HALF -> memory.set(JAVA_SHORT_UNALIGNED, 2 * index, Float.floatToFloat16((float) value));
      case FLOAT -> memory.set(JAVA_FLOAT_UNALIGNED, 4 * index, (float) value);
      case DOUBLE -> memory.set(JAVA_DOUBLE_UNALIGNED, 8 * index, value);
    }
  }
}

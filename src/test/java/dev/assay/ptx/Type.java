package dev.assay.ptx;

import java.util.Optional;

/// A type of PTX's, and what it is in C.
public enum Type {
  PRED("_Bool", 1),
  B8("uint8_t", 1),
  U8("uint8_t", 1),
  S8("int8_t", 1),
  B16("uint16_t", 2),
  U16("uint16_t", 2),
  S16("int16_t", 2),
  B32("uint32_t", 4),
  U32("uint32_t", 4),
  S32("int32_t", 4),
  B64("uint64_t", 8),
  U64("uint64_t", 8),
  S64("int64_t", 8),
  F32("float", 4),
  F64("double", 8);

  public final String c;
  public final int bytes;

  Type(String c, int bytes) {
    this.c = c;
    this.bytes = bytes;
  }

  /// By its name in PTX: `s32`.
  static Optional<Type> of(String name) {
    for (var type : values()) {
      if (type.ptx().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  public String ptx() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public boolean real() {
    return this == F32 || this == F64;
  }

  boolean signed() {
    return name().startsWith("S");
  }

  /// The type that a register of this one is kept as: whole numbers without a sign.
  Type kept() {
    if (this == PRED || real()) {
      return this;
    }
    return whole('B', bytes);
  }

  /// The whole numbers of twice the width, with or without a sign as these.
  Type wide() {
    return whole(name().charAt(0), 2 * bytes);
  }

  private static Type whole(char letter, int bytes) {
    return valueOf(letter + Integer.toString(8 * bytes));
  }
}

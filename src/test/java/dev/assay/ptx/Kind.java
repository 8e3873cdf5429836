package dev.assay.ptx;

/// What an instruction keeps busy. SPECIAL are divisions and roots as IEEE 754 has them. The order
/// is that of the counts in the C (`kernels/standin/ptx.h`).
public enum Kind {
  MOVE,
  RENAME,
  INTEGER,
  F32,
  F32_FMA,
  F64,
  F64_FMA,
  SPECIAL,
  SPECIAL_F64,
  APPROXIMATE,
  CONVERT,
  ROUND_TF32,
  PREDICATE,
  LOCAL,
  SHARED,
  GLOBAL,
  PARAM,
  BRANCH,
  CALL,
  BARRIER,
  SHUFFLE,
  ATOMIC,
  F64_TENSOR,
  TF32_TENSOR,
  BF16_TENSOR
}

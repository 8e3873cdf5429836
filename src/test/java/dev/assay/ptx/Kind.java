package dev.assay.ptx;

/// What an instruction keeps busy. The order is that of the counts in the C
/// (`kernels/standin/ptx.h`).
public enum Kind {
  MOVE,
  INTEGER,
  F32,
  F32_FMA,
  F64,
  F64_FMA,
  SPECIAL,
  CONVERT,
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

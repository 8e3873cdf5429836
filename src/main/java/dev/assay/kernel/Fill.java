package dev.assay.kernel;

/// What a buffer holds at first.
///
/// @param kind how it is made
/// @param low the least value of `random` (inclusive), the value of `constant`
/// @param high the bound of `random` (exclusive)
/// @param seed of `random`
/// @param file of `file`: NumPy's format where it ends in .npy, raw bytes otherwise; empty for the
///   other kinds
public record Fill(Kind kind, double low, double high, long seed, String file) {
  public enum Kind {
    CONSTANT,
    /// 0, 1, 2, ...
    IOTA,
    /// Uniform, by a seed: the same on every machine.
    RANDOM,
    FILE
  }

  public static final Fill ZEROS = new Fill(Kind.CONSTANT, 0, 0, 0, "");
}

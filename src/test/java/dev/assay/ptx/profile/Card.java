package dev.assay.ptx.profile;

import dev.assay.ptx.Kind;
import java.util.List;

/// A card's figures for an estimate, from its maker's data sheet.
///
/// @param clock GHz, boosted
/// @param singles FP32 operations that a multiprocessor issues in a cycle
/// @param doubles the same in FP64
/// @param tensors multiply-adds in FP64 of its tensor units in a cycle
/// @param rounded the same in TF32
/// @param bandwidth of its memory, GB/s
/// @param threads that a multiprocessor holds at most
/// @param shared bytes that its blocks share at most
record Card(
    String name,
    int multiprocessors,
    double clock,
    int singles,
    int doubles,
    int tensors,
    int rounded,
    double bandwidth,
    int threads,
    int shared) {
  static final List<Card> ALL =
      List.of(
          new Card("H200", 132, 1.98, 128, 64, 128, 1024, 4800, 2048, 228 << 10),
          new Card("A100", 108, 1.41, 64, 32, 64, 512, 2039, 2048, 164 << 10),
          new Card("RTX 4090", 128, 2.52, 128, 2, 2, 128, 1008, 1536, 100 << 10));

  private static final int SCHEDULERS =
      4; // warp instructions that a multiprocessor issues in a cycle
  private static final int CACHE = 64; // bytes that a multiprocessor takes from the L2 in a cycle

  // Instructions that ptxas 13.0 makes of one, for compute capability 9.0, by the lengths of
  // kernels
  // of 80 and of 16 of them. Divisions and roots: 11 in FP32, with what rare operands take, and 15
  // to 26 in FP64; approximations with ftz: 1; roundings to TF32: 3; moves between registers of
  // numbers and of integers: none.
  private static final int EXPANDED = 10;
  private static final int EXPANDED_F64 = 20;
  private static final int ROUNDING = 3;
  private static final int APPROXIMATIONS = 16; // that a multiprocessor makes in a cycle

  /// What bounds a launch, and for how long at least.
  record Bound(String by, double microseconds) {}

  /// The roofline: the longest of what its parts need if nothing else took time, and what the
  /// longest block needs alone. Latencies, the launch itself and waiting at barriers come on top.
  Bound bound(LaunchCounts counts) {
    var together = bound(counts, Math.min(counts.blocks(), multiprocessors));
    var alone = bound(counts, 1);
    double share = (double) counts.longest() / Math.max(1, counts.warps());
    return share * alone.microseconds() > together.microseconds()
        ? new Bound("a block", share * alone.microseconds())
        : together;
  }

  /// @param used multiprocessors that have blocks, all as much
  private Bound bound(LaunchCounts counts, double used) {
    double issued =
        counts.warps()
            - counts.warp(Kind.RENAME)
            + (EXPANDED - 1) * counts.warp(Kind.SPECIAL)
            + (EXPANDED_F64 - 1) * counts.warp(Kind.SPECIAL_F64)
            + (ROUNDING - 1) * counts.warp(Kind.ROUND_TF32);
    double doubled = 32.0 / doubles * (counts.warp(Kind.F64) + counts.warp(Kind.F64_FMA));
    // A product of matrices is 256 multiply-adds, or 1,024 in TF32, or 2,048 in BF16, at
    // twice the speed.
    double tensor =
        256.0 / tensors * counts.warp(Kind.F64_TENSOR)
            + 1024.0 / rounded * (counts.warp(Kind.TF32_TENSOR) + counts.warp(Kind.BF16_TENSOR));
    double single = 32.0 / singles * (counts.warp(Kind.F32) + counts.warp(Kind.F32_FMA));
    double global = counts.sectors() * 32.0 / CACHE;
    var bounds =
        List.of(
            cycles("issue", issued / SCHEDULERS, used),
            cycles("FP64", doubled, used),
            cycles("tensor", tensor, used),
            cycles("FP32", single, used),
            cycles("approximations", 32.0 / APPROXIMATIONS * counts.warp(Kind.APPROXIMATE), used),
            cycles("shared", counts.passes(), used),
            cycles("L2", global, used),
            new Bound("memory", counts.touchedBytes() / bandwidth * 1e-3));
    return bounds.stream()
        .max(java.util.Comparator.comparingDouble(Bound::microseconds))
        .orElseThrow();
  }

  private Bound cycles(String by, double cycles, double used) {
    return new Bound(by, cycles / used / clock * 1e-3);
  }

  /// Share of the threads that a multiprocessor could hold.
  double occupancy(int registers, LaunchCounts counts) {
    int whole = (registers + 7) / 8 * 8;
    int byRegisters = 65536 / (whole * counts.threads());
    int byThreads = threads / counts.threads();
    int byShared = shared / (counts.sharedBytes() + 1024);
    return (double) Math.min(byRegisters, Math.min(byThreads, byShared))
        * counts.threads()
        / threads;
  }
}

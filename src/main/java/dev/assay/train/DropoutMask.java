package dev.assay.train;

import dev.assay.random.Purpose;
import dev.assay.random.Streams;

/// Which units of one layer one training step drops (Srivastava et al. 2014; kept ones are scaled
/// by 1 / (1 - rate), so that predictions need no scaling). Unit j of the batch's row i is numbered
/// i v
/// + j, and kept when the hash of its number is high enough: any engine can ask for any unit, in
///   any order.
///
/// @param key1 drawn for this step and layer
/// @param key2 drawn for this step and layer
/// @param threshold rate · 2²⁴
/// @param scale 1 / (1 - rate)
public record DropoutMask(int key1, int key2, int threshold, float scale) {
  /// The masks of one lane, step by step.
  ///
  /// @param epoch from 1
  /// @param step of the epoch, from 0
  public static DropoutMask of(Lane lane, int epoch, int step, int layer) {
    double rate = lane.settings().dropout();
    long fold = lane.fold() & 0x3FF;
    long address = ((fold << 4 | layer) << 20 | (epoch & 0xFFFFF)) << 22 | (step & 0x3FFFFF);
    long keys = new Streams(lane.seed()).seed(address, Purpose.DROPOUT);
    return new DropoutMask(
        (int) keys, (int) (keys >>> 32), (int) (rate * (1 << 24)), (float) (1 / (1 - rate)));
  }

  public boolean keeps(int unit) {
    return mix(mix(unit ^ key1) + key2) >>> 8 >= threshold;
  }

  /// A bijection of 32 bits that changes about half of them for each that changes (the low-bias
  /// constants of Wellons 2018).
  public static int mix(int x) {
    x = (x ^ x >>> 16) * 0x7feb352d;
    x = (x ^ x >>> 15) * 0x846ca68b;
    return x ^ x >>> 16;
  }
}

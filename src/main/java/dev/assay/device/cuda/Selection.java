package dev.assay.device.cuda;

import java.util.Arrays;

/// The largest of m numbers on the device. Of equal ones, and of ones that differ by less than FP32
/// shows, all or none are found; what is not a number counts as the largest.
final class Selection {
  private static final int DIGITS = 256;
  private static final int MOST_BLOCKS = 1024;

  private final CudaStream stream;
  private final int m;
  private final DeviceArray keys;
  private final DeviceArray state;
  private final DeviceArray counts;
  private final DeviceArray found;
  private final DeviceArray total;
  private final DeviceArray least; // worth being found

  Selection(CudaStream stream, DeviceMemory.Arena arena, DeviceArray values, int m) {
    this.stream = stream;
    this.m = m;
    keys = arena.ints(m);
    state = arena.ints(2);
    counts = arena.ints(DIGITS);
    found = arena.ints(m);
    total = arena.ints(1);
    least = arena.doubles(1);
    keys(values, m, keys);
  }

  private void keys(DeviceArray values, int count, DeviceArray to) {
    stream.launch("select_keys", DeviceFactor.blocks(count, 256), 1, 1, 0, values, count, to);
  }

  /// Indices of the k largest, and of those that equal the last of them; increasing.
  int[] largest(int k) {
    stream.upload(new int[] {0, Math.min(k, m)}, state);
    stream.clear(counts, 4L * DIGITS);
    int blocks = Math.min(MOST_BLOCKS, DeviceFactor.blocks(m, 256));
    for (int shift = 24; shift >= 0; shift -= 8) {
      stream.launch("select_count", blocks, 1, 1, 4 * DIGITS, keys, m, state, shift, counts);
      stream.launch("select_digit", 1, 1, 1, 0, state, shift, counts);
    }
    return above();
  }

  /// Indices of all that are at least so large, or less so only by rounding; increasing.
  int[] from(double threshold) {
    stream.upload(new double[] {threshold}, least);
    keys(least, 1, state);
    return above();
  }

  private int[] above() {
    stream.clear(total, 4);
    stream.launch(
        "select_above", DeviceFactor.blocks(m, 256), 1, 1, 0, keys, m, state, found, total);
    var number = new int[1];
    stream.download(total, number);
    var indices = new int[number[0]];
    stream.download(found, indices);
    Arrays.sort(indices);
    return indices;
  }
}

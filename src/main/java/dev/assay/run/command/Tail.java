package dev.assay.run.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The last bytes of a stream.
final class Tail {
  private static final int SIZE = 1 << 14;

  /// Of [#SIZE] once so many bytes came; most programs print less.
  private byte[] ring = new byte[0];

  private long total;

  void accept(byte[] bytes, int count) {
    int wanted = (int) Math.min(SIZE, total + count);
    if (wanted > ring.length) {
      ring = Arrays.copyOf(ring, Math.min(SIZE, Math.max(2 * ring.length, wanted)));
    }
    int from = Math.max(0, count - SIZE);
    for (int i = from; i < count; ) {
      int at = (int) ((total + i) % SIZE);
      int run = Math.min(count - i, SIZE - at);
      System.arraycopy(bytes, i, ring, at, run);
      i += run;
    }
    total += count;
  }

  /// What is kept, as text.
  String text() {
    int length = (int) Math.min(total, SIZE);
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((total - length + i) % SIZE)];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// The last lines that are not blank.
  String lines(int count) {
    var lines = text().lines().filter(line -> !line.isBlank()).toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
  }
}

package dev.assay.run.command;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Splits a stream of bytes into lines, however long they are and whatever they hold. Carriage
/// returns end lines too, as in progress bars.
///
/// Only what a value could stand in is kept: a line is cut after [#LONGEST] bytes.
final class LineSplitter {
  /// Bytes of a line that are looked at.
  static final int LONGEST = 1 << 16;

  private final Consumer<String> consumer;
  private byte[] line = new byte[256];
  private int length;

  /// @param consumer gets lines without their ends, as UTF-8, � for what is none
  LineSplitter(Consumer<String> consumer) {
    this.consumer = consumer;
  }

  void accept(byte[] bytes, int count) {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        append(bytes, start, i);
        end();
        start = i + 1;
      }
    }
    append(bytes, start, count);
  }

  private void append(byte[] bytes, int from, int to) {
    int count = Math.min(to - from, LONGEST - length);
    if (count <= 0) {
      return;
    }
    if (length + count > line.length) {
      line =
          java.util.Arrays.copyOf(
              line, Math.min(LONGEST, Math.max(2 * line.length, length + count)));
    }
    System.arraycopy(bytes, from, line, length, count);
    length += count;
  }

  /// After the last byte, or where a line ended.
  void end() {
    if (length > 0) {
      consumer.accept(new String(line, 0, length, StandardCharsets.UTF_8));
      length = 0;
    }
  }
}

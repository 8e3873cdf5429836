package dev.assay.run.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Splits a stream of bytes into lines, however long they are and whatever they hold. Carriage
/// returns end lines too, as in progress bars.
///
/// Only what a value could stand in is kept: a line is cut after [#LONGEST] bytes.
final class LineSplitter {
  /// Bytes of a line that are looked at.
  static final int LONGEST = 1 << 16;

  private final Lines lines;
  private byte[] line = new byte[256];
  private int length;
  private boolean cut;

  /// Whoever takes the lines.
  interface Lines {
    /// @param line without its end, as UTF-8, � for what is none
    /// @param cut whether it went on, beyond what is kept of a line
    void line(String line, boolean cut);
  }

  LineSplitter(Lines lines) {
    this.lines = lines;
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
    cut |= count < to - from;
    if (count <= 0) {
      return;
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.min(LONGEST, Math.max(2 * line.length, length + count)));
    }
    System.arraycopy(bytes, from, line, length, count);
    length += count;
  }

  /// What came of a line whose end did not come yet.
  String unfinished() {
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }

  /// Forgets what came of the line that has not ended.
  void drop() {
    length = 0;
    cut = false;
  }

  /// After the last byte, or where a line ended.
  void end() {
    if (length > 0) {
      var text = unfinished();
      boolean whole = !cut;
      drop();
      lines.line(text, !whole);
    }
  }
}

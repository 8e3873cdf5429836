package dev.assay.report;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text that grows, as the bytes that go out.
final class Utf8Text {
  private byte[] bytes;
  private int size;

  /// @param room for so many bytes, at first
  Utf8Text(int room) {
    bytes = new byte[room];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  Utf8Text add(char ascii) {
    reserve(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  Utf8Text add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  Utf8Text add(long number) {
    return add(Long.toString(number));
  }

  Utf8Text add(byte[] some) {
    return add(some, 0, some.length);
  }

  /// @param some of which those from `start` to before `end` are added
  Utf8Text add(byte[] some, int start, int end) {
    int count = end - start;
    reserve(count);
    System.arraycopy(some, start, bytes, size, count);
    size += count;
    return this;
  }

  private void reserve(int count) {
    if (count > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * size, size + count));
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  void writeTo(PrintStream out) {
    out.write(bytes, 0, size);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }
}

package dev.assay.run.command;

/// Bytes that are read at once: few, until so many come that more are worth their memory. Most
/// programs of trials print little, and each has buffers of its own.
final class ReadBuffer {
  private static final int SMALLEST = 1 << 12;
  private static final int LARGEST = 1 << 16;

  private byte[] bytes = new byte[SMALLEST];

  /// What the next bytes are read into, from its start on; no other array until [#filled].
  byte[] bytes() {
    return bytes;
  }

  /// Tells how many bytes came, once they are not needed any more: where all that had room, the
  /// next may be more.
  void filled(int count) {
    if (count == bytes.length && count < LARGEST) {
      bytes = new byte[4 * count];
    }
  }
}

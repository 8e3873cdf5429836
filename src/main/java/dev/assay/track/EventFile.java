package dev.assay.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// An event file of TensorBoard's: records of TFRecord's framing (length, its checksum, data, its
/// checksum), each an `Event` message.
final class EventFile implements AutoCloseable {
  /// Added to a checksum's rotation, so that checksums of checksums are no trivial ones.
  private static final int MASK = 0xa282ead8;

  private final SeekableByteChannel channel;

  private EventFile(SeekableByteChannel channel) {
    this.channel = channel;
  }

  /// Begins a file, in place of one that was there.
  ///
  /// @param seconds since 1970, for its head
  static EventFile create(Path path, double seconds) throws IOException {
    var file =
        new EventFile(
            Files.newByteChannel(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    file.write(new ProtoMessage().real(1, seconds).text(3, "brain.Event:2"));
    return file;
  }

  /// Adds a scalar; TensorBoard keeps single precision.
  void scalar(double seconds, long step, String tag, double value) throws IOException {
    summary(seconds, step, new ProtoMessage().text(1, tag).single(2, (float) value));
  }

  /// @param value a message `Summary.Value`
  void summary(double seconds, long step, ProtoMessage value) throws IOException {
    write(
        new ProtoMessage()
            .real(1, seconds)
            .whole(2, step)
            .message(5, new ProtoMessage().message(1, value)));
  }

  private void write(ProtoMessage event) throws IOException {
    var data = event.bytes();
    var record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(record.array(), 0, 8));
    record.put(data);
    record.putInt(masked(data, 0, data.length));
    record.flip();
    while (record.hasRemaining()) { // at once: whoever reads meanwhile sees whole records
      channel.write(record);
    }
  }

  private static int masked(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    int value = (int) crc.getValue();
    return (value >>> 15 | value << 17) + MASK;
  }

  /// Whether the end of a file has a text, as that of one that was written to its end does.
  static boolean endsWith(Path path, String text) throws IOException {
    try (var channel = Files.newByteChannel(path)) {
      var tail = ByteBuffer.allocate((int) Math.min(512, channel.size()));
      channel.position(channel.size() - tail.capacity());
      while (tail.hasRemaining() && channel.read(tail) >= 0) {
        // more may come
      }
      return new String(tail.array(), StandardCharsets.ISO_8859_1).contains(text);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package dev.assay.run.command;

import dev.assay.internal.words.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Follows the file that `ASSAY_REPORT` names while a program writes it. Appended lines are read as
/// they come. A program may also write the file anew at each epoch: a file that is shorter than
/// what was read of it, that does not begin as it did, or that another has replaced, is read from
/// its start.
final class ReportFile {
  private static final Logger LOG = Log.of(ReportFile.class);

  /// Bytes at the start, and at the end of what was read, by which a file is known again.
  private static final int KNOWN = 1 << 15;

  /// Bytes taken before others have their turn.
  private static final int TURN = 1 << 20;

  /// Within this time a file can change without its time changing.
  private static final long COARSE_MILLIS = 2500;

  private final Path path;
  private final Reader reader;
  private final LineSplitter lines;
  private final ReadBuffer buffer = new ReadBuffer();

  private long read;
  private byte[] start = new byte[0];
  private byte[] end = new byte[0];
  private @Nullable Object file;
  private @Nullable FileTime changed;
  private boolean settled;
  private boolean anything;

  /// Whoever takes what is written.
  interface Reader extends LineSplitter.Lines {
    /// The file's last line, whose end has not come.
    ///
    /// @return whether it was taken, since nothing of it is missing
    boolean takesUnfinished(String line);

    /// The file, of which something had been read, is written anew.
    void rewritten(String name);
  }

  /// What is there when the program starts is an earlier try's.
  ReportFile(Path path, Reader reader) {
    this.path = path;
    this.reader = reader;
    this.lines = new LineSplitter(reader);
    var there = Files.exists(path) ? attributes() : null;
    if (there != null) {
      try (var channel = FileChannel.open(path)) {
        skip(channel, there.size());
        note(there);
      } catch (IOException e) {
        LOG.debug("The report file of an earlier try cannot be read.", e);
      }
    }
  }

  private void skip(FileChannel channel, long size) throws IOException {
    start = bytes(channel, 0, (int) Math.min(size, KNOWN));
    end = bytes(channel, Math.max(0, size - KNOWN), (int) Math.min(size, KNOWN));
    read = size;
  }

  private @Nullable BasicFileAttributes attributes() {
    try {
      var there = Files.readAttributes(path, BasicFileAttributes.class);
      return there.isRegularFile() ? there : null;
    } catch (IOException e) {
      return null;
    }
  }

  private void note(BasicFileAttributes there) {
    file = there.fileKey();
    changed = there.lastModifiedTime();
    settled = System.currentTimeMillis() - changed.toMillis() > COARSE_MILLIS;
  }

  /// Takes what is new.
  ///
  /// @param last whether nothing will be written any more
  /// @return whether there was anything
  boolean pump(boolean last) {
    if (read == 0 && path.toFile().length() == 0) {
      return false;
    }
    var there = attributes();
    if (there == null || (settled && !last && isAsNoted(there))) {
      return false;
    }
    try (var channel = FileChannel.open(path)) {
      if (isAnother(there, channel)) {
        startAgain();
      }
      boolean any = take(channel);
      note(there);
      return any;
    } catch (IOException e) {
      LOG.debug("The report file cannot be read.", e);
      return false;
    }
  }

  private boolean isAsNoted(BasicFileAttributes there) {
    return there.size() == read
        && there.lastModifiedTime().equals(changed)
        && Objects.equals(there.fileKey(), file);
  }

  private boolean isAnother(BasicFileAttributes there, FileChannel channel) throws IOException {
    if (read == 0) {
      return false;
    }
    if (channel.size() < read
        || (file != null && !Objects.equals(there.fileKey(), file))
        || !Arrays.equals(start, bytes(channel, 0, start.length))
        || !Arrays.equals(end, bytes(channel, read - end.length, end.length))) {
      return true;
    }
    // Written anew with the same text, by a try that had written nothing else.
    return !anything && there.size() == read && !there.lastModifiedTime().equals(changed);
  }

  private void startAgain() {
    if (anything) {
      reader.rewritten(path.getFileName().toString());
    }
    lines.drop();
    read = 0;
    start = new byte[0];
    end = new byte[0];
  }

  private boolean take(FileChannel channel) throws IOException {
    int taken = 0;
    while (taken < TURN) {
      var bytes = buffer.bytes();
      int count = channel.read(ByteBuffer.wrap(bytes), read);
      if (count <= 0) {
        takeUnfinished();
        break;
      }
      taken += count;
      know(bytes, count);
      lines.accept(bytes, count);
      buffer.filled(count);
    }
    anything |= taken > 0;
    return taken > 0;
  }

  private void know(byte[] bytes, int count) {
    if (start.length < KNOWN) {
      start = joined(start, bytes, Math.min(count, KNOWN - start.length));
    }
    var both = joined(end, bytes, count);
    end = Arrays.copyOfRange(both, Math.max(0, both.length - KNOWN), both.length);
    read += count;
  }

  private static byte[] joined(byte[] a, byte[] b, int count) {
    var both = Arrays.copyOf(a, a.length + count);
    System.arraycopy(b, 0, both, a.length, count);
    return both;
  }

  private static byte[] bytes(FileChannel channel, long from, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {}
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /// An object is whole without the end of its line, which may never come: the next text may be
  /// written over it.
  private void takeUnfinished() {
    if (reader.takesUnfinished(lines.unfinished())) {
      lines.drop();
    }
  }

  /// After everything that could write has ended.
  void finish() {
    while (pump(true)) {}
    lines.end();
  }
}

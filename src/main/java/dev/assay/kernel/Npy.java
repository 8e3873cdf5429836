package dev.assay.kernel;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/// Arrays in NumPy's file format (NEP 1, versions 1 to 3), or as raw bytes.
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)(\\w+)'");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*True");

  private Npy() {}

  /// The elements of a file, in memory of their own.
  ///
  /// @param count how many there must be
  /// @throws Problem for a file that cannot be read, or holds something else
  static MemorySegment read(Path file, ElementType type, long count, Arena arena) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      long start = file.toString().endsWith(".npy") ? header(file, all, type) : 0;
      long bytes = all.byteSize() - start;
      if (bytes != Math.multiplyExact(count, (long) type.bytes())) {
        throw new Problem(
            "The file has another number of elements than the argument.",
            file + ": " + bytes / type.bytes() + " of " + type.word() + ", wanted " + count,
            "Give a file of that size, or correct size.");
      }
      return MemorySegment.ofArray(all.asSlice(start).toArray(ValueLayout.JAVA_BYTE));
    } catch (IOException e) {
      throw new Problem(
          "The file cannot be read.", file + ": " + e, "Give an array that is there.", e);
    }
  }

  /// Where the elements begin.
  private static long header(Path file, MemorySegment all, ElementType type) {
    long size = all.byteSize();
    for (int i = 0; i < MAGIC.length; i++) {
      if (size < 12 || all.get(ValueLayout.JAVA_BYTE, i) != MAGIC[i]) {
        throw bad(file, "it does not begin with NumPy's mark");
      }
    }
    boolean first = all.get(ValueLayout.JAVA_BYTE, 6) == 1;
    long length = all.get(ValueLayout.JAVA_SHORT_UNALIGNED, 8) & 0xffff;
    if (!first) {
      length = all.get(ValueLayout.JAVA_INT_UNALIGNED, 8) & 0xffffffffL;
    }
    long start = (first ? 10 : 12) + length;
    if (start > size) {
      throw bad(file, "its header is cut off");
    }
    var bytes = all.asSlice(first ? 10 : 12, length).toArray(ValueLayout.JAVA_BYTE);
    var header = new String(bytes, StandardCharsets.UTF_8);
    var descr = DESCR.matcher(header);
    if (!descr.find() || !SHAPE.matcher(header).find()) {
      throw bad(file, "its header says neither type nor shape");
    }
    if (descr.group(1).equals(">") || !descr.group(2).equals(type.npy())) {
      throw new Problem(
          "The file has another type of elements than the argument.",
          file + ": " + descr.group(1) + descr.group(2) + ", wanted <" + type.npy(),
          "Convert it: numpy.save(file, array.astype('<" + type.npy() + "')).");
    }
    if (FORTRAN.matcher(header).find()) {
      throw new Problem(
          "The file has its elements in columns.",
          file + ": fortran_order",
          "Write it in rows: numpy.save(file, numpy.ascontiguousarray(array)).");
    }
    return start;
  }

  private static Problem bad(Path file, String reason) {
    return new Problem(
        "That is no file of NumPy's.", file + ": " + reason, "Write it with numpy.save.");
  }

  /// Writes a one-dimensional array in NumPy's format.
  public static void write(Path file, ElementType type, MemorySegment elements) {
    long count = elements.byteSize() / type.bytes();
    var order = type.bytes() == 1 ? "|" : "<";
    var text =
        "{'descr': '"
            + order
            + type.npy()
            + "', 'fortran_order': False, 'shape': ("
            + count
            + ",), }";
    // The elements begin at a multiple of 64 bytes.
    int length = (10 + text.length() + 1 + 63) / 64 * 64 - 10;
    var header = (text + " ".repeat(length - text.length() - 1) + "\n");
    try (var out = Files.newOutputStream(file)) {
      out.write(MAGIC);
      out.write(new byte[] {1, 0, (byte) length, (byte) (length >> 8)});
      out.write(header.getBytes(StandardCharsets.US_ASCII));
      out.write(elements.toArray(ValueLayout.JAVA_BYTE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

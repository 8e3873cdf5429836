package dev.assay.train;

import dev.assay.problem.Problem;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads images in the IDX format: two zero bytes, the type of the elements (8: unsigned bytes),
/// the number of dimensions, each dimension as four bytes (largest first), then the elements.
/// (LeCun, Cortes and Burges, "The MNIST database".)
final class IdxImages {
  private static final int UNSIGNED_BYTE = 8;

  private IdxImages() {}

  /// Images to learn from: the classes are the numbers up to the largest label.
  static DataSet read(Path images, Path labels) {
    var labelled = labels(labels);
    int last = Arrays.stream(labelled).max().orElse(0);
    requireEvery(labelled, last, labels);
    var names = IntStream.rangeClosed(0, last).mapToObj(Integer::toString).toList();
    return dataSet(images, names, labelled, labels);
  }

  /// One label that is far too large would make classes that no image has.
  private static void requireEvery(int[] labels, int last, Path file) {
    var seen = new BitSet();
    Arrays.stream(labels).forEach(seen::set);
    int missing = seen.nextClearBit(0);
    if (missing < last) {
      int row = 0;
      while (labels[row] != last) {
        row++;
      }
      throw new Problem(
          "A class has no images.",
          "class " + missing + ", though image " + (row + 1) + " has " + last + " in " + file,
          "Correct the labels: the classes are 0, 1, 2 ... without a gap.");
    }
  }

  /// Images to be classified.
  ///
  /// @param labels null where they are not known: the target is made up then
  static DataSet read(Path images, @Nullable Path labels, List<String> classes) {
    return dataSet(images, classes, labels == null ? null : labels(labels), labels);
  }

  private static int[] labels(Path file) {
    var elements = elements(file, 1);
    var labels = new int[elements.bytes.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = elements.bytes[i] & 0xFF;
    }
    return labels;
  }

  private static DataSet dataSet(
      Path images, List<String> classes, int @Nullable [] labels, @Nullable Path labelFile) {
    var pixels = elements(images, 3);
    int rows = pixels.dimensions[0];
    if (labels != null && labels.length != rows) {
      throw new Problem(
          "There are not as many labels as images.",
          rows + " images in " + images + ", " + labels.length + " labels in " + labelFile,
          "Give the two files that belong together.");
    }
    var values = new float[pixels.bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels.bytes[i] & 0xFF;
    }
    return new DataSet(
        images.toString(),
        List.of(new Column.Image("pixels", pixels.dimensions[1], pixels.dimensions[2])),
        new Target.Classes("label", classes, labels == null ? new int[rows] : labels),
        values);
  }

  private record Elements(int[] dimensions, byte[] bytes) {}

  private static Elements elements(Path file, int dimensions) {
    try (var in = open(file)) {
      int magic = in.readInt();
      if (magic != (UNSIGNED_BYTE << 8 | dimensions)) {
        throw notIdx(file, String.format("it begins with %08x", magic), dimensions);
      }
      var sizes = new int[dimensions];
      long count = 1;
      for (int d = 0; d < dimensions; d++) {
        sizes[d] = in.readInt();
        count *= Math.max(sizes[d], -1);
        if (sizes[d] < 1 || count > Integer.MAX_VALUE - 8) {
          throw notIdx(file, "dimension " + (d + 1) + " is " + sizes[d], dimensions);
        }
      }
      var bytes = in.readNBytes((int) count);
      if (bytes.length < count) {
        throw new EOFException(bytes.length + " of " + count + " elements");
      }
      if (in.read() >= 0) {
        throw notIdx(file, "more follows the " + count + " elements", dimensions);
      }
      return new Elements(sizes, bytes);
    } catch (EOFException | ZipException e) {
      throw new Problem(
          "The data file is incomplete.",
          file + ": " + e.getMessage(),
          "Copy or download it again.",
          e);
    } catch (IOException e) {
      throw new Problem(
          "The data file cannot be read.",
          file + ": " + e.getMessage(),
          "Check that the file is readable.",
          e);
    }
  }

  private static Problem notIdx(Path file, String found, int dimensions) {
    return new Problem(
        "The data file is not IDX.",
        file + ": " + found,
        "Give a file of unsigned bytes with "
            + dimensions
            + (dimensions == 1 ? " dimension (labels)." : " dimensions (images)."));
  }

  /// Whatever the name says: a gzip file begins with 1f 8b.
  private static DataInputStream open(Path file) throws IOException {
    var raw =
        new PushbackInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), 2);
    var first = raw.readNBytes(2);
    raw.unread(first);
    boolean gzip = first.length == 2 && first[0] == (byte) 0x1F && first[1] == (byte) 0x8B;
    return new DataInputStream(
        gzip ? new BufferedInputStream(new GzipInput(file.toString(), raw), 1 << 16) : raw);
  }
}

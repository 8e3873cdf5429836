package dev.assay.train;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// What a gzip file holds, as long as it can fit into memory: a small file may hold a thousand
/// times its size, and it would take minutes until memory runs out.
public final class GzipInput extends GZIPInputStream {
  private final String name;
  private final long most;
  private long bytes;

  /// Whether a file's name says that it is one.
  public static boolean isNamed(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  /// What a file holds, unpacked where its name says that it is gzip.
  public static InputStream open(Path file) throws IOException {
    var in = Files.newInputStream(file);
    try {
      return isNamed(file) ? new GzipInput(file.toString(), in) : in;
    } catch (IOException e) { // it is not, whatever its name says
      in.close();
      throw e;
    }
  }

  /// @param name of the file, for messages
  GzipInput(String name, InputStream in) throws IOException {
    this(name, in, Runtime.getRuntime().maxMemory());
  }

  GzipInput(String name, InputStream in, long most) throws IOException {
    super(in, 1 << 16);
    this.name = name;
    this.most = most;
  }

  /// @throws Problem when there is more than fits into memory
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    bytes += Math.max(0, count);
    if (bytes > most) {
      throw new Problem(
          "The file unpacks to more than memory holds.",
          name + ": more than " + (most >> 20) + " MB, which is the heap",
          "Check that it is the right file; if it is, give more memory:"
              + " ASSAY_JAVA_OPTIONS=-Xmx32g.");
    }
    return count;
  }
}

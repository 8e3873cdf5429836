package dev.assay.files;

import dev.assay.problem.Problem;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Files whose contents stay in memory, and may be larger than it.
public final class LargeFile {
  private LargeFile() {}

  /// Reads a file, and names it where memory does not hold what it says.
  ///
  /// @param read makes of the file what stays in memory; all of it is given up when it runs out
  /// @throws Problem when memory runs out
  public static <T> T read(Path file, Supplier<T> read) {
    try {
      return read.get();
    } catch (OutOfMemoryError e) {
      throw new Problem(
          "The file needs more memory than there is.",
          file + ": " + e.getMessage() + ", of a heap of " + heap() + " MB",
          "Check that it is the right file; if it is, give more memory:"
              + " ASSAY_JAVA_OPTIONS=-Xmx32g.",
          e);
    }
  }

  private static long heap() {
    return Runtime.getRuntime().maxMemory() >> 20;
  }
}

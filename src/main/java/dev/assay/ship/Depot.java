package dev.assay.ship;

import java.io.IOException;
import java.nio.file.Path;

/// Where contents of files are left and found, by their SHA-256 in hexadecimal digits.
public interface Depot {
  boolean has(String sha256) throws IOException;

  /// Leaves the content of a file, unless it is there.
  void put(String sha256, Path file) throws IOException;

  /// Writes a content into a file, which is there or is made.
  ///
  /// @throws IOException also where there is no such content
  void get(String sha256, Path file) throws IOException;
}

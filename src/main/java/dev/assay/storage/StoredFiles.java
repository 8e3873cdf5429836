package dev.assay.storage;

import java.io.IOException;
import java.nio.file.Path;

/// Contents of files that a storage keeps with a study, by their SHA-256 in hexadecimal digits.
/// They are streamed: none has to fit into memory. Thread-safe.
public interface StoredFiles {
  boolean has(String sha256) throws IOException;

  /// Keeps the content of a file; does nothing where it is there.
  void put(String sha256, Path file) throws IOException;

  /// Writes a content into a file.
  ///
  /// @throws IOException also where there is no such content
  void get(String sha256, Path file) throws IOException;
}

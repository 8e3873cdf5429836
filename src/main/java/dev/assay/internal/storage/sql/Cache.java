package dev.assay.internal.storage.sql;

import java.nio.file.Path;

/// The user's cache: what may be deleted at any time, and what has no better place.
final class Cache {
  private Cache() {}

  static Path directory() {
    var configured = System.getenv("XDG_CACHE_HOME");
    return configured != null && !configured.isBlank()
        ? Path.of(configured, "assay")
        : Path.of(System.getProperty("user.home", "."), ".cache", "assay");
  }
}

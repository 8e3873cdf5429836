package dev.assay.files;

import java.nio.file.Path;
import java.util.Optional;

/// The user's cache: what may be deleted at any time, and what has no better place.
public final class UserCache {
  private static final String ASSAY = "assay";

  private UserCache() {}

  /// Assay's directory there: below XDG_CACHE_HOME, else below `.cache` of the home directory.
  ///
  /// @return nothing where there is no home directory
  public static Optional<Path> find() {
    var configured = System.getenv("XDG_CACHE_HOME");
    if (configured != null && !configured.isBlank()) {
      return Optional.of(Path.of(configured, ASSAY));
    }
    return Optional.ofNullable(System.getProperty("user.home"))
        .map(home -> Path.of(home, ".cache", ASSAY));
  }

  /// The same, below the working directory where there is no home directory.
  public static Path directory() {
    return find().orElse(Path.of(".cache", ASSAY));
  }
}

package dev.assay.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which build of Assay this is.
///
/// @param commit the abbreviated commit, or `unknown` where the build knew none
/// @param dirty whether files had been changed since that commit
public record BuildInfo(String version, String commit, boolean dirty) {
  private static final BuildInfo CURRENT = read();

  /// The build that this class belongs to.
  public static BuildInfo current() {
    return CURRENT;
  }

  private static BuildInfo read() {
    var properties = new Properties();
    try (var stream = BuildInfo.class.getResourceAsStream("/dev/assay/build.properties")) {
      if (stream != null) {
        properties.load(stream);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildInfo(
        properties.getProperty("git.build.version", "unknown"),
        properties.getProperty("git.commit.id.abbrev", "unknown"),
        Boolean.parseBoolean(properties.getProperty("git.dirty", "false")));
  }
}

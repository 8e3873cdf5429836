package dev.assay.device;

import dev.assay.files.UserCache;
import dev.assay.internal.words.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What was found out about devices, kept from one run to the next in a file of the user's cache
/// directory, each with the time when it was found.
final class DeviceCache {
  private static final Logger LOG = Log.of(DeviceCache.class);

  private final @Nullable Path file;
  private final InstantSource clock;

  /// @param file null: nothing is kept
  DeviceCache(@Nullable Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /// @param name of the file
  static DeviceCache ofUser(String name) {
    return new DeviceCache(
        UserCache.find().map(cache -> cache.resolve(name)).orElse(null), InstantSource.system());
  }

  /// Which build of Assay found it: what another one found does not hold for this one.
  static String build() {
    var crc = new CRC32();
    try (InputStream in = DeviceCache.class.getResourceAsStream("/dev/assay/build.properties")) {
      crc.update(in == null ? new byte[0] : in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "build " + Long.toHexString(crc.getValue());
  }

  /// What was found, where it is not older than that.
  ///
  /// @param key device, driver, build
  @Nullable String get(String key, Duration most) {
    var kept = read().getProperty(key);
    int space = kept == null ? -1 : kept.indexOf(' ');
    if (kept == null || space < 0) {
      return null;
    }
    try {
      var found = Instant.parse(kept.substring(space + 1));
      var age = Duration.between(found, clock.instant());
      return age.isNegative() || age.compareTo(most) > 0 ? null : kept.substring(0, space);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /// @param value without spaces
  void put(String key, String value) {
    var known = read();
    known.setProperty(key, value + " " + clock.instant());
    write(known);
  }

  private Properties read() {
    var known = new Properties();
    if (file != null && Files.isRegularFile(file)) {
      try (var in = Files.newBufferedReader(file)) {
        known.load(in);
      } catch (IOException | IllegalArgumentException e) {
        LOG.info("{} cannot be read, and is written anew: {}", file, e.toString());
      }
    }
    return known;
  }

  private void write(Properties known) {
    if (file == null) {
      return;
    }
    try {
      var directory = file.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      var fresh = Files.createTempFile(directory, "devices", ".tmp");
      try (var out = Files.newBufferedWriter(fresh)) {
        known.store(out, null);
      }
      try {
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      LOG.info("{} cannot be written: {}", file, e.toString());
    }
  }
}

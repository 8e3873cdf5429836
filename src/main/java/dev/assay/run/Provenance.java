package dev.assay.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a measured number comes from.
public final class Provenance {
  private Provenance() {}

  /// Version, commit, JDK, machine and time, as JSON values.
  public static Map<String, @Nullable Object> now() {
    var build = BuildInfo.current();
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("version", build.version());
    map.put("commit", build.commit());
    map.put("dirty", build.dirty());
    map.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    map.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    map.put("cpu", cpu());
    map.put("cores", Runtime.getRuntime().availableProcessors());
    map.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return map;
  }

  private static String cpu() {
    try {
      return cpu(Files.readAllLines(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  /// The processor's name, as the operating system gives it. Virtual machines often hide the number
  /// of the model; then family, model and vector instructions tell processors apart that differ
  /// twofold in speed.
  ///
  /// @param lines of `/proc/cpuinfo`
  static String cpu(List<String> lines) {
    var name = value(lines, "model name");
    if (name == null) {
      return System.getProperty("os.arch");
    }
    var family = value(lines, "cpu family");
    var model = value(lines, "model");
    if (name.chars().anyMatch(Character::isDigit) || family == null || model == null) {
      return name;
    }
    var flags = " " + Objects.requireNonNullElse(value(lines, "flags"), "") + " ";
    var vectors =
        flags.contains(" avx512f ") ? ", AVX-512" : flags.contains(" avx2 ") ? ", AVX2" : "";
    return name + " (family " + family + ", model " + model + vectors + ")";
  }

  private static @Nullable String value(List<String> lines, String key) {
    for (var line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
        return line.substring(colon + 1).strip();
      }
    }
    return null;
  }
}

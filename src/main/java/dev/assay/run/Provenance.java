package dev.assay.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
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

  /// The processor's name, as the operating system gives it.
  static String cpu() {
    var file = Path.of("/proc/cpuinfo");
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElseGet(() -> System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}

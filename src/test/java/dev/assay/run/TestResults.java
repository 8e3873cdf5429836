package dev.assay.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What a test measured, as a results file of `assay bench`.
public final class TestResults {
  private TestResults() {}

  /// @param unit what the score is a number of
  public static Map<String, @Nullable Object> measurement(
      String benchmark, Map<String, String> parameters, double score, String unit) {
    var measurement = new LinkedHashMap<String, @Nullable Object>();
    measurement.put("benchmark", benchmark);
    measurement.put("parameters", parameters);
    measurement.put("score", score);
    measurement.put("error", null);
    measurement.put("unit", unit);
    measurement.put("p50", score);
    measurement.put("p99", score);
    measurement.put("bytesPerOperation", null);
    measurement.put("peer", null);
    return measurement;
  }

  /// Writes `DIRECTORY/MACHINE/DATE-COMMIT-KIND.json`, of this machine's processor.
  ///
  /// @param command that which writes it anew
  public static void write(
      Path directory, String kind, List<Map<String, @Nullable Object>> measurements, String command)
      throws IOException {
    var machine = Provenance.now();
    var name =
        String.valueOf(machine.get("cpu")).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    var folder = name.replaceAll("^-|-$", "") + "-" + machine.get("cores") + "-cores";
    write(directory.resolve(folder), kind, measurements, command, Map.of());
  }

  /// As above.
  ///
  /// @param directory of the machine
  /// @param more of the provenance
  public static void write(
      Path directory,
      String kind,
      List<Map<String, @Nullable Object>> measurements,
      String command,
      Map<String, Object> more)
      throws IOException {
    var provenance = new LinkedHashMap<String, @Nullable Object>(Provenance.now());
    provenance.put("quick", false);
    provenance.putAll(more);
    provenance.put("command", command);
    var results = new LinkedHashMap<String, Object>();
    results.put("format", 1);
    results.put("provenance", provenance);
    results.put("measurements", measurements);
    var name =
        String.valueOf(provenance.get("time")).substring(0, 10)
            + "-"
            + provenance.get("commit")
            + "-"
            + kind
            + ".json";
    var file = Files.createDirectories(directory).resolve(name);
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(file, json.writeValueAsString(results) + "\n");
    System.out.println("Results: " + file);
  }
}

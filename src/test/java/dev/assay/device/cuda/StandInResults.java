package dev.assay.device.cuda;

import dev.assay.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the stand-in driver counts, as a results file of `assay bench`. Its provenance says that no
/// GPU was there: counts of code, never times.
final class StandInResults {
  private StandInResults() {}

  /// @param unit what the score is a number of
  static Map<String, @Nullable Object> measurement(
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

  /// Writes `DIRECTORY/assay-test-stand-in/DATE-COMMIT-KIND.json`.
  ///
  /// @param command that which writes it anew
  static void write(
      Path directory, String kind, List<Map<String, @Nullable Object>> measurements, String command)
      throws IOException {
    var provenance = new LinkedHashMap<String, @Nullable Object>(Provenance.now());
    provenance.put("quick", false);
    provenance.put("device", "Assay test stand-in, no GPU");
    provenance.put("gpu", false);
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
    var file = Files.createDirectories(directory.resolve("assay-test-stand-in")).resolve(name);
    var json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(file, json.writeValueAsString(results) + "\n");
    System.out.println("Results: " + file);
  }
}

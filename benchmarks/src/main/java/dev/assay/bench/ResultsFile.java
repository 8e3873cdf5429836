package dev.assay.bench;

import dev.assay.problem.Problem;
import dev.assay.run.Provenance;
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

/// What a run measured, with where it was measured.
public record ResultsFile(
    Map<String, @Nullable Object> provenance, List<Measurement> measurements) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Writes `<directory>/<device>/<date>-<commit>.json`.
  ///
  /// @return the file
  static Path write(Path directory, List<Measurement> measurements, boolean quick) {
    return write(directory, "", measurements, quick);
  }

  /// Writes `<directory>/<device>/<date>-<commit>[-<suite>].json`.
  ///
  /// @param suite empty for what `assay bench` writes of its suites together
  /// @return the file
  public static Path write(
      Path directory, String suite, List<Measurement> measurements, boolean quick) {
    var provenance = new LinkedHashMap<String, @Nullable Object>(Provenance.now());
    provenance.put("quick", quick);
    var device =
        String.valueOf(provenance.get("cpu"))
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\((r|tm)\\)", "")
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    var day = String.valueOf(provenance.get("time")).substring(0, 10);
    var file =
        directory
            .resolve(device + "-" + provenance.get("cores") + "-cores")
            .resolve(
                day
                    + "-"
                    + provenance.get("commit")
                    + (suite.isEmpty() ? "" : "-" + suite)
                    + ".json");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, JSON.writeValueAsString(new ResultsFile(provenance, measurements)) + "\n");
    } catch (IOException e) {
      throw new Problem(
          "The results cannot be written.",
          file + ": " + e,
          "Choose another directory with --out.",
          e);
    }
    return file;
  }
}

package dev.assay.device.cuda;

import dev.assay.run.TestResults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the stand-in driver counts, as a results file of `assay bench`. Its provenance says that no
/// GPU was there: counts of code, never times.
final class StandInResults {
  private StandInResults() {}

  /// Writes `DIRECTORY/assay-test-stand-in/DATE-COMMIT-KIND.json`.
  ///
  /// @param command that which writes it anew
  static void write(
      Path directory, String kind, List<Map<String, @Nullable Object>> measurements, String command)
      throws IOException {
    var device = new LinkedHashMap<String, Object>();
    device.put("device", "Assay test stand-in, no GPU");
    device.put("gpu", false);
    TestResults.write(
        directory.resolve("assay-test-stand-in"), kind, measurements, command, device);
  }
}

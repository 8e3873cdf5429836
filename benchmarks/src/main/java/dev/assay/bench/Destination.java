package dev.assay.bench;

import dev.assay.device.Availability;
import dev.assay.device.Backend;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where results go: the option of every command that writes some.
public final class Destination {
  @Option(names = "--out", paramLabel = "DIR", description = "where results go; ${DEFAULT-VALUE}")
  private Path directory = Path.of("results");

  /// What computed, where that is not the processor.
  public static @Nullable String device(Backend chosen) {
    return !chosen.id().equals("cpu")
            && chosen.availability() instanceof Availability.Available available
        ? available.device()
        : null;
  }

  Path directory() {
    return directory;
  }

  /// Writes a results file, and says which.
  ///
  /// @param suite what stands behind date and commit in its name
  /// @return the file
  public Path write(String suite, List<Measurement> measurements) {
    return write(suite, measurements, null);
  }

  /// As above.
  ///
  /// @param device what computed, where that is not the processor
  public Path write(String suite, List<Measurement> measurements, @Nullable String device) {
    var provenance = ResultsFile.provenance(false, device);
    var file = ResultsFile.write(directory, suite, measurements, provenance);
    System.out.println("Wrote " + file);
    return file;
  }
}

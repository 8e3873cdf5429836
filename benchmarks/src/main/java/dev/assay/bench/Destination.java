package dev.assay.bench;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// Where results go: the option of every command that writes some.
public final class Destination {
  @Option(names = "--out", paramLabel = "DIR", description = "where results go; ${DEFAULT-VALUE}")
  private Path directory = Path.of("results");

  Path directory() {
    return directory;
  }

  /// Writes a results file, and says which.
  ///
  /// @param suite what stands behind date and commit in its name
  /// @return the file
  public Path write(String suite, List<Measurement> measurements) {
    var file = ResultsFile.write(directory, suite, measurements, false);
    System.out.println("Wrote " + file);
    return file;
  }
}

package dev.assay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `assay bench index`: writes results/README.md, the table of the README and a page beside each
/// file of results.
@Command(
    name = "index",
    description = "Write results/README.md, the README's table and the pages of the results.")
final class IndexCommand implements Callable<Integer> {
  @Option(names = "--out", paramLabel = "DIR", description = "the results; ${DEFAULT-VALUE}")
  private Path out = Path.of("results");

  @Option(
      names = "--readme",
      paramLabel = "FILE",
      description = "the README with the table; ${DEFAULT-VALUE}")
  private Path readme = Path.of("README.md");

  @Override
  public Integer call() {
    var index = ResultsIndex.read(out);
    try {
      Files.writeString(out.resolve("README.md"), index.page());
      index.writePages(out);
      Files.writeString(
          readme, ResultsIndex.replaced(Files.readString(readme), index.readmeTable()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.err.println(
        "Wrote " + out.resolve("README.md") + ", the table of " + readme + " and the pages");
    return 0;
  }
}

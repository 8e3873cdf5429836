package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What people read of the results is what the results say. Where this fails: `./assay bench
/// index`.
class ResultsIndexTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void theIndexIsThatOfTheFiles() throws Exception {
    assertThat(Files.readString(ROOT.resolve("results/README.md")))
        .as("results/README.md: run ./assay bench index")
        .isEqualTo(ResultsIndex.read(ROOT.resolve("results")).page());
  }

  @Test
  void theTableOfTheReadmeIsThatOfTheFiles() throws Exception {
    var readme = Files.readString(ROOT.resolve("README.md"));
    var table = ResultsIndex.read(ROOT.resolve("results")).readmeTable();
    assertThat(readme)
        .as("the table of README.md: run ./assay bench index")
        .isEqualTo(ResultsIndex.replaced(readme, table));
  }
}

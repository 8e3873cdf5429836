package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.compare.Comparison;
import dev.assay.compare.ComparisonResult;
import dev.assay.compare.Contender;
import dev.assay.compare.RunLog;
import dev.assay.compare.SearchCase;
import dev.assay.device.BackendSelector;
import dev.assay.internal.engine.GpEngine;
import dev.assay.run.Provenance;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPageTest {
  @TempDir Path directory;

  private ComparisonResult result(int seeds) throws InterruptedException {
    return result(seeds, null);
  }

  private ComparisonResult result(int seeds, @Nullable String at) throws InterruptedException {
    try (var log = RunLog.open(directory.resolve("runs.jsonl"))) {
      return new Comparison(
              Contender.parse("</script>=random,tpe"),
              new Comparison.Settings(seeds, 1, 20, 1, at, directory),
              log,
              new BackendSelector().choose("cpu"),
              GpEngine.standard(),
              (_, _) -> {})
          .run(
              List.of(SearchCase.of("branin", List.of()), SearchCase.of("levy2", List.of())),
              (_, _) -> {});
    }
  }

  @Test
  void theVerdictSaysHowManySeedsAreNeeded() throws Exception {
    assertThat(ComparisonWords.verdict(result(3)).getFirst())
        .isEqualTo(
            "3 seeds cannot show a difference between 2 samplers at 5 %, whatever they find: "
                + "at least 6 are needed.");
    assertThat(ComparisonWords.verdict(result(6)).getFirst()).contains("of 2 problems");
  }

  @Test
  void thePageIsDrawnWithoutAComplaint() throws Exception {
    assumeTrue(Browser.isInstalled(), Browser.MISSING);
    var file = directory.resolve("comparison.html");
    ComparisonPage.write(ComparisonDocument.of(result(6), Provenance.now()), file);
    try (var browser = Browser.start(directory.resolve("profile"))) {
      var page = browser.open(file.toUri());
      page.await("document.getElementById('status').dataset.charts");
      assertThat(page.complaints()).isEmpty();
      assertThat(page.evaluate("document.getElementById('status').dataset.errors").asString())
          .isEmpty();
      assertThat(page.evaluate("document.getElementById('status').dataset.charts").asString())
          .isEqualTo("2");
      assertThat(page.coloursOfCanvases()).hasSize(2).allMatch(colours -> colours > 3);
      assertThat(page.evaluate("document.querySelector('h1').textContent").asString())
          .isEqualTo("</script>, tpe");
      ComparisonPage.write(ComparisonDocument.of(result(6, "cost"), Provenance.now()), file);
      page = browser.open(file.toUri());
      page.await("document.getElementById('status').dataset.charts");
      assertThat(page.complaints()).isEmpty();
      assertThat(page.evaluate("document.querySelector('#overall').textContent").asString())
          .contains("seconds");
      assertThat(page.evaluate("document.querySelector('#problems select').value").asString())
          .isEqualTo("seconds");
    }
  }
}

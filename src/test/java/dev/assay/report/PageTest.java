package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page as a browser shows it; its text alone is looked at in [HtmlReportTest].
final class PageTest {
  @TempDir static Path directory;

  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Browser.isInstalled(), Browser.MISSING);
    browser = Browser.start(directory.resolve("profile"));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (browser != null) {
      browser.close();
    }
  }

  /// Opens a study's page and waits until all is drawn.
  private static BrowserPage open(StudyView study) {
    var file = directory.resolve("report.html");
    HtmlReport.write(study, file);
    var page = browser.open(file.toUri());
    page.await("document.getElementById('status').dataset.charts");
    return page;
  }

  private static void assertQuiet(BrowserPage page) {
    assertThat(page.complaints()).isEmpty();
    assertThat(page.requests()).singleElement().asString().endsWith("report.html");
    assertThat(page.evaluate("document.getElementById('status').dataset.errors").asString())
        .isEmpty();
  }

  @Test
  void chartsAreDrawnAndNothingIsLoadedOrComplained() {
    var page = open(SampleStudies.single(200));
    assertQuiet(page);
    assertThat(page.coloursOfCanvases()).isNotEmpty().allMatch(colours -> colours > 3);
    assertThat(page.evaluate("document.querySelector('h1').textContent").asString())
        .isEqualTo("digits-mlp");
    assertThat(page.evaluate("document.querySelectorAll('#trials tbody tr').length").asInt())
        .isPositive();
  }

  @Test
  void severalObjectivesAndConditionsAreDrawn() {
    for (var study :
        new StudyView[] {SampleStudies.multiObjective(100), SampleStudies.conditional(100)}) {
      var page = open(study);
      assertQuiet(page);
      assertThat(page.coloursOfCanvases()).isNotEmpty().allMatch(colours -> colours > 3);
    }
  }

  @Test
  void aStudyWithoutResultsSaysSo() {
    for (var study : new StudyView[] {SampleStudies.empty(), SampleStudies.allFailed()}) {
      var page = open(study);
      assertQuiet(page);
      assertThat(page.evaluate("document.querySelector('main').innerText").asString())
          .containsAnyOf("There are no trials yet", "No trial is complete yet");
    }
  }

  @Test
  void namesAreTextAndNeverMarkup() {
    var page = open(SampleStudies.hostile());
    assertQuiet(page);
    assertThat(
            page.evaluate("document.querySelectorAll('main b > script, main img').length").asInt())
        .isZero();
  }
}

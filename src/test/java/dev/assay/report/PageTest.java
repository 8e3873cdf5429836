package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    assertQuiet(page, 0);
  }

  /// @param heard complaints that a test knows of
  private static void assertQuiet(BrowserPage page, int heard) {
    assertThat(page.complaints().stream().skip(heard)).isEmpty();
    assertThat(page.requests()).singleElement().asString().endsWith("report.html");
    assertThat(page.evaluate("document.getElementById('status').dataset.errors").asString())
        .isEmpty();
  }

  private static final String[] OF_ONE_OBJECTIVE = {
    "history",
    "curves",
    "distribution",
    "importances",
    "variance",
    "parallel",
    "slices",
    "contour",
    "leave-one-out",
    "ranks",
    "timeline",
    "spent",
    "cost",
    "progress-in-time"
  };

  /// The colours of a figure's chart; 0 where there is none.
  private static int colours(BrowserPage page, String figure) {
    return page.evaluate(
            """
            (() => {
              const canvas = document.querySelector("#%s canvas");
              const data = canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
              return data ? new Set(new Uint32Array(data.buffer)).size : 0;
            })()\
            """
                .formatted(figure))
        .asInt();
  }

  /// Every chart is there and drawn; nothing was loaded beside the page, and nothing complained.
  private static void assertDrawn(BrowserPage page, String... figures) {
    assertQuiet(page);
    assertThat(page.coloursOfCanvases()).isNotEmpty().allMatch(colours -> colours > 3);
    for (var figure : figures) {
      assertThat(colours(page, figure)).as(figure).isGreaterThan(3);
    }
  }

  // A page takes seconds to be drawn: all that is asked of one is asked at once.

  @Test
  void aStudyOfOneObjective() {
    var page = open(SampleStudies.single(200));
    assertDrawn(page, OF_ONE_OBJECTIVE);
    assertThat(page.evaluate("document.querySelector('h1').textContent").asString())
        .isEqualTo("digits-mlp");
    theTableFiltersSortsAndShowsOnlyRowsInSight(page);
    newerDataIsDrawnWhereThePageStands(page);
  }

  private static void theTableFiltersSortsAndShowsOnlyRowsInSight(BrowserPage page) {
    assertThat(page.evaluate("document.querySelectorAll('#trials tbody tr').length").asInt())
        .isBetween(1, 80);
    page.evaluate(
        """
        (() => {
          const input = document.querySelector("#trials input[type=search]");
          input.value = "hidden>200 state=complete";
          input.dispatchEvent(new Event("input"));
        })()\
        """);
    assertThat(
            page.evaluate(
                    "assay.table.order.every(row => assay.study.code(row, 2) > 200"
                        + " && assay.study.state(row) === 'complete')")
                .asBoolean())
        .isTrue();
    assertThat(page.evaluate("assay.table.order.length").asInt()).isPositive();
    page.evaluate("document.querySelectorAll('#trials th button')[2].click()");
    assertThat(
            page.evaluate(
                    "assay.table.order.every((row, i, all) => !i ||"
                        + " assay.study.value(all[i - 1]) <= assay.study.value(row))")
                .asBoolean())
        .isTrue();
  }

  private static void newerDataIsDrawnWhereThePageStands(BrowserPage page) {
    int heard = page.complaints().size(); // that its canvases were read
    var data =
        ReportData.of(SampleStudies.single(240), java.time.Instant.parse("2026-01-01T12:00:00Z"));
    page.evaluate(
        "document.getElementById('slices').scrollIntoView({behavior: 'instant'});"
            + "document.getElementById('slices').dataset.mark = 'kept'");
    page.evaluate("assay.update(" + data + ")");
    page.await("document.getElementById('status').dataset.trials === '240'");
    assertThat(page.evaluate("document.getElementById('slices').dataset.mark").asString())
        .as("a frame that stays, so that nobody loses the place")
        .isEqualTo("kept");
    assertThat(page.evaluate("scrollY").asDouble()).isPositive();
    assertQuiet(page, heard);
    assertThat(colours(page, "slices")).isGreaterThan(3);
  }

  /// They are spent, but nothing that the search found.
  @Test
  void confirmationsAreNoPartOfTheSearch() {
    var space = SampleStudies.plainSpace();
    var trials = new ArrayList<>(SampleStudies.trials(space, 12, 3));
    var lucky = TrialRecord.waiting(12, Confirmation.of(trials.getFirst()));
    trials.add(
        lucky.running(1_767_225_700_000L).ended(Outcome.complete(2), List.of(), Map.of(), 1));
    var definition = SampleStudies.definition("confirmed", space, Objective.maximize("accuracy"));
    var page = open(StudyView.of(definition, trials, SampleStudies.facts(9)));
    assertDrawn(page, "spent", "progress-in-time");
    assertThat(page.evaluate("bestOverTime(assay.study, 0).at(-1)[1]").asDouble()).isLessThan(1);
    assertThat(page.evaluate("document.querySelector('#spent').textContent").asString())
        .contains("on 1 trial to confirm");
  }

  /// The most accurate trials of these are above 0.97.
  @Test
  void whatBreaksABoundIsNoBest() {
    var study = SampleStudies.bounded(60, "accuracy <= 0.95");
    double best =
        study.trials().stream()
            .filter(trial -> trial.state() == TrialState.COMPLETE)
            .mapToDouble(TrialRecord::value)
            .filter(value -> value <= 0.95)
            .max()
            .orElseThrow();
    var page = open(study);
    assertDrawn(page, "history", "cost", "progress-in-time");
    for (var row :
        List.of(
            "bestOverTime(assay.study, 0).at(-1)[2]",
            "cheapest(assay.study, 0).at(-1)",
            "assay.study.ranked()[0]",
            "assay.study.best[0]")) {
      assertThat(page.evaluate("assay.study.value(" + row + ")").asDouble()).isEqualTo(best);
    }
    assertThat(page.evaluate("document.querySelector('#history').textContent").asString())
        .contains("accuracy <= 0.95");
    assertThat(
            page.evaluate(
                    "(showTrial(assay.study, [...assay.study.broken.keys()][0]),"
                        + " document.querySelector('#trial').textContent)")
                .asString())
        .contains("Breaksaccuracy <= 0.95");
  }

  @Test
  void aStudyOfWhichNoTrialKeepsTheBounds() {
    var page = open(SampleStudies.bounded(60, "accuracy <= 0.1"));
    assertQuiet(page);
    assertThat(page.evaluate("document.querySelector('#study-lead').textContent").asString())
        .startsWith("None of ")
        .contains("keeps accuracy <= 0.1", "comes nearest");
    assertThat(page.evaluate("document.body.innerText").asString())
        .doesNotContain("undefined", "NaN");
  }

  @Test
  void aStudyWithConditions() {
    var page = open(SampleStudies.conditional(300));
    assertDrawn(page, OF_ONE_OBJECTIVE);
    assertThat(page.barriers()).isEmpty();
  }

  @Test
  void aStudyOfSeveralObjectives() {
    var page = open(SampleStudies.multiObjective(100));
    assertDrawn(page, "front", "hypervolume", "slices", "parallel");
  }

  @Test
  void aStudyWithoutResultsSaysSo() {
    for (var study : new StudyView[] {SampleStudies.empty(), SampleStudies.allFailed()}) {
      var page = open(study);
      assertQuiet(page);
      assertThat(page.evaluate("document.querySelector('main').innerText").asString())
          .containsAnyOf("There are no trials yet", "No trial is complete yet");
      assertThat(page.barriers()).isEmpty();
    }
  }

  @Test
  void namesAreTextAndNeverMarkup() {
    var page = open(SampleStudies.hostile());
    assertQuiet(page);
    assertThat(
            page.evaluate("document.querySelectorAll('main b > script, main img').length").asInt())
        .isZero();
    assertThat(page.barriers()).isEmpty();
  }
}

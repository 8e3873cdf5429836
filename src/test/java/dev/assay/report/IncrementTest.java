package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.trial.Cause;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a page makes of an increment is the document that it would have been given whole.
class IncrementTest {
  private static final Instant WRITTEN = Instant.parse("2026-01-01T12:00:00Z");
  private static final String INSIGHTS = "{\"importances\":[],\"surfaces\":[]}";

  @TempDir private static Path directory;
  private static @Nullable Browser browser;
  private static @Nullable BrowserPage page;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Browser.isInstalled(), Browser.MISSING);
    browser = Browser.start(directory.resolve("profile"));
    var script = resource("increment.js");
    var file = directory.resolve("page.html");
    Files.writeString(file, "<title>increments</title><script>" + script + "</script>");
    page = browser.open(file.toUri());
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (browser != null) {
      browser.close();
    }
  }

  private static String resource(String name) throws IOException {
    try (var in = Objects.requireNonNull(ReportData.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// As a page has it that had `before` and gets what changed.
  private static JsonNode merged(StudyView before, StudyView after, int most) {
    var shown = PageSample.of(before, most);
    var increment =
        ReportData.since(
            shown, new ReportData.Source(after, PageSample.of(after, most)), WRITTEN, null);
    return evaluate(
        "withIncrement("
            + ReportData.of(ReportData.Source.of(shown), WRITTEN, INSIGHTS)
            + ","
            + increment
            + ")");
  }

  private static JsonNode evaluate(String expression) {
    return Objects.requireNonNull(page).evaluate(expression);
  }

  private static JsonNode whole(StudyView after, int most) {
    var shown = PageSample.of(after, most);
    return evaluate("(" + ReportData.of(ReportData.Source.of(shown), WRITTEN, INSIGHTS) + ")");
  }

  private static void assertSame(StudyView before, StudyView after, int most) {
    var merged = merged(before, after, most);
    var whole = whole(after, most);
    for (var name : List.of("trials", "curves", "best", "bestParams", "confirmed", "parameters")) {
      assertThat(merged.get(name)).as(name).isEqualTo(whole.get(name));
    }
    assertThat(merged.get("importances")).isEqualTo(whole.get("importances"));
  }

  private static StudyView view(List<TrialRecord> trials) {
    return StudyView.of(
        SampleStudies.bounded(1, "accuracy <= 0.95").definition(), trials, Map.of());
  }

  private static TrialRecord changed(TrialRecord trial, Random random) {
    boolean failed = random.nextBoolean();
    var reports = new ArrayList<>(trial.reports());
    reports.add(new Report(20, List.of(0.5)));
    return new TrialRecord(
        trial.number(),
        failed ? TrialState.FAILED : TrialState.COMPLETE,
        trial.configuration(),
        Map.of(),
        reports,
        failed ? List.of() : List.of(random.nextDouble()),
        failed ? Cause.ERROR : null,
        failed ? "line " + trial.number() : "",
        random.nextBoolean() ? Map.of("worker", "w") : Map.of(),
        trial.startedMillis(),
        1.5,
        1);
  }

  @Test
  void whatIsPutTogetherIsTheWholeDocument() {
    var random = new Random(5);
    for (int n : new int[] {3, 40, 700}) {
      var before = SampleStudies.single(n).trials();
      var after = new ArrayList<>(before);
      for (int row = 0; row < n; row++) {
        if (!before.get(row).state().isFinished() || random.nextInt(9) == 0) {
          after.set(row, changed(before.get(row), random));
        }
      }
      SampleStudies.single(n + 7).trials().stream().skip(n).forEach(after::add);
      assertSame(view(before), view(after), 1000);
      assertSame(view(before), view(after), 200); // of which some are shown, not the same ones
    }
  }

  @Test
  void nothingIsSentTwice() {
    var before = view(SampleStudies.single(300).trials());
    var trials = new ArrayList<>(before.trials());
    trials.set(299, changed(trials.get(299), new Random(1)));
    var after = view(trials);
    var increment =
        JsonMapper.shared()
            .readTree(ReportData.since(before, new ReportData.Source(after, after), WRITTEN, null));
    assertThat(increment.at("/trials/id").toString()).isEqualTo("[299]");
    assertThat(increment.at("/trials/dropped").toString()).isEqualTo("[]");
    assertThat(increment.at("/curves/shown/0").has("steps")).isFalse();
    assertThat(increment.has("importances")).isFalse();
  }
}

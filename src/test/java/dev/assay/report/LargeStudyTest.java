package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LargeStudyTest {
  private static final int TRIALS = 3000;
  private static final int FINALISTS = 2;
  private static final Instant WRITTEN = Instant.parse("2026-01-01T12:00:00Z");

  private static final InMemoryStorage STORAGE = new InMemoryStorage();

  @BeforeAll
  static void run() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("y", new FloatRange(0, 1))
            .add("size", new IntRange(1, 40))
            .build();
    try (var study =
        Study.over(space)
            .named("s")
            .minimize("loss")
            .sampler(Samplers.random())
            .confirm(new Confirmation(3, FINALISTS))
            .seed(3)
            .storage(STORAGE)
            .openOrCreate()) {
      study.putFact(StudyView.CONTEXT, List.of("size"));
      var _ =
          study.run(
              (configuration, _) ->
                  configuration.number("y") > 0.9
                      ? new Outcome.Failed(Cause.NO_VALUE, "none")
                      : Outcome.complete(configuration.number("x")),
              Budget.trials(TRIALS));
    }
  }

  @AfterAll
  static void close() {
    STORAGE.close();
  }

  private static ReportData.Source read(int most) {
    return LargeStudy.read(STORAGE.read("s").orElseThrow(), most, null).source();
  }

  private static JsonNode document(ReportData.Source source) {
    return JsonMapper.shared().readTree(ReportData.of(source, WRITTEN));
  }

  @Test
  void aStudyThatFitsIsThereWhole() {
    var source = read(TRIALS + 100);
    assertThat(source.isSample()).isFalse();
    assertThat(source.whole()).isEqualTo(StudyView.of(STORAGE.read("s").orElseThrow()));
    assertThat(source.page().trials()).isEqualTo(source.whole().trials());
  }

  @Test
  void ofALargeOneASampleAndWhatThePageNames() {
    var all = StudyView.of(STORAGE.read("s").orElseThrow());
    var source = read(500);
    assertThat(source.isSample()).isTrue();
    assertThat(source.whole().trials()).hasSizeBetween(250, 600);
    assertThat(source.page().best()).isEqualTo(all.best());
    assertThat(source.page().confirmed()).hasSize(FINALISTS).isEqualTo(all.confirmed());
    assertThat(source.page().trials())
        .extracting(TrialRecord::number)
        .isSorted()
        .doesNotHaveDuplicates()
        .contains(0, all.trials().getLast().number());

    assertThat(source.whole().decisions()).hasSize(40).isEqualTo(all.decisions());
    for (var state : TrialState.values()) {
      assertThat(source.whole().count(state)).isEqualTo(all.count(state));
    }
    assertThat(source.spent()).isEqualTo(Spending.of(all));
    assertThat(source.whole().lastMillis()).isEqualTo(all.lastMillis());
  }

  @Test
  void theDocumentCountsAllAndSaysOfHowManyItCalculates() {
    var all = StudyView.of(STORAGE.read("s").orElseThrow());
    var source = read(500);
    var document = document(source);
    var whole = document.path("whole");
    assertThat(whole.path("trials").asInt()).isEqualTo(all.trials().size());
    assertThat(whole.path("read").asInt()).isEqualTo(source.whole().trials().size());
    assertThat(whole.path("counts").path("failed").asInt())
        .isEqualTo(all.count(TrialState.FAILED))
        .isPositive();
    assertThat(whole.path("completed").asInt())
        .isEqualTo(all.count(TrialState.COMPLETE) - 3 * FINALISTS);
    assertThat(document.path("decisions").size()).isEqualTo(40);
    var pedAnova = document.path("importances").path(0).path("ped-anova").path("parameters");
    assertThat(pedAnova.path(0).asDouble()).isGreaterThan(0.9);
  }

  @Test
  void theListAndAComparisonOfAStudyInPartTellOfAll() {
    var all = StudyView.of(STORAGE.read("s").orElseThrow());
    var source = read(500);
    var thumbnail = StudyThumbnail.of("s", source, null);
    var whole = StudyThumbnail.of("s", ReportData.Source.of(all), null);
    for (var key : List.of("trials", "counts", "best", "front", "started")) {
      assertThat(thumbnail.get(key)).as(key).isEqualTo(whole.get(key));
    }
    var part = compared(source);
    var once = compared(new ReportData.Source(all, all));
    for (var key : List.of("best", "trial", "counts")) {
      assertThat(part.get(key)).as(key).isEqualTo(once.get(key));
    }
    assertThat(part.path("trials").asInt()).isEqualTo(all.size());
    // One trial ran at a time, so they ended in the order of their numbers.
    assertThat(part.get("byTrial")).isEqualTo(once.get("byTrial"));
  }

  private static JsonNode compared(ReportData.Source source) {
    var text = JsonMapper.shared().writeValueAsString(StudiesComparison.of(List.of(source)));
    return JsonMapper.shared().readTree(text).path("studies").path(0);
  }
}

package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PageSampleTest {
  private static final Instant WRITTEN = Instant.parse("2026-01-01T12:00:00Z");

  private static StudyView study(int trials, int parameters) {
    var builder = SearchSpace.builder();
    for (int i = 0; i < parameters; i++) {
      builder.add("x" + i, new FloatRange(-5, 5));
    }
    var space = builder.build();
    var records = new ArrayList<TrialRecord>();
    for (int i = 0; i < trials; i++) {
      var random = new Philox(7, i);
      boolean pruned = i % 9 == 5;
      records.add(
          new TrialRecord(
              i,
              pruned ? TrialState.PRUNED : TrialState.COMPLETE,
              space.draw(random),
              Map.of(),
              List.of(),
              pruned ? List.of() : List.of(random.nextDouble()),
              null,
              "",
              Map.of(),
              1_700_000_000_000L + i,
              0.125,
              0));
    }
    var definition = SampleStudies.definition("large", space, Objective.minimize("loss"));
    return StudyView.of(definition, records, Map.of());
  }

  @Test
  void whatFitsIsWhole() {
    var view = study(500, 10);
    assertThat(PageSample.of(view)).isSameAs(view);
  }

  @Test
  void theBestTheStepsAndAnEvenSpreadAreThere() {
    var view = study(5000, 2);
    var shown = PageSample.of(view, 300);
    var numbers = numbers(shown);
    assertThat(numbers).isSorted().doesNotHaveDuplicates().hasSizeBetween(270, 305);
    assertThat(numbers).contains(0, 4999, view.best().getFirst().number());
    assertThat(shown.best()).isEqualTo(view.best());
    double best = Double.POSITIVE_INFINITY;
    for (var trial : view.trials()) {
      if (trial.state() == TrialState.COMPLETE && trial.value() < best) {
        best = trial.value();
        assertThat(numbers).contains(trial.number());
      }
    }
    for (int i = 1; i < numbers.size(); i++) {
      assertThat(numbers.get(i) - numbers.get(i - 1)).isLessThanOrEqualTo(32);
    }
    assertThat(shown.count(TrialState.PRUNED)).isPositive();
  }

  @Test
  void aStudyThatGrowsKeepsNearlyAllOfWhatWasShown() {
    var all = study(6000, 2);
    var shown = numbers(PageSample.of(all.with(all.trials().subList(0, 5990)), 300));
    var later = numbers(PageSample.of(all, 300));
    var gone = new ArrayList<>(shown);
    gone.removeAll(later);
    assertThat(gone).hasSizeLessThan(10);
  }

  private static List<Integer> numbers(StudyView view) {
    return view.trials().stream().map(TrialRecord::number).toList();
  }

  @Test
  void aLargeStudysPageIsSmallAndSaysWhatIsMissing() {
    var view = study(12_000, 100);
    var data = ReportData.of(ReportData.Source.of(view), WRITTEN, "{\"importances\":[]}");
    assertThat(data.length()).isBetween(1_500_000, 4_000_000);
    var whole = JsonMapper.shared().readTree(data).path("whole");
    assertThat(whole.path("trials").asInt()).isEqualTo(12_000);
    assertThat(whole.path("completed").asInt()).isEqualTo(view.count(TrialState.COMPLETE));
    assertThat(whole.path("counts").path("pruned").asInt())
        .isEqualTo(view.count(TrialState.PRUNED));
    var small = ReportData.of(ReportData.Source.of(study(50, 3)), WRITTEN, "{\"importances\":[]}");
    assertThat(JsonMapper.shared().readTree(small).path("whole").isNull()).isTrue();
  }
}

package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.report.ReportData;
import dev.assay.report.StudyView;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveStudyTest {
  private static StudyView view() {
    try (var study =
        Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
            .named("s")
            .minimize("loss")
            .sampler(Samplers.random())
            .openOrCreate()) {
      study.run((x, _) -> Outcome.complete(x.code(0)), Budget.trials(4));
      return StudyView.of(study);
    }
  }

  /// Of a study with very many trials.
  private static StudyView first(StudyView all) {
    var one = all.trials().subList(0, 1);
    var sketch = new StoredStudy.Sketch(one, Map.of(TrialState.COMPLETE, all.size()), 0);
    return new StudyView(
        all.definition(), all.space(), all.objectives(), one, all.facts(), all.overhead(), sketch);
  }

  @Test
  void aTrialThatIsNotInMemoryIsReadWhenItIsAskedFor() {
    var all = view();
    var part = first(all);
    var source = new ReportData.Source(part, part, Map.of());
    var live =
        new LiveStudy(
            new DashboardStudy("s", () -> source, all::trial, List::of, () -> 1, null, null));
    for (int number : List.of(0, 2)) {
      assertThat(TrialPages.trial(live, "" + number)).isEqualTo(all.trials().get(number));
    }
    for (var none : List.of("4", "02", "-1", "12345678901", "x", "")) {
      assertThatThrownBy(() -> TrialPages.trial(live, none))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("no such trial")
          .hasMessageContaining("4 trials");
    }
  }
}

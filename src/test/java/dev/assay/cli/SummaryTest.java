package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.report.StudyView;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.FailureLimit;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static Study<Configuration> study() {
    return Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
        .minimize("loss")
        .sampler(Samplers.random())
        .open();
  }

  /// Each prints its value in words of its own, another one each time.
  @Test
  void programsWhoseValuesAreNotUnderstoodEndSoonAndAreToldHowToSayThem() {
    try (var study = study()) {
      var result =
          study.run(
              (configuration, _) ->
                  Outcome.failed(
                      Cause.NO_VALUE,
                      "no value for loss: {\"loss\": " + configuration.number("x") + "}"),
              Budget.trials(40).failing(new FailureLimit.Alike()));
      assertThat(result.reason()).isEqualTo(StopReason.FAILED_ALIKE);
      assertThat(Summary.lines(StudyView.of(study)))
          .filteredOn(line -> line.startsWith("  "))
          .satisfiesExactly(
              line -> assertThat(line).startsWith("  failed: 5 x no value: no value for loss: {"),
              line -> assertThat(line).contains("@assay {\"loss\": 0.31}"),
              line -> assertThat(line).contains("value: {number: loss}"));
    }
  }

  @Test
  void whatWasUnderstoodOnceNeedsNoExplanation() {
    try (var study = study()) {
      study.tell(study.ask(), Outcome.failed(Cause.NO_VALUE, "no value for loss: nothing"));
      study.tell(study.ask(), Outcome.complete(1));
      assertThat(Summary.lines(StudyView.of(study))).noneMatch(line -> line.contains("@assay"));
    }
  }

  /// The value was, the reports were not: no pruner saw them.
  @Test
  void reportsThatWereNotUnderstoodAreNamed() {
    try (var study = study()) {
      for (int i = 0; i < 3; i++) {
        var trial = study.ask();
        if (i > 0) {
          trial.attribute("unread", List.of("step: \"0.5\" is no whole number"));
        }
        study.tell(trial, Outcome.complete(1));
      }
      assertThat(Summary.lines(StudyView.of(study)))
          .contains("  not understood in 2 trials: step: \"0.5\" is no whole number");
    }
  }
}

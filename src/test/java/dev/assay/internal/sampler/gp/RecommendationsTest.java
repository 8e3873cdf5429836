package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecommendationsTest {
  private static final SearchSpace LINE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  /// A parabola with its minimum 2 at 0.5, on a grid; one value far from it is luckiest of all.
  private static List<TrialRecord> trials(int sign, boolean repeated) {
    var random = new Philox(1, 0);
    var trials = new ArrayList<TrialRecord>();
    for (int i = 0; i <= 20; i++) {
      double x = i / 20.0;
      double y = 2 + 8 * (x - 0.5) * (x - 0.5) + 0.3 * random.nextGaussian();
      trials.add(trial(i, x, sign * (i == 2 ? 0.4 : y)));
    }
    if (repeated) {
      trials.add(trial(21, 0.1, sign * 3.4));
    }
    return trials;
  }

  private static TrialRecord trial(int number, double x, double y) {
    return Trials.complete(number, new Proposal(LINE.configuration(Map.of("x", x))), y);
  }

  private static TrialRecord repeated(int number, double x, double... runs) {
    var reports = new ArrayList<Report>();
    for (double run : runs) {
      reports.add(new Report(reports.size() + 1, List.of(run)));
    }
    double mean = Arrays.stream(runs).sum() / runs.length;
    return trial(number, x, mean)
        .running(1)
        .ended(Outcome.complete(mean), reports, Map.of(TrialRecord.RUNS, runs.length), 1);
  }

  /// No configuration was tried twice, but each was run twice: that is as good.
  @Test
  void theRunsOfATrialShowItsNoise() {
    var random = new Philox(1, 0);
    var trials = new ArrayList<TrialRecord>();
    for (int i = 0; i <= 20; i++) {
      double x = i / 20.0;
      double y = 2 + 8 * (x - 0.5) * (x - 0.5);
      trials.add(
          i == 2
              ? repeated(i, x, 0.4, 5.2)
              : repeated(i, x, y + 0.3 * random.nextGaussian(), y + 0.3 * random.nextGaussian()));
    }
    var best = requireNonNull(Recommendations.of(trials, List.of(Objective.minimize("y"))));
    assertThat(best.trial().configuration().number("x")).isBetween(0.3, 0.7);
    assertThat(best.high() - best.low()).isBetween(0.05, 2.0);
    var history = History.of(trials, List.of());
    assertThat(history.runs().size()).isEqualTo(42);
    assertThat(Repetitions.of(history.runs()).verdict(false)).isEqualTo(Repetitions.Verdict.NOISY);
    assertThat(Repetitions.of(history).verdict(false)).isEqualTo(Repetitions.Verdict.UNKNOWN);
  }

  /// Equal runs, of a program without noise, leave nothing to recommend over the best trial.
  @Test
  void equalRunsAreNoNoise() {
    var trials = new ArrayList<TrialRecord>();
    for (int i = 0; i <= 20; i++) {
      double y = 2 + 8 * Math.pow(i / 20.0 - 0.5, 2);
      trials.add(repeated(i, i / 20.0, y, y));
    }
    assertThat(Recommendations.of(trials, List.of(Objective.minimize("y")))).isNull();
  }

  /// Maximising mirrors it.
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void theLuckiestTrialIsNotTheOneToUse(int sign) {
    var objective = sign > 0 ? Objective.minimize("y") : Objective.maximize("y");
    var best = requireNonNull(Recommendations.of(trials(sign, true), List.of(objective)));
    assertThat(best.trial().configuration().number("x")).isBetween(0.3, 0.7);
    assertThat(sign * best.expected()).isBetween(1.4, 2.4);
    assertThat(best.low()).isLessThan(best.expected());
    assertThat(best.high()).isGreaterThan(best.expected());
    assertThat(best.high() - best.low()).isLessThan(2);
  }

  @Test
  void withoutNoiseThereIsNothingToSay() {
    var one = List.of(Objective.minimize("y"));
    assertThat(Recommendations.of(trials(1, false), one)).isNull();
    var exact = new ArrayList<>(trials(1, false));
    exact.add(trial(21, 0, exact.getFirst().value()));
    assertThat(Recommendations.of(exact, one)).isNull();
    assertThat(Recommendations.of(List.of(), one)).isNull();
    assertThat(
            Recommendations.of(
                trials(1, true), List.of(Objective.minimize("y"), Objective.minimize("z"))))
        .isNull();
  }

  /// A parabola rounded up to whole numbers: from 0.35 to 0.65 all trials have the value 1, the
  /// first of them far from its minimum.
  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void ofSeveralBestTheOneIsNamedThatIsBestBehindTheRounding(int sign) {
    var trials = rounded(sign);
    var objective = sign > 0 ? Objective.minimize("y") : Objective.maximize("y");
    var ranked = Recommendations.ranked(trials, List.of(objective));
    assertThat(ranked).hasSize(trials.size());
    assertThat(ranked.getFirst().trial().configuration().number("x")).isBetween(0.4, 0.6);
    assertThat(ranked.getFirst().trial().value()).isEqualTo(sign);
    assertThat(ranked.stream().map(one -> sign * one.trial().value())).isSorted();
  }

  @Test
  void oneBestOfRoundedValuesIsTheBest() {
    var trials = new ArrayList<>(rounded(1));
    trials.add(trial(21, 0.51, 0));
    assertThat(Recommendations.of(trials, List.of(Objective.minimize("y")))).isNull();
  }

  private static List<TrialRecord> rounded(int sign) {
    var trials = new ArrayList<TrialRecord>();
    for (int i = 0; i <= 20; i++) {
      double x = i / 20.0;
      trials.add(trial(i, x, sign * Math.max(1, Math.ceil(40 * (x - 0.5) * (x - 0.5)))));
    }
    return trials;
  }

  @Test
  void aStudyUnderNoiseRecommends() {
    var random = new Philox(3, 0);
    try (var study =
        Study.over(LINE)
            .minimize("y")
            .sampler(Samplers.create("gp", Map.of("model", "single", "noisy", "yes")))
            .seed(1)
            .open()) {
      var result =
          study.run(
              (c, _) -> {
                double x = c.number("x") - 0.4;
                return Outcome.complete(4 * x * x + 0.2 * random.nextGaussian());
              },
              Budget.trials(24));
      var expected = requireNonNull(result.expected());
      assertThat(result.recommended()).isEqualTo(expected.found());
      assertThat(result.recommended().configuration().number("x")).isBetween(0.15, 0.65);
      assertThat(expected.value()).isBetween(expected.low(), expected.high());
    }
  }

  @Test
  void aStudyWithoutNoiseRecommendsItsBest() {
    try (var study = Study.over(LINE).minimize("y").sampler(Samplers.random()).seed(1).open()) {
      var result = study.run((c, _) -> Outcome.complete(c.number("x")), Budget.trials(9));
      assertThat(result.expected()).isNull();
      assertThat(result.recommended()).isEqualTo(result.best());
    }
  }
}

package dev.assay.study;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.statistics.StudentT;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Budget;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What confirmations say of finalists: means, intervals, and what one gains over another.
class ConfirmedTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(-1, 1)).build();

  /// The best of 0 to 9, each further one worse by as much, beside the defaults, 4.
  private static Confirmed.Gain gain(double apart, double noise) {
    var space =
        SearchSpace.builder()
            .add(new Parameter("x", new IntRange(0, 9), 4L, Condition.ALWAYS))
            .build();
    try (var study =
        Study.over(space)
            .minimize("loss")
            .sampler(Samplers.random())
            .seed(3)
            .confirm(new Confirmation(6, 2))
            .open()) {
      study.run(
          (x, trial) ->
              Outcome.complete(
                  apart * (9 - x.number("x")) + noise * new Philox(trial.seed(), 0).nextGaussian()),
          Budget.trials(10));
      var defaults = space.defaults();
      var confirmed = study.confirmed();
      var own =
          confirmed.stream().filter(one -> one.trial().configuration().equals(defaults)).toList();
      assertThat(own).hasSize(1);
      assertThat(own.getFirst().runs()).hasSize(6);
      var best = confirmed.stream().filter(one -> !own.contains(one)).findFirst().orElseThrow();
      var gain = requireNonNull(best.over(own.getFirst(), Direction.MINIMIZE));
      assertThat(gain.mean()).isCloseTo(own.getFirst().mean() - best.mean(), within(1e-12));
      return gain;
    }
  }

  @Test
  void theDefaultsAreConfirmedBesideTheFinalists() {
    var clear = gain(1, 0.1);
    assertThat(clear.isSure()).isTrue();
    assertThat(clear.mean()).isBetween(clear.low(), clear.high()).isCloseTo(5, within(0.5));
    assertThat(gain(0, 1).isSure()).isFalse();
  }

  @Test
  void theIntervalIsStudents() {
    var finalist = record(0, Map.of(), 9);
    var trials =
        List.of(
            finalist,
            record(1, Map.of("confirms", 0), 1),
            record(2, Map.of("confirms", 0L), 2),
            record(3, Map.of("confirms", 0), 6));
    var confirmed = Confirmed.of(trials, List.of(Objective.minimize("y"))).getFirst();
    // The standard error is sqrt(7 / 3), the quantile 4.302653.
    assertThat(confirmed.mean()).isCloseTo(3, within(1e-12));
    assertThat(confirmed.high() - 3).isCloseTo(6.572416, within(1e-5));
    assertThat(3 - confirmed.low()).isCloseTo(6.572416, within(1e-5));
    assertThat(confirmed.trial()).isEqualTo(finalist);
  }

  /// Tables of the distribution: 0.975.
  @ParameterizedTest
  @CsvSource({
    "1, 12.706205",
    "2, 4.302653",
    "3, 3.182446",
    "4, 2.776445",
    "9, 2.262157",
    "99, 1.984217"
  })
  void quantiles(int freedom, double quantile) {
    assertThat(StudentT.quantile(0.975, freedom)).isCloseTo(quantile, within(1e-6));
  }

  private static TrialRecord record(int number, Map<String, @Nullable Object> notes, double value) {
    return TrialRecord.waiting(number, new Proposal(SPACE.configuration(Map.of("x", 0)), notes))
        .ended(Outcome.complete(value), List.of(), Map.of(), 1);
  }
}

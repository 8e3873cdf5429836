package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SuccessChanceTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-4, 1))
          .add("kind", Choice.of("a", "b", "c"))
          .add("other", new FloatRange(0, 1))
          .build();

  private static List<TrialRecord> trials(Predicate<Configuration> fails, Cause cause) {
    try (var study =
        Study.over(SPACE)
            .objective(Objective.minimize("y"))
            .sampler(Samplers.random())
            .seed(4)
            .open()) {
      var random = new Philox(3, 0);
      study.run(
          (x, _) ->
              fails.test(x) ? Outcome.failed(cause, "") : Outcome.complete(random.nextDouble()),
          Budget.trials(60));
      return study.trials();
    }
  }

  @Test
  void whereTrialsFailedTheChanceIsSmall() {
    var trials =
        trials(x -> x.number("rate") > 0.05 || "b".equals(x.values().get("kind")), Cause.DIVERGED);
    var chance = requireNonNull(SuccessChance.of(SPACE, trials));
    assertThat(chance.trials()).isEqualTo(60);
    assertThat(chance.failed()).isBetween(20, 45);
    var rate = chance.along().get(0);
    assertThat(rate.codes()[0]).isCloseTo(1e-4, within(1e-9));
    int last = rate.chances().length - 1;
    assertThat(rate.chances()[last]).isLessThan(0.15);
    assertThat(rate.chances()[0]).isGreaterThan(rate.chances()[last] + 0.3);
    var kind = chance.along().get(1).chances();
    assertThat(kind).hasSize(3);
    assertThat(kind[1]).isLessThan(0.15);
    assertThat(kind[0]).isGreaterThan(kind[1] + 0.3);
    assertThat(kind[2]).isGreaterThan(kind[1] + 0.3);
    var other = chance.along().get(2).chances();
    assertThat(java.util.Arrays.stream(other).allMatch(p -> p > 0 && p < 1)).isTrue();
    assertThat(Math.abs(other[0] - other[other.length - 1])).isLessThan(0.2);
  }

  @Test
  void withoutFailuresOrSuccessesThereIsNothingToSay() {
    assertThat(SuccessChance.of(SPACE, trials(_ -> false, Cause.ERROR))).isNull();
    assertThat(SuccessChance.of(SPACE, trials(_ -> true, Cause.ERROR))).isNull();
    assertThat(SuccessChance.of(SPACE, List.of())).isNull();
    // A trial that lost its process says nothing of its configuration.
    assertThat(SuccessChance.of(SPACE, trials(x -> x.number("rate") > 0.05, Cause.LOST))).isNull();
  }
}

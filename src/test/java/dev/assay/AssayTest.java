package dev.assay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.space.Range;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A study needs nothing but what is searched and what is better.
class AssayTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().floatRange("x", -1, 1).intRange("k", 0, 5).build();

  record Point(@Range(low = -1, high = 1) double x) {}

  @Test
  void oneLineSearches() {
    var result =
        Assay.minimize(
            SPACE,
            c -> Math.pow(c.number("x") - 0.3, 2) + Math.abs(c.number("k") - 2),
            Budget.trials(25));
    assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
    assertThat(result.recommended().value()).isLessThan(0.02);
    assertThat(result.recommended().configuration().number("k")).isEqualTo(2);
  }

  @Test
  void maximisingMirrorsMinimising() {
    var least = Assay.minimize(SPACE, c -> c.number("x"), Budget.trials(12));
    var most = Assay.maximize(SPACE, c -> -c.number("x"), Budget.trials(12));
    assertThat(most.best().configuration()).isEqualTo(least.best().configuration());
  }

  @Test
  void recordsAreSearchedAsWell() {
    var least = Assay.minimize(Point.class, p -> Math.abs(p.x() + 0.5), Budget.trials(20));
    var most = Assay.maximize(Point.class, p -> -Math.abs(p.x() + 0.5), Budget.trials(20));
    assertThat(least.best().configuration().x()).isBetween(-0.6, -0.4);
    assertThat(most.best().configuration()).isEqualTo(least.best().configuration());
  }

  @Test
  void aFunctionMayThrowOrGiveNoNumber() {
    var calls = new AtomicInteger();
    var result =
        Assay.minimize(
            SPACE,
            c ->
                switch (calls.getAndIncrement() % 3) {
                  case 0 -> throw new java.io.IOException("the disk is full");
                  case 1 -> Double.NaN;
                  default -> c.number("x");
                },
            Budget.trials(9));
    assertThat(calls).hasValue(9);
    assertThat(result.best().configuration().number("x")).isBetween(-1.0, 1.0);
    var none =
        Assay.minimize(
            SPACE,
            _ -> {
              throw new IllegalStateException("never");
            },
            Budget.trials(3));
    assertThatThrownBy(none::recommended).isInstanceOf(Problem.class);
  }

  @Test
  void aStudyWithoutASamplerHasAuto() {
    try (var study = Study.over(SPACE).minimize("loss").open();
        var free = Study.defineByRun().minimize("loss").open()) {
      study.run((c, _) -> Outcome.complete(c.number("x")), Budget.trials(6));
      assertThat(study.definition().content().get("sampler")).asString().contains("name=auto");
      assertThat(study.trials().getLast().notes()).containsKey("auto");
      free.run((x, _) -> Outcome.complete(x.suggestFloat("y", 0, 1)), Budget.trials(6));
      assertThat(free.definition().content().get("sampler")).asString().contains("name=auto");
      assertThat(free.trials()).hasSize(6);
    }
  }
}

package dev.assay.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.sampler.ContextSampler;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Parameters that are given, not chosen: each of their values has a search of its own.
class ContextSamplerTest {
  /// The best tile is half of the size's logarithm: another one for each size.
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("size", Choice.of(4, 8, 12))
          .add("tile", new Choice(range(40), true))
          .add("fast", Choice.of(false, true))
          .where("tile <= 3 * size + 3")
          .build();

  private static List<@Nullable Object> range(int n) {
    return IntStream.range(0, n).<@Nullable Object>mapToObj(i -> (long) i).toList();
  }

  private static double value(Configuration c) {
    double size = c.number("size");
    double off = c.number("tile") - 2 * size - 1;
    return size * size * size + off * off + (Boolean.TRUE.equals(c.get("fast")) ? 0 : 9);
  }

  private static List<TrialRecord> run(String sampler, int trials, int batch) {
    var context = new ContextSampler(Samplers.create(sampler, Map.of()), List.of("size"));
    try (Study<Configuration> study =
        Study.over(SPACE).named("s").minimize("v").sampler(context).batch(batch).seed(5).open()) {
      var _ = study.run((c, _) -> Outcome.complete(value(c)), Budget.trials(trials));
      return study.trials();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "gp", "tpe", "random", "sobol", "grid"})
  void everyValueHasItsTurnAndNothingIsTriedTwice(String sampler) {
    var trials = run(sampler, 45, 1);
    var seen = new HashSet<Configuration>();
    for (var trial : trials) {
      assertThat(trial.configuration().number("size")).isEqualTo(4 * (trial.number() % 3 + 1));
      assertThat(SPACE.satisfies(trial.configuration())).isTrue();
      assertThat(seen.add(trial.configuration())).isTrue();
    }
    assertThat(trials).hasSize(45);
  }

  @Test
  void theBestOfEachValueIsFound() {
    var trials = run("gp", 75, 3);
    for (int size : List.of(4, 8, 12)) {
      var best =
          trials.stream()
              .filter(trial -> trial.configuration().number("size") == size)
              .min(java.util.Comparator.comparingDouble(TrialRecord::value))
              .orElseThrow();
      assertThat(best.value()).as("size " + size).isEqualTo((double) size * size * size);
    }
  }

  @Test
  void anExhaustedValueLeavesItsTurnsToTheOthers() {
    var trials = run("random", 1000, 1); // 2 * (16 + 28 + 40) configurations hold
    assertThat(trials).hasSize(168);
  }
}

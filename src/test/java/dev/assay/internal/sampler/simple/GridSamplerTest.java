package dev.assay.internal.sampler.simple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Sampler;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GridSamplerTest extends SamplerContract {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add(new Parameter("rate", FloatRange.log(1e-4, 1), 0.01, Condition.ALWAYS))
          .add("layers", new IntRange(1, 4))
          .add("optimizer", Choice.of("sgd", "adam"))
          .add("nesterov", Choice.of(true, false), Condition.when("optimizer", "sgd"))
          .build();

  @Override
  protected Sampler sampler() {
    return new GridSampler(List.of(), 3);
  }

  private static List<Map<String, @Nullable Object>> walk(Sampler sampler) {
    return Trials.search(sampler, Trials.task(SPACE, 1), 1000, _ -> new double[] {0}).stream()
        .map(trial -> trial.configuration().values())
        .toList();
  }

  @Test
  void subgridsGiveExactlyTheirUnion() {
    var points =
        walk(
            Samplers.grid(
                List.of(
                    Map.of("rate", List.of(0.1, 0.001), "optimizer", List.of("adam")),
                    Map.of("rate", List.of(0.001, 0.5), "optimizer", List.of("adam", "sgd")))));
    assertThat(points)
        .containsExactly(
            Map.of("rate", 0.1, "layers", 3L, "optimizer", "adam"),
            Map.of("rate", 0.001, "layers", 3L, "optimizer", "adam"),
            Map.of("rate", 0.001, "layers", 3L, "optimizer", "sgd", "nesterov", true),
            Map.of("rate", 0.5, "layers", 3L, "optimizer", "adam"),
            Map.of("rate", 0.5, "layers", 3L, "optimizer", "sgd", "nesterov", true));
  }

  @Test
  void pointsSpreadAContinuousParameterFromEndToEnd() {
    var points = walk(Samplers.grid(5));
    assertThat(points).hasSize(5 * 4 * 3);
    var rates = new HashSet<Double>();
    points.forEach(point -> rates.add((Double) point.get("rate")));
    assertThat(rates.stream().sorted().map(rate -> Math.round(Math.log10(rate) * 1e9) * 1e-9))
        .containsExactly(-4.0, -3.0, -2.0, -1.0, 0.0);
  }

  @Test
  void aSubgridMaySayPoints() {
    var grid = Samplers.create("grid", Map.of("values", Map.of("layers", Map.of("points", 2))));
    assertThat(walk(grid)).extracting(point -> point.get("layers")).containsExactly(1L, 4L);
  }

  @Test
  void aContinuousParameterWithoutValuesIsRefused() {
    assertThatThrownBy(() -> Samplers.grid().open(Trials.task(SPACE, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("rate")
        .hasMessageContaining("points: 5");
  }

  @Test
  void wrongValuesAndNamesAreRefused() {
    assertRefused(Map.of("rate", List.of(7)), "rate = 7");
    assertRefused(Map.of("rate", List.of()), "at least one value");
    assertRefused(Map.of("rates", List.of(0.1)), "Did you mean \"rate\"");
    assertRefused(Map.of("layers", Map.of("points", 0)), "out of range");
  }

  private static void assertRefused(Map<String, Object> subgrid, String words) {
    assertThatThrownBy(() -> Samplers.grid(List.of(subgrid)).open(Trials.task(SPACE, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(words);
  }

  @Test
  void aGridThatConstraintsEmptyIsRefused() {
    var space = SearchSpace.builder().add("a", new IntRange(0, 9)).where("a % 2 == 1").build();
    var even = Samplers.grid(List.of(Map.of("a", List.of(0, 2, 4))));
    assertThatThrownBy(() -> even.open(Trials.task(space, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("No point of the grid");
  }

  /// Two thousand inactive combinations are stepped over, not through.
  @Test
  void inactiveParametersCostNothing() {
    var builder = SearchSpace.builder().add("kind", Choice.of("plain", "rich"));
    for (int j = 0; j < 40; j++) {
      builder.add("x" + j, new IntRange(0, 9), Condition.when("kind", "rich"));
    }
    var space = builder.build();
    var trials = Trials.search(Samplers.grid(), Trials.task(space, 1), 3, _ -> new double[] {0});
    assertThat(trials).hasSize(3);
    assertThat(trials.get(0).configuration().values()).hasSize(1);
    assertThat(trials.get(1).configuration().values()).hasSize(41);
  }
}

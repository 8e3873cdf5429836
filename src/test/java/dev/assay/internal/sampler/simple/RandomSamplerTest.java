package dev.assay.internal.sampler.simple;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Sampler;
import org.junit.jupiter.api.Test;

class RandomSamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return new RandomSampler();
  }

  @Test
  void drawsAreUniformInUnits() {
    var space =
        SearchSpace.builder()
            .add("x", FloatRange.log(1e-3, 1))
            .add("c", Choice.of("a", "b"))
            .build();
    var trials = Trials.search(sampler(), Trials.task(space, 1), 3000, _ -> new double[] {0});
    assertThat(trials.stream().filter(t -> t.configuration().number("x") < 0.1).count())
        .isBetween(1880L, 2120L); // 2000 ± 4.6 standard deviations
    assertThat(trials.stream().filter(t -> "a".equals(t.configuration().get("c"))).count())
        .isBetween(1374L, 1626L);
  }

  /// Almost all configurations break the constraint, and rejection alone would not find the last.
  @Test
  void aNeedleInAHaystackIsFound() {
    var space =
        SearchSpace.builder()
            .add("a", new IntRange(0, 199))
            .add("b", new IntRange(0, 199))
            .where("a * 200 + b == 777 or a * 200 + b >= 39990")
            .build();
    var trials = Trials.search(sampler(), Trials.task(space, 1), 100, _ -> new double[] {0});
    assertThat(trials).hasSize(11);
    assertThat(Trials.configurations(trials)).doesNotHaveDuplicates();
  }

  @Test
  void whatIsLeftOfAFiniteSpaceIsDrawnEvenly() {
    var space = SearchSpace.builder().add("k", new IntRange(0, 9)).build();
    var last = new int[10];
    for (int seed = 0; seed < 2000; seed++) {
      var trials = Trials.search(sampler(), Trials.task(space, seed), 10, _ -> new double[] {0});
      last[(int) trials.getLast().configuration().number("k")]++;
    }
    assertThat(java.util.Arrays.stream(last)).allMatch(count -> count > 140 && count < 260);
  }
}

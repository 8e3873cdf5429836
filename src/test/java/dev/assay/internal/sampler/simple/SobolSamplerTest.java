package dev.assay.internal.sampler.simple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Sampler;
import java.util.List;
import org.junit.jupiter.api.Test;

class SobolSamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return new SobolSampler();
  }

  @Test
  void everyCoordinateIsStratified() {
    var space =
        SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();
    var trials = Trials.search(sampler(), Trials.task(space, 4), 64, _ -> new double[] {0});
    for (var name : List.of("x", "y")) {
      assertThat(trials.stream().map(t -> (int) (64 * t.configuration().number(name))))
          .doesNotHaveDuplicates();
    }
  }

  /// Trial numbers may be asked for in any order.
  @Test
  void withConstraintsEachTrialHasItsOwnPoint() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("y", new FloatRange(0, 1))
            .where("x + y < 0.7")
            .build();
    var none = History.of(List.of(), List.of());
    try (var proposer = sampler().open(Trials.task(space, 4));
        var other = sampler().open(Trials.task(space, 4))) {
      var fifth = proposer.propose(5, none);
      assertThat(proposer.propose(2, none)).isNotEqualTo(fifth);
      assertThat(proposer.propose(5, none)).isEqualTo(fifth);
      for (int t = 0; t < 5; t++) {
        assertThat(other.propose(t, none)).isNotEqualTo(fifth);
      }
      assertThat(other.propose(5, none)).isEqualTo(fifth);
    }
  }

  @Test
  void moreThanAThousandParametersAreRefused() {
    var builder = SearchSpace.builder();
    for (int j = 0; j <= 1000; j++) {
      builder.add("x" + j, new FloatRange(0, 1));
    }
    var space = builder.build();
    assertThatThrownBy(() -> sampler().open(Trials.task(space, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("1001 parameters");
  }
}

package dev.assay.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.study.Sampler;
import dev.assay.study.TrialRecord;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnealingSamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return new AnnealingSampler();
  }

  @Test
  void comesCloserThanRandomDraws() {
    assertThat(best(sampler())).isLessThan(best(Samplers.random()) * 0.7);
  }

  private static double best(Sampler sampler) {
    return Trials.search(
            sampler,
            Trials.task(Trials.MIXED, 2),
            150,
            p -> new double[] {Trials.bowl(p.configuration())})
        .stream()
        .mapToDouble(TrialRecord::value)
        .min()
        .orElseThrow();
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Samplers.create("annealing", Map.of("mean_rank", 0.5)))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> Samplers.create("annealing", Map.of("shrink", -1)))
        .isInstanceOf(Problem.class);
  }
}

package dev.assay.internal.sampler.genetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.pareto.Hypervolume;
import dev.assay.internal.pareto.ParetoOrder;
import dev.assay.problem.Problem;
import dev.assay.sampler.SamplerContract;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.Sampler;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Nsga2SamplerTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return Samplers.create("nsga2", Map.of("population", 10));
  }

  private static final SearchSpace SPACE = space();

  private static SearchSpace space() {
    var builder = SearchSpace.builder();
    for (int j = 0; j < 8; j++) {
      builder.add("x" + j, new FloatRange(0, 1));
    }
    return builder.build();
  }

  /// DTLZ2 (Deb et al. 2005) with three objectives: the front is the unit sphere.
  private static double[] dtlz2(double[] x) {
    double g = 0;
    for (int j = 2; j < x.length; j++) {
      g += Math.pow(x[j] - 0.5, 2);
    }
    double a = x[0] * Math.PI / 2;
    double b = x[1] * Math.PI / 2;
    return new double[] {
      (1 + g) * Math.cos(a) * Math.cos(b),
      (1 + g) * Math.cos(a) * Math.sin(b),
      (1 + g) * Math.sin(a)
    };
  }

  /// The volume below 1.2 in each objective that the first n trials dominate.
  static double volume(Sampler sampler) {
    var objectives =
        new Objective[] {Objective.minimize("a"), Objective.minimize("b"), Objective.minimize("c")};
    var trials =
        Trials.search(
            sampler,
            Trials.task(SPACE, 3, objectives),
            600,
            p -> dtlz2(SPACE.toUnit(p.configuration())));
    var points =
        trials.stream()
            .map(t -> t.values().stream().mapToDouble(v -> v / 1.2).toArray())
            .filter(v -> IntStream.range(0, 3).allMatch(k -> v[k] < 1))
            .toList();
    var front = new ParetoOrder(points.toArray(new double[0][])).fronts().getFirst();
    return Hypervolume.of(front.stream().map(points::get).toList(), new double[] {1, 1, 1});
  }

  @ParameterizedTest
  @ValueSource(strings = {"nsga2", "nsga3"})
  void theFrontComesCloser(String name) {
    var genetic = Samplers.create(name, Map.of("population", 40));
    assertThat(volume(genetic)).isGreaterThan(volume(Samplers.random()) + 0.15);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    for (var wrong :
        List.<Map<String, Object>>of(
            Map.of("population", 1), Map.of("crossover", 1.1), Map.of("mutation", -1))) {
      assertThatThrownBy(() -> Samplers.create("nsga2", wrong)).isInstanceOf(Problem.class);
    }
    assertThatThrownBy(() -> Samplers.create("nsga3", Map.of("divisions", 0)))
        .isInstanceOf(Problem.class);
  }
}

package dev.assay.internal.pareto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HypervolumeTest {
  @Test
  void smallSetsByHand() {
    assertThat(Hypervolume.of(List.<double[]>of(), new double[] {1, 1})).isZero();
    assertThat(Hypervolume.of(Arrays.asList(new double[][] {{0.25}, {0.5}}), new double[] {1}))
        .isEqualTo(0.75);
    // 0.75·0.5 + 0.25·(1 - 0.25) - 0.25·0.5: two boxes less what they share.
    assertThat(
            Hypervolume.of(
                Arrays.asList(
                    new double[][] {{0.25, 0.5}, {0.75, 0.25}, {0.8, 0.6}, {0.25, 0.5}, {2, -9}}),
                new double[] {1, 1}))
        .isCloseTo(0.75 * 0.5 + 0.25 * 0.75 - 0.25 * 0.5, within(1e-15));
    assertThat(Hypervolume.of(Arrays.asList(new double[][] {{1, 0}}), new double[] {1, 1}))
        .isZero();
    assertThat(
            Hypervolume.of(
                Arrays.asList(new double[][] {{0, 0, 0.5}, {0, 0.5, 0}, {0.5, 0, 0}}),
                new double[] {1, 1, 1}))
        .isCloseTo(3 * 0.5 - 3 * 0.25 + 0.125, within(1e-15));
  }

  /// By inclusion and exclusion over all subsets: another way to the same number.
  private static double byInclusion(double[][] points, double[] reference) {
    double sum = 0;
    for (int subset = 1; subset < 1 << points.length; subset++) {
      double box = 1;
      for (int k = 0; k < reference.length; k++) {
        double worst = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < points.length; i++) {
          if ((subset >> i & 1) == 1) {
            worst = Math.max(worst, points[i][k]);
          }
        }
        box *= Math.max(0, reference[k] - worst);
      }
      sum += Integer.bitCount(subset) % 2 == 1 ? box : -box;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void anySetOfPointsAgreesWithInclusionAndExclusion(int m) {
    var random = new Philox(m, 0);
    for (int round = 0; round < 50; round++) {
      var points = new double[1 + random.nextInt(9)][m];
      for (var point : points) {
        for (int k = 0; k < m; k++) {
          // Coarse values make ties, and some points lie beyond the reference.
          point[k] = random.nextInt(8) / 6.0;
        }
      }
      var reference = new double[m];
      Arrays.fill(reference, 1);
      assertThat(Hypervolume.of(Arrays.asList(points), reference))
          .isCloseTo(byInclusion(points, reference), within(1e-12));
    }
  }

  @Test
  void trialsCountInTheirOwnDirectionAndOnlyIfTheyKeepTheBounds() {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    try (var study =
        Study.over(space)
            .minimize("a")
            .maximize("b")
            .subjectTo("a >= 0")
            .sampler(Samplers.random())
            .open()) {
      var values = new double[][] {{1, 3}, {2, 4}, {-1, 9}};
      study.run((_, trial) -> Outcome.complete(values[trial.number()]), Budget.trials(3));
      double volume = ParetoFront.volume(study.trials(), study.objectives(), 3, 1);
      assertThat(volume).isEqualTo(2 * 2 + 1 * 3 - 1 * 2);
      assertThat(study.best()).hasSize(2);
    }
  }
}

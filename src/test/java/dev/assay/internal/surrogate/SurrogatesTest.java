package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.acquisition.Acquisition;
import dev.assay.acquisition.Beliefs;
import dev.assay.acquisition.Surrogate;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.OutputWarp;
import dev.assay.internal.acquisition.AcquisitionOfBeliefs;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SurrogatesTest {
  private static final Surrogate COST = Surrogate.of("cost");
  private static final Surrogate SIZE = Surrogate.of("size");

  /// What it wants to know, and nothing else.
  private static final Acquisition BOTH =
      new Acquisition() {
        @Override
        public double value(Beliefs at) {
          return 3 * at.of(SIZE).mean() + at.of(COST).mean() + at.of(COST).sd() - at.best();
        }

        @Override
        public List<Surrogate> surrogates() {
          return List.of(SIZE, COST);
        }
      };

  private static final double[] COSTS = {20, 50, 10, 40};
  private static final double[] SIZES = {7, 7, 7, 7};

  private static FittedModels.Weighted model(double[] outputs, double weight) {
    var member =
        new SurrogateSettings.Member("m", CovarianceFunction.product(), new OutputWarp.Identity());
    return new FittedModels.Weighted(member, new double[4], outputs, weight);
  }

  private static FittedModels only(FittedModels.Weighted model) {
    return new FittedModels(List.of(model), 0, SurrogateMemory.NONE);
  }

  private static Surrogates surrogates() {
    var objective = new double[] {1, 2, 3, 4};
    var fitted =
        new FittedOutputs(
            List.of(
                only(model(GridModels.standardised(objective), 1)),
                FittedModels.NONE,
                only(model(GridModels.standardised(COSTS), 1))),
            List.of());
    var known =
        new Known(
            new double[] {0, 0.2, 0.5, 1},
            new double[][] {objective, SIZES, COSTS},
            new double[0],
            new double[0][]);
    return Surrogates.of(BOTH, fitted, known, 2);
  }

  /// In their own units, whatever a model's outputs were scaled to. What never changes is known.
  @Test
  void beliefsAreInTheUnitsOfWhatTrialsBrought() {
    var surrogates = surrogates();
    assertThat(surrogates.models()).hasSize(1);
    var function = new AcquisitionOfBeliefs(BOTH, 0, 0.5, surrogates.sources());
    double mean = Arrays.stream(COSTS).average().orElseThrow();
    double sd =
        Math.sqrt(
            IntStream.range(0, 4)
                .mapToDouble(i -> Math.pow(COSTS[i] - mean, 2))
                .average()
                .orElseThrow());
    // The cost's model is the third of the session: the first two are the objective's.
    double value = function.value(new double[] {9, 9, 1.5}, new double[] {9, 9, 0.2});
    assertThat(value).isCloseTo(3 * 7 + mean + 1.5 * sd + 0.2 * sd - 0.5, within(1e-9));
  }

  /// Each model of the objective has its share, and an incumbent of its own.
  @Test
  void theObjectivesModelsAreWeighed() {
    var chosen = List.of(model(new double[4], 1), model(new double[4], 0.25));
    var mixture = surrogates().mixture(BOTH, chosen, new double[] {10, 20});
    var means = new double[] {0, 0, 0};
    var sds = new double[] {1, 1, 1};
    var single = new AcquisitionOfBeliefs(BOTH, 0, 0, surrogates().sources());
    double expected = single.value(means, sds) - 0.8 * 10 - 0.2 * 20;
    assertThat(mixture.value(means, sds)).isCloseTo(expected, within(1e-9));
  }
}

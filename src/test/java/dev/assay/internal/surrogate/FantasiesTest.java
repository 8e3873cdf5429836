package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.OutputWarp;
import dev.assay.internal.acquisition.BatchLogExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.Mixture;
import dev.assay.internal.engine.GpSession;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a session is told of fantasies of two pending points: draw f of model k is 100 k + f at the
/// first, and less than everything observed at the second.
class FantasiesTest {
  private static final int DRAWS = 8;

  private final List<double[][]> outputs = new ArrayList<>();
  private final List<double[]> points = new ArrayList<>();

  private GpSession session() {
    return (GpSession)
        Proxy.newProxyInstance(
            GpSession.class.getClassLoader(),
            new Class<?>[] {GpSession.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "observe" -> {
                    points.add((double[]) arguments[0]);
                    outputs.add((double[][]) arguments[1]);
                    yield null;
                  }
                  case "sample" -> draws((int) arguments[0], (int) arguments[2]);
                  default -> null;
                });
  }

  private static double[] draws(int model, int count) {
    var draws = new double[2 * count];
    for (int f = 0; f < count; f++) {
      draws[2 * f] = 100 * model + f;
      draws[2 * f + 1] = -f - 1;
    }
    return draws;
  }

  private static FittedModels.Weighted model(String name, double weight) {
    return new FittedModels.Weighted(
        new SurrogateSettings.Member(name, CovarianceFunction.product(), new OutputWarp.Identity()),
        new double[4],
        new double[] {3, 0, 5},
        weight);
  }

  private Mixture conditioned() {
    var known =
        new Known(new double[] {0.1, 0.2, 0.3}, new double[] {3, 0, 5}, new double[] {0.6, 0.7});
    return (Mixture)
        Fantasies.condition(session(), known, List.of(model("a", 3), model("b", 1)), 2, 1);
  }

  private static List<LogExpectedImprovement> fantasies(Mixture mixture, int model) {
    return ((BatchLogExpectedImprovement) mixture.parts().get(model).function()).fantasies();
  }

  @Test
  void eachDrawIsAFantasyOfItsOwn() {
    conditioned();
    assertThat(points.getLast()).containsExactly(0.1, 0.2, 0.3, 0.6, 0.7);
    for (int k = 0; k < 2; k++) {
      for (int f = 0; f < DRAWS; f++) {
        assertThat(outputs.getLast()[DRAWS * k + f]).containsExactly(3, 0, 5, 100 * k + f, -f - 1);
      }
    }
  }

  @Test
  void theIncumbentOfAFantasyMayBeAPendingPoint() {
    var mixture = conditioned();
    for (int k = 0; k < 2; k++) {
      for (int f = 0; f < DRAWS; f++) {
        assertThat(fantasies(mixture, k).get(f))
            .isEqualTo(new LogExpectedImprovement(DRAWS * k + f, -f - 1));
      }
    }
  }

  @Test
  void modelsCountByTheirWeights() {
    assertThat(conditioned().parts()).extracting(Mixture.Part::weight).containsExactly(0.75, 0.25);
    assertThat(outputs.getFirst()).hasDimensions(2, 3);
  }
}

package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.GpEngine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeBoundsTest {
  private static final double[] POINTS = {0, 0.25, 0.5, 1};

  private static OutcomeBounds bounds(double[]... constraints) {
    var settings = SurrogateSettings.single(CovarianceFunction.product());
    var fitted =
        OutcomeBounds.fit(
            GpEngine.standard(), GridModels.BOX, POINTS, constraints, List.of(), 0, settings, 1);
    return OutcomeBounds.of(fitted, constraints);
  }

  /// Mean 1, variance 4.5.
  @ParameterizedTest
  @ValueSource(doubles = {1, 1e-200, 1e307})
  void aBoundLiesWhereTheConstraintIsZero(double unit) {
    var constraint = GridModels.values(new double[] {4, 2, -1, -1}, c -> c * unit);
    assertThat(bounds(constraint).bounds())
        .containsExactly(new double[] {-1 / Math.sqrt(4.5)}, within(1e-9));
  }

  /// Mean 4, variance 5.
  @Test
  void aBoundMayLieBeyondAllThatWasSeen() {
    assertThat(bounds(new double[] {1, 3, 5, 7}).bounds())
        .containsExactly(new double[] {-4 / Math.sqrt(5)}, within(1e-9));
  }

  @Test
  void constraintsThatNeverChangeSayNothing() {
    var constant = new double[] {-2, -2, -2, -2};
    assertThat(bounds(constant).isEmpty()).isTrue();
    assertThat(bounds(constant, new double[] {1, 3, 5, 7}).bounds()).hasSize(1);
  }

  /// Φ(1) and Φ(2), under models 1 and 2.
  @Test
  void probabilitiesMultiply() {
    var two = bounds(new double[] {1, 3, 5, 7}, new double[] {-1, -3, -5, -7});
    var function = two.constrain(null, 1);
    double low = two.bounds()[0];
    double high = two.bounds()[1];
    double value = function.value(new double[] {9, low - 0.5, high - 2}, new double[] {1, 0.5, 1});
    double expected =
        GridModels.NORMAL.cumulativeProbability(1) * GridModels.NORMAL.cumulativeProbability(2);
    assertThat(Math.exp(value)).isCloseTo(expected, within(1e-12));
  }
}

package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a place has been searched enough.
class GainsTest {
  private static final Box SQUARE = Box.continuous(2);

  private static boolean isCrowded(Box box, double[] points, double[] pending, double... point) {
    var values = new double[points.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Gains.isCrowded(box, new Known(points, values, pending), point);
  }

  @Test
  void threeWithinATenThousandthAreACrowd() {
    var three = new double[] {0.5, 0.5, 0.50005, 0.5, 0.5, 0.49995, 0.9, 0.1};
    assertThat(isCrowded(SQUARE, three, new double[0], 0.5, 0.5)).isTrue();
    assertThat(isCrowded(SQUARE, three, new double[0], 0.5003, 0.5)).isFalse();
    var two = new double[] {0.5, 0.5, 0.50005, 0.5, 0.9, 0.1};
    assertThat(isCrowded(SQUARE, two, new double[0], 0.5, 0.5)).isFalse();
    assertThat(isCrowded(SQUARE, two, new double[] {0.5, 0.5}, 0.5, 0.5)).isTrue();
  }

  /// Beyond a bound nothing lies, so beside a point on it little is left to find.
  @Test
  void besideAPointOnABoundItIsCrowded() {
    var onBound = new double[] {0, 0.5, 0.9, 0.1};
    assertThat(isCrowded(SQUARE, onBound, new double[0], 0.009, 0.5)).isTrue();
    assertThat(isCrowded(SQUARE, onBound, new double[0], 0.011, 0.5)).isFalse();
    assertThat(isCrowded(SQUARE, onBound, new double[0], 0.009, 0.501)).isFalse();
    var inside = new double[] {0.001, 0.5, 0.9, 0.1};
    assertThat(isCrowded(SQUARE, inside, new double[0], 0.005, 0.5)).isFalse();
    var last = new double[] {0.9, 0.1, 0.5, 1};
    assertThat(isCrowded(SQUARE, last, new double[0], 0.5, 0.992)).isTrue();
    var options = new Box(List.of(new Coordinate.Category(2), new Coordinate.Continuous()));
    assertThat(isCrowded(options, new double[] {1, 0.5}, new double[0], 1, 0.5)).isFalse();
  }

  /// Five outputs that agree to six digits of what outputs differ by.
  @Test
  void aboutTheBestOfManyEqualOnesItIsCrowded() {
    var points = new double[20];
    for (int i = 0; i < 20; i++) {
      points[i] = i == 10 || i == 11 ? 0.5 : (0.1 + 0.37 * i) % 0.4;
    }
    var values = new double[] {9, 8, 7, 6, 5, 1, 1, 1, 1, 1 + 1e-9};
    var known = new Known(points, values, new double[0]);
    assertThat(Gains.isCrowded(SQUARE, known, new double[] {0.53, 0.5})).isTrue();
    assertThat(Gains.isCrowded(SQUARE, known, new double[] {0.58, 0.5})).isFalse();
    values[9] = 1.01;
    assertThat(Gains.isCrowded(SQUARE, known, new double[] {0.53, 0.5})).isFalse();
  }

  /// The first eight, or two for each dimension: what comes later crowds about the best.
  @Test
  void theSpreadIsThatOfTheFirstOutputs() {
    var outputs = new double[] {8, 1, 7, 2, 6, 3, 5, 4, 0, 0, 0, 0};
    assertThat(2 * Gains.halfSpread(outputs, 2)).isCloseTo(5, within(1e-15));
    assertThat(2 * Gains.halfSpread(outputs, 5)).isCloseTo(4, within(1e-15));
    assertThat(2 * Gains.halfSpread(new double[] {3, 1, 2}, 1)).isCloseTo(1, within(1e-15));
  }
}

package dev.assay.internal.sampler.gp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListSampleTest {
  private static final Box BOX =
      new Box(List.of(new Coordinate.Category(6), new Coordinate.Continuous()));
  private static final int EACH = 100;

  /// Of each option in turn, 100 points from 0 to 1.
  private static double[] points() {
    var points = new double[6 * EACH * 2];
    for (int i = 0; i < 6 * EACH; i++) {
      points[2 * i] = i / EACH;
      points[2 * i + 1] = i % EACH / (EACH - 1.0);
    }
    return points;
  }

  /// Options have no order: the last is no farther from the first than the second is.
  @Test
  void everyOtherOptionIsAsNear() {
    var centre = new double[] {0, 0};
    int[] chosen = ListSample.of(BOX, points(), centre, 2 * EACH + 60);
    for (int option = 1; option < 6; option++) {
      int of = option;
      long near = Arrays.stream(chosen).filter(i -> i / EACH == of && i % EACH < 6).count();
      assertThat(near).as("of option %d", option).isEqualTo(6);
    }
    assertThat(chosen).contains(IntStream.range(0, EACH).toArray());
  }

  @Test
  void withoutCentresItIsSpreadEvenly() {
    int[] chosen = ListSample.of(BOX, points(), new double[0], 60);
    assertThat(chosen).isEqualTo(IntStream.range(0, 60).map(k -> 10 * k).toArray());
  }
}

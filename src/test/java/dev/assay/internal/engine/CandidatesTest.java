package dev.assay.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final Coordinate.Grid GRID =
      new Coordinate.Grid(new double[] {0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1});

  /// The best point in the middle, others in the corners and on a grid's ends: steps from them and
  /// crossings of them would leave the bounds.
  @Test
  void allAreWithinTheBounds() {
    var coordinates = new ArrayList<Coordinate>();
    for (int j = 0; j < 4; j++) {
      coordinates.add(new Coordinate.Continuous());
    }
    coordinates.add(GRID);
    var box = new Box(List.copyOf(coordinates));
    double[] observed = {
      .5, .5, .5, .5, .5, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1
    };
    double[] low = {.4, .4, .4, .4, .4};
    double[] high = {.6, .6, .6, .6, .6};
    var plan = MaximiserPlan.of(observed, 3).within(low, high);
    var candidates = new Candidates(box, plan, CandidateRule.ANY).draw();
    assertThat(candidates).hasSizeGreaterThan(500);
    for (var point : candidates) {
      for (double value : point) {
        assertThat(value).isBetween(.4, .6);
      }
    }
  }
}

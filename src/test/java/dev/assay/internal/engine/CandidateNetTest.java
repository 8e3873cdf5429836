package dev.assay.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.random.SobolSequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateNetTest {
  private static final Coordinate.Grid GRID = new Coordinate.Grid(new double[] {0, .5, 1});

  @Test
  void continuousCoordinatesAreThoseOfTheSobolSequence() {
    var net = CandidateNet.of(Box.continuous(3), 10, 8);
    var expected = new double[3];
    new SobolSequence(3, 8).point(7, expected);
    assertThat(net.point(7)).isEqualTo(expected);
  }

  @Test
  void boundsHoldForContinuousAndGridCoordinatesAndNotForCategories() {
    var box = new Box(List.of(new Coordinate.Continuous(), GRID, new Coordinate.Category(4)));
    var net = new CandidateNet(box, 64, new double[] {.4, .4, .4}, new double[] {.6, .6, .6}, 2);
    var categories = new java.util.TreeSet<Double>();
    for (int i = 0; i < net.count(); i++) {
      var point = net.point(i);
      assertThat(point[0]).isBetween(.4, .6);
      assertThat(point[1]).isEqualTo(.5);
      categories.add(point[2]);
    }
    assertThat(categories).containsExactly(0.0, 1.0, 2.0, 3.0);
  }

  @Test
  void coordinatesBeyondTheDirectionNumbersAreUniformAndDifferFromPointToPoint() {
    var net = CandidateNet.of(Box.continuous(SobolSequence.MAX_DIMENSION + 2), 200, 5);
    double sum = 0;
    var seen = new java.util.HashSet<Double>();
    for (int i = 0; i < net.count(); i++) {
      double last = net.point(i)[SobolSequence.MAX_DIMENSION + 1];
      assertThat(last).isBetween(0.0, 1.0);
      sum += last;
      seen.add(last);
    }
    assertThat(seen).hasSize(200);
    assertThat(sum / 200).isBetween(.4, .6);
    assertThat(net.point(3)).isEqualTo(net.point(3));
  }
}

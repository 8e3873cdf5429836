package dev.assay.internal.pareto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParetoOrderTest {
  @Test
  void frontsComeOneAfterTheOther() {
    var order = new ParetoOrder(new double[][] {{2, 2}, {1, 3}, {3, 3}, {3, 1}, {4, 4}, {1, 3}});
    assertThat(order.fronts()).containsExactly(List.of(0, 1, 3, 5), List.of(2), List.of(4));
    assertThat(order.best(5)).endsWith(2).hasSize(5).contains(0, 1, 3, 5);
  }

  /// Of equally good ones those that cover the front.
  @Test
  void aSubsetOfAFrontIsSpread() {
    var line =
        IntStream.rangeClosed(0, 100)
            .mapToObj(i -> new double[] {i, 100 - i})
            .toArray(double[][]::new);
    var chosen = new ParetoOrder(line).best(3).stream().sorted().toList();
    assertThat(chosen.get(0)).isLessThan(35);
    assertThat(chosen.get(1)).isBetween(30, 70);
    assertThat(chosen.get(2)).isGreaterThan(65);
  }

  @Test
  void hypervolumesAreThoseOfRandomDraws() {
    var random = new Philox(1, 1);
    for (int k = 1; k <= 4; k++) {
      int objectives = k;
      var points =
          IntStream.range(0, 8).mapToObj(_ -> random.doubles(objectives).toArray()).toList();
      int inside = 0;
      for (int draw = 0; draw < 40_000; draw++) {
        var x = random.doubles(objectives).toArray();
        inside +=
            points.stream()
                    .anyMatch(p -> IntStream.range(0, objectives).allMatch(j -> p[j] <= x[j]))
                ? 1
                : 0;
      }
      assertThat(Hypervolume.of(points, ones(objectives)))
          .isCloseTo(inside / 40_000.0, within(0.012));
    }
  }

  private static double[] ones(int k) {
    var ones = new double[k];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }
}

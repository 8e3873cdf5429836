package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OrderedLossesTest {
  @Test
  void theKthSmallestIsThatOfAllTheLosses() {
    var random = new Philox(3, 0);
    var ordered = new OrderedLosses();
    var more = new double[40];
    var all = new double[5000];
    for (int i = 0; i < all.length; i++) {
      // Many are equal, and ascending runs fill blocks at their ends.
      all[i] = i % 3 == 0 ? i : Math.floor(random.nextDouble() * 100);
      if (i < more.length) {
        more[i] = all[i];
      } else {
        ordered.add(all[i]);
      }
    }
    Arrays.sort(more);
    Arrays.sort(all);
    assertThat(ordered.size()).isEqualTo(all.length - more.length);
    for (int k = 0; k < all.length; k++) {
      assertThat(ordered.get(k, more)).isEqualTo(all[k]);
    }
  }

  @Test
  void eitherPartMayBeEmpty() {
    var ordered = new OrderedLosses();
    assertThat(ordered.get(1, new double[] {1, 2, 3})).isEqualTo(2);
    ordered.add(5);
    assertThat(ordered.get(0, new double[0])).isEqualTo(5);
  }
}

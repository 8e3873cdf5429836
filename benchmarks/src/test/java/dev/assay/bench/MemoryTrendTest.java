package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryTrendTest {
  private static MemoryTrend trend(Double... megabytes) {
    return new MemoryTrend("heap", List.of(megabytes), 1);
  }

  @Test
  void whatIsAllocatedOnceIsNoLeak() {
    var trend = trend(1.0, 5.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0);
    assertThat(trend.growth()).isZero();
    assertThat(trend.isLeak()).isFalse();
  }

  @Test
  void aSampleThatStandsOutIsNoLeak() {
    assertThat(trend(9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 50.0, 9.0).isLeak())
        .isFalse();
  }

  @Test
  void steadyGrowthIsOne() {
    var leaking =
        new MemoryTrend("device", IntStream.range(0, 24).mapToObj(i -> 100 + 0.1 * i).toList(), 1);
    assertThat(leaking.growth()).isBetween(1.19, 1.21); // 12 samples lie between the quarters
    assertThat(leaking.isLeak()).isTrue();
    assertThat(leaking.words()).contains("LEAK");
    assertThat(leaking.measurement(Map.of()).parameters()).containsEntry("verdict", "leak");
  }

  @Test
  void shrinkingIsNone() {
    assertThat(trend(9.0, 8.0, 7.0, 6.0).isLeak()).isFalse();
  }
}

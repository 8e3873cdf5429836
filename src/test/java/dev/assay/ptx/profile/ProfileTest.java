package dev.assay.ptx.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.ptx.Kind;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/// Tables and estimates against figures worked out by hand.
class ProfileTest {
  /// One launch of 132 blocks of 256 threads: 1,320 warps instructions of a kind each.
  private static String line(Map<Kind, Long> warp, long sectors) {
    return line(warp, sectors, 0);
  }

  private static String line(Map<Kind, Long> warp, long sectors, long longest) {
    var text =
        new StringJoiner("\t")
            .add("k_f64")
            .add("132")
            .add("256")
            .add("0")
            .add("1")
            .add("" + sectors)
            .add("" + longest);
    for (long lanes : new long[] {1, 32}) {
      for (var kind : Kind.values()) {
        text.add(Long.toString(lanes * warp.getOrDefault(kind, 0L)));
      }
    }
    return text + "\t100\t3200\t800\t400\t10\t320\t30\t20";
  }

  @Test
  void theLongestOfTheBoundsIsToldWithItsName() {
    var h200 = Card.ALL.getFirst();
    // 132 million fused operations of warps: 32 lanes by 64 a cycle is half a cycle each, on 132
    // multiprocessors.
    var doubles = LaunchCounts.of(line(Map.of(Kind.F64_FMA, 132_000_000L), 0));
    assertThat(h200.bound(doubles).by()).isEqualTo("FP64");
    assertThat(h200.bound(doubles).microseconds()).isCloseTo(0.5e6 / 1.98 * 1e-3, within(1e-9));
    assertThat(doubles.operations()).isEqualTo(2 * 32 * 132_000_000L);
    // Tensor instructions of 256 multiply-adds, 128 a cycle; a lane's share of one is 16
    // operations.
    var tensors = LaunchCounts.of(line(Map.of(Kind.F64_TENSOR, 132_000_000L), 0));
    assertThat(h200.bound(tensors).by()).isEqualTo("tensor");
    assertThat(h200.bound(tensors).microseconds()).isCloseTo(2e6 / 1.98 * 1e-3, within(1e-9));
    assertThat(tensors.operations()).isEqualTo(2 * 256 * 132_000_000L);
    // On a card with two units for them, sixteen cycles each.
    var consumer = Card.ALL.getLast();
    assertThat(consumer.bound(doubles).microseconds())
        .isCloseTo(16e6 * 132 / 128 / 2.52 * 1e-3, within(1e-6));
    // 4.8 GB at 4,800 GB/s are a millisecond.
    var bytes = LaunchCounts.of(line(Map.of(Kind.MOVE, 1L), 150_000_000));
    assertThat(h200.bound(bytes)).isEqualTo(new Card.Bound("memory", 1000));
  }

  @Test
  void aLaunchTakesAsLongAsItsLongestBlock() {
    // A quarter of all work in one block: 33 times what each multiprocessor has on average.
    var uneven = LaunchCounts.of(line(Map.of(Kind.F64_FMA, 132_000_000L), 0, 33_000_000));
    var bound = Card.ALL.getFirst().bound(uneven);
    assertThat(bound.by()).isEqualTo("a block");
    assertThat(bound.microseconds()).isCloseTo(33 * 0.5e6 / 1.98 * 1e-3, within(1e-6));
    var even = LaunchCounts.of(line(Map.of(Kind.F64_FMA, 132_000_000L), 0, 1_000_000));
    assertThat(Card.ALL.getFirst().bound(even).by()).isEqualTo("FP64");
  }

  @Test
  void occupancyIsTheLeastOfRegistersThreadsAndSharedMemory() {
    var counts = LaunchCounts.of(line(Map.of(), 0));
    var h200 = Card.ALL.getFirst();
    assertThat(h200.occupancy(194, counts)).isEqualTo(0.125); // as the driver's calculator says
    assertThat(h200.occupancy(104, counts)).isEqualTo(0.25);
    assertThat(h200.occupancy(20, counts)).isEqualTo(1);
  }

  @Test
  void theTableSaysThatItIsAnEstimate() {
    var counts = LaunchCounts.of(line(Map.of(Kind.F64, 10L, Kind.SHARED, 10L), 1000));
    var table = Profile.table(List.of(counts), Map.of("k_f64", 104));
    assertThat(table)
        .contains("ESTIMATED")
        .contains("nothing here was measured on a GPU")
        .contains("k_f64 (132 x 256)")
        .contains(" 8.00/ 4.00")
        .contains(" 3.00/ 2.00")
        .contains("25%")
        .contains("RTX 4090");
    assertThatThrownBy(() -> LaunchCounts.of("k\t1")).hasMessageContaining("another version");
  }

  @Test
  void aBlockCountsAsReachedWhereAnyProcessReachedIt() {
    var table =
        Coverage.table(List.of("k\t1\t1", "k\t5\t0", "k\t9\t0", "k\t12\t0", "k\t1\t0", "k\t12\t1"));
    assertThat(table)
        .contains("k                                      2 of     4, not lines 5-9\n")
        .contains("2 of 4 basic blocks were reached.");
  }
}

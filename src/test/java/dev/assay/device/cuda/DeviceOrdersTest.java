package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.lanes.LaneBatch;
import dev.assay.train.Lane;
import dev.assay.train.Model;
import dev.assay.train.TrainerSettings;
import dev.assay.train.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Orders of epochs made on the device are those of the processor.
@Tag("standin")
class DeviceOrdersTest {
  /// Around what is drawn at a time, and none at all.
  private static final List<Integer> COUNTS =
      List.of(1, 2, 3, 4, 5, 31, 255, 1023, 1024, 1025, 1026, 2049, 5000);

  private static Lane lane(int fold, long seed) {
    return new Lane(
        TrainerSettings.of(Model.named("softmax"), Map.of("batch_size", 32, "epochs", 5)),
        fold,
        seed);
  }

  @Test
  void everyEpochsOrderIsTheProcessors() {
    var device = StandIn.device();
    try (var stream = device.stream();
        var arena = device.memory().arena()) {
      var orders = new DeviceOrders(device, stream, arena);
      var learnt = new ArrayList<int[]>();
      for (int count : COUNTS) {
        learnt.add(IntStream.range(0, count).map(i -> 3 * i + 1).toArray());
      }
      for (int epoch : new int[] {1, 2, 1000}) {
        var batch = new LaneBatch(1);
        var expected = new ArrayList<int[]>();
        for (int i = 0; i < learnt.size(); i++) {
          var lane = lane(i % 3, -7L * i + ((long) i << 40));
          var rows = learnt.get(i);
          var rule = new UpdateRule(lane.settings());
          int from = orders.keep(rows);
          assertThat(orders.keep(rows)).isEqualTo(from);
          batch.learn(i, lane, from, rows.length, rule, epoch);
          var shuffled = rows.clone();
          lane.shuffle(epoch, shuffled);
          expected.add(shuffled);
        }
        var actual = new int[batch.rowCount()];
        var ordered = orders.order(batch, arena);
        stream.download(ordered.rows(), actual);
        int at = 0;
        for (var rows : expected) {
          assertThat(Arrays.copyOfRange(actual, at, at + rows.length))
              .as("%d rows, epoch %d", rows.length, epoch)
              .isEqualTo(rows);
          at += rows.length;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw"})
  void everyStepsNumbersAreTheProcessors(String optimizer) {
    Map<String, Object> parameters =
        Map.of(
            "batch_size",
            32,
            "epochs",
            5,
            "optimizer",
            optimizer,
            "schedule",
            "cosine",
            "learning_rate",
            0.0123);
    var lane = new Lane(TrainerSettings.of(Model.named("softmax"), parameters), 0, 5);
    var rows = IntStream.range(0, 1_000).toArray();
    var device = StandIn.device();
    try (var stream = device.stream();
        var arena = device.memory().arena()) {
      var orders = new DeviceOrders(device, stream, arena);
      int from = orders.keep(rows);
      var here = new UpdateRule(lane.settings());
      var there = new UpdateRule(lane.settings());
      for (int epoch = 1; epoch <= 3; epoch++) {
        var expected = new LaneBatch(1);
        var batch = new LaneBatch(1);
        for (int i = 0; i < 2; i++) { // one after the other, so that the second begins elsewhere
          expected.learn(i, lane, rows, here, epoch);
          batch.learn(i, lane, from, rows.length, there, epoch);
        }
        var actual = new float[2 * batch.stepCount()];
        stream.download(orders.order(batch, arena).steps(), actual);
        assertThat(actual).containsExactly(expected.steps());
        assertThat(batch.lanes()).isEqualTo(expected.lanes());
        assertThat(there.power2()).isEqualTo(here.power2());
      }
    }
  }

  /// Sixteen bits, and the shared memory of a block: larger ones are put in order by the processor.
  @Test
  void whatHasNoPlaceIsLeftToTheProcessor() {
    var device = StandIn.device();
    try (var stream = device.stream();
        var arena = device.memory().arena()) {
      var orders = new DeviceOrders(device, stream, arena);
      assertThat(orders.keep(new int[(1 << 16) + 1])).isNegative();
      int most = (device.sharedBytes() / 4 - 1024) * 2;
      assertThat(orders.keep(new int[Math.min(most, 1 << 16)])).isZero();
      assertThat(orders.keep(new int[most + 1])).isNegative();
    }
  }
}

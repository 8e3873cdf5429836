package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.random.Streams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every engine must do: compute what the reference does, whatever else trains beside a lane
/// and wherever it goes on. Each engine's test subclasses this.
public abstract class TrainEngineContract extends TrainReferenceContract {
  @Test
  void aLaneOfAnyKindLearnsTheSameWhateverItsCompany() throws InterruptedException {
    sameInCompany(images, "cnn filters=4 hidden=16 epochs=2 dropout=0.25 activation=relu");
    sameInCompany(numbers, "mlp hidden=16 layers=2 epochs=2 dropout=0.25 activation=gelu");
  }

  private void sameInCompany(FoldedData data, String text) throws InterruptedException {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 4; i++) {
      lanes.add(new Lane(settings(text + " learning_rate=" + 0.001 * (i + 1)), i, 50 + i));
    }
    List<LaneReport> together;
    try (var session = open(data, lanes)) {
      together = session.advance(2);
    }
    for (int i = 0; i < lanes.size(); i++) {
      try (var session = open(data, List.of(lanes.get(i)))) {
        session.advance(1);
        assertSame(session.advance(2).getFirst(), together.get(i));
      }
    }
  }

  @Test
  void aLaneLearnsTheSameWhateverItsCompany() throws InterruptedException {
    var lanes = mixedLanes();
    List<LaneReport> together;
    try (var session = open(digits, lanes)) {
      together = session.advance(5);
    }
    var reversed = new ArrayList<>(lanes);
    Collections.reverse(reversed);
    try (var session = open(digits, reversed)) {
      for (var report : session.advance(5)) {
        assertSame(report, together.get(lanes.size() - 1 - report.lane()));
      }
    }
    for (int i = 0; i < lanes.size(); i++) {
      try (var session = open(digits, List.of(lanes.get(i)))) {
        assertSame(session.advance(5).getFirst(), together.get(i));
      }
    }
  }

  @Test
  void sixtyFourLanesOfAllKindsLearnWhatEachLearnsAlone() throws InterruptedException {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 64; i++) {
      var text =
          "mlp layers=2 hidden=9 epochs=%d optimizer=%s schedule=%s batch_size=%d learning_rate=%s dropout=%s"
              .formatted(
                  2 + i % 3,
                  List.of("sgd", "adam", "adamw").get(i % 3),
                  List.of("constant", "cosine", "step").get(i / 3 % 3),
                  17 + i % 16,
                  0.0005 * (i + 1),
                  0.1 * (i % 4));
      lanes.add(new Lane(settings(text), i % 3, 900 + i));
    }
    List<LaneReport> together;
    try (var session = open(iris, lanes)) {
      together = session.advance(4);
    }
    for (int i = 0; i < lanes.size(); i++) {
      try (var session = open(iris, List.of(lanes.get(i)))) {
        assertSame(session.advance(4).getFirst(), together.get(i));
      }
    }
  }

  /// Of two rows one is learnt from.
  @Test
  void oneRowIsEnough() throws InterruptedException {
    var all = digits.data();
    for (int count : List.of(2, 7)) {
      var seven = new Target.Quantity("number", new float[] {1, 2, 3, 4, 5, 6, 7});
      var target = seven.of(IntStream.range(0, count).toArray());
      var features = Arrays.copyOf(all.features(), count * 64);
      var few = new DataSet("few", all.columns(), target, features);
      var folded = new Validation.CrossValidation(2).apply(few, new Streams(1));
      var lanes = new ArrayList<Lane>();
      for (int i = 0; i < 2; i++) {
        lanes.add(new Lane(settings("mlp hidden=5 epochs=2 learning_rate=0.01"), i, 70 + i));
      }
      try (var session = open(folded, lanes)) {
        for (var report : session.advance(2)) {
          assertThat(report.trainLoss()).isFinite();
          try (var alone = open(folded, List.of(lanes.get(report.lane())))) {
            assertSame(alone.advance(2).getFirst(), report);
          }
        }
      }
    }
  }

  @Test
  void fiveThousandLanesLearnWhatEachLearnsAlone() throws InterruptedException {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 5000; i++) {
      var text = "mlp hidden=3 epochs=1 batch_size=64 learning_rate=" + 1e-5 * (i + 1);
      lanes.add(new Lane(settings(text), i % 3, i));
    }
    try (var session = open(iris, lanes)) {
      var together = session.advance(1);
      assertThat(together).hasSize(5000);
      for (int i = 0; i < 5000; i += 833) {
        try (var alone = open(iris, List.of(lanes.get(i)))) {
          assertSame(alone.advance(1).getFirst(), together.get(i));
        }
      }
    }
  }

  @Test
  void rungsAndCompactionChangeNothing() throws InterruptedException {
    var lanes = mixedLanes();
    List<LaneReport> atOnce;
    try (var session = open(digits, lanes)) {
      atOnce = session.advance(5);
    }
    try (var session = open(digits, lanes)) {
      assertThat(session.advance(1)).allMatch(report -> report.epoch() == 1);
      session.retain(List.of(7, 2, 5));
      session.advance(3);
      var rest = session.advance(5);
      assertThat(rest).extracting(LaneReport::lane).containsExactly(2, 5, 7);
      rest.forEach(report -> assertSame(report, atOnce.get(report.lane())));
      assertThatThrownBy(() -> session.retain(List.of(0)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sessionsAdvancedTogetherLearnWhatEachLearnsAlone() throws InterruptedException {
    var narrow = List.of(new Lane(settings("mlp hidden=9 epochs=4"), 1, 5));
    var wide = mixedLanes();
    var engine = engine();
    List<List<LaneReport>> together;
    try (var one = engine.open(plan(digits, narrow));
        var other = engine.open(plan(digits, wide))) {
      engine.advance(List.of(new TrainEngine.Advance(one, 2)));
      together =
          engine.advance(
              List.of(new TrainEngine.Advance(one, 4), new TrainEngine.Advance(other, 3)));
    }
    try (var one = open(digits, narrow);
        var other = open(digits, wide)) {
      assertSame(together.get(0).getFirst(), one.advance(4).getFirst());
      var alone = other.advance(3);
      assertThat(together.get(1)).hasSameSizeAs(alone);
      for (int i = 0; i < alone.size(); i++) {
        assertSame(together.get(1).get(i), alone.get(i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw"})
  void aDivergingLaneDisturbsNobody(String optimizer) throws InterruptedException {
    for (var activation : List.of("relu", "tanh")) {
      var mlp = "mlp epochs=4 optimizer=" + optimizer + " activation=" + activation;
      var wild = new Lane(settings(mlp + " learning_rate=1000000"), 0, 1);
      var tame = new Lane(settings(mlp + " learning_rate=0.002"), 0, 2);
      LaneReport alone;
      try (var session = open(digits, List.of(tame))) {
        alone = session.advance(4).getFirst();
      }
      try (var session = open(digits, List.of(wild, tame, wild))) {
        var reports = session.advance(4);
        assertThat(reports.get(0).state()).isEqualTo(LaneReport.State.DIVERGED);
        assertThat(reports.get(2).state()).isEqualTo(LaneReport.State.DIVERGED);
        assertSame(reports.get(1), alone);
        assertThat(alone.state()).isEqualTo(LaneReport.State.FINISHED);
      }
    }
  }

  @Test
  void patienceStopsALaneAndKeepsItsBestWeights() throws InterruptedException {
    var lane = new Lane(settings("mlp learning_rate=0.05 hidden=32 epochs=200 patience=4"), 0, 3);
    try (var session = open(iris, List.of(lane))) {
      var steps = new ArrayList<LaneReport>();
      do {
        steps.add(session.advance(steps.size() + 1).getFirst());
      } while (steps.getLast().state() == LaneReport.State.RUNNING);
      var last = steps.getLast();
      assertThat(last.state()).isEqualTo(LaneReport.State.STOPPED);
      assertThat(last.epoch()).isEqualTo(steps.size()).isBetween(5, 199);
      var best = steps.get(steps.size() - 1 - 4);
      assertThat(last.predictions()).isEqualTo(best.predictions());
      assertThat(session.advance(200).getFirst()).isEqualTo(last);
    }
  }

  @Test
  void everyLaneEndsAtItsOwnLastEpoch() throws InterruptedException {
    var lanes =
        List.of(
            new Lane(settings("softmax epochs=2"), 0, 1),
            new Lane(settings("softmax epochs=5"), 0, 1));
    try (var session = open(iris, lanes)) {
      var third = session.advance(3);
      assertThat(third).extracting(LaneReport::epoch).containsExactly(2, 3);
      assertThat(third)
          .extracting(LaneReport::state)
          .containsExactly(LaneReport.State.FINISHED, LaneReport.State.RUNNING);
      assertThat(session.advance(Integer.MAX_VALUE))
          .extracting(LaneReport::epoch)
          .containsExactly(2, 5);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp optimizer=sgd momentum=0.8 hidden=20 dropout=0.2 schedule=cosine",
        "mlp optimizer=adam learning_rate=0.002 hidden=20 layers=2",
        "softmax optimizer=adamw weight_decay=0.01"
      })
  void aLaneGoesOnFromItsCheckpointAsIfNothingHadBeen(String text) throws InterruptedException {
    var lane = new Lane(settings(text + " epochs=4"), 1, 5);
    var neighbour = new Lane(settings(text + " epochs=4"), 2, 6);
    try (var whole = open(digits, List.of(lane));
        var first = open(digits, List.of(neighbour, lane));
        var second = open(digits, List.of(lane, neighbour))) {
      var expected = whole.advance(4).getFirst();
      first.advance(2);
      second.restore(0, first.checkpoint(1));
      assertSame(second.advance(4).getFirst(), expected);
      assertThat(second.weights(0)).isEqualTo(whole.weights(0));
      first.restore(1, second.checkpoint(0));
      assertThat(first.advance(4).get(1).state()).isEqualTo(LaneReport.State.FINISHED);
    }
  }

  @Test
  void aLaneTakesOverAnothersPlaceWithSettingsOfItsOwn() throws InterruptedException {
    var good = new Lane(settings("mlp learning_rate=0.003 epochs=4 hidden=20"), 0, 5);
    var bad = new Lane(settings("mlp learning_rate=0.5 epochs=4 hidden=20"), 0, 6);
    var child = new Lane(settings("mlp learning_rate=0.001 epochs=4 hidden=20"), 0, 7);
    try (var parents = open(digits, List.of(good, bad));
        var children = open(digits, List.of(child, good));
        var alone = open(digits, List.of(child));
        var whole = open(digits, List.of(good))) {
      parents.advance(2);
      children.takeOver(0, parents, 0);
      children.takeOver(1, parents, 0);
      assertThat(children.weights(0)).isEqualTo(parents.weights(0));
      var reports = children.advance(4);
      // Its own learning rate and order of rows, from the other's weights on; its company is as
      // before.
      alone.restore(0, parents.checkpoint(0));
      assertSame(alone.advance(4).getFirst(), reports.get(0));
      assertSame(reports.get(1), whole.advance(4).getFirst());
      assertThat(children.weights(0)).isNotEqualTo(children.weights(1));
      // The parents stand where they stood.
      parents.takeOver(1, parents, 0);
      assertThat(parents.weights(1)).isEqualTo(parents.weights(0));
      assertSame(parents.advance(4).get(0), reports.get(1));
    }
  }

  @Test
  void aCheckpointOfAnotherKindIsRefused() throws InterruptedException {
    try (var sgd = open(iris, List.of(new Lane(settings("softmax optimizer=sgd"), 0, 1)));
        var adam = open(iris, List.of(new Lane(settings("softmax optimizer=adam"), 0, 1)));
        var patient = open(iris, List.of(new Lane(settings("softmax patience=2"), 0, 1)))) {
      sgd.advance(1);
      assertThatThrownBy(() -> adam.restore(0, sgd.checkpoint(0)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> patient.checkpoint(0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() ->
              sgd.restore(0, new LaneCheckpoint(1, new float[3], List.of(new float[3]), 1, 1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void interruptionEndsTraining() {
    try (var session = open(digits, mixedLanes())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> session.advance(5)).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  /// Eight lanes of one shape that differ in all else.
  private static List<Lane> mixedLanes() {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 8; i++) {
      var optimizer = List.of("sgd", "adam", "adamw").get(i % 3);
      var text =
          "mlp layers=2 hidden=24 epochs=5 optimizer=%s batch_size=%d learning_rate=%s weight_decay=%s"
              .formatted(optimizer, 33 + 4 * i, 0.001 * (i + 1), 0.001 * i);
      lanes.add(new Lane(settings(i == 6 ? text + " patience=2" : text), i % 5, 100 + i));
    }
    return lanes;
  }
}

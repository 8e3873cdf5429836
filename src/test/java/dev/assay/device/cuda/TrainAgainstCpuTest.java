package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.cpu.CpuTrainEngine;
import dev.assay.device.lanes.LaneProgram;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.LaneReport;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The device's trainer beside the processor's, in shared memory and out of it.
@Tag("standin")
class TrainAgainstCpuTest {
  private final FoldedData wine =
      new Validation.CrossValidation(3).apply(DataSets.bundled("wine"), new Streams(4));

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @Test
  void lanesLoseWhatTheyLoseOnTheProcessor() throws InterruptedException {
    compare(20);
  }

  @Test
  void soDoLanesTooLargeForSharedMemory() throws InterruptedException {
    var shape = compare(1100);
    var program = new LaneProgram(shape, shape.batchClass(), false);
    assertThat(DeviceLanes.residentBytes(program)).isGreaterThan(StandIn.device().sharedBytes());
  }

  private Shape compare(int hidden) throws InterruptedException {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 6; i++) {
      Map<String, Object> parameters =
          Map.of(
              "hidden",
              hidden,
              "epochs",
              5,
              "batch_size",
              32,
              "optimizer",
              List.of("sgd", "adam", "adamw").get(i % 3),
              "learning_rate",
              0.0005 * (i + 1),
              "weight_decay",
              0.001 * i);
      lanes.add(new Lane(TrainerSettings.of(Model.named("mlp"), parameters), i % 3, 40 + i));
    }
    var shape = Shape.of(lanes.getFirst().settings(), wine.data());
    var plan = new TrainPlan(shape, wine, lanes);
    var expected = losses(new CpuTrainEngine(1), plan);
    var actual = losses(new CudaTrainEngine(StandIn.device()), plan);
    for (int i = 0; i < lanes.size(); i++) {
      double loss = expected.get(i).trainLoss();
      assertThat(actual.get(i).trainLoss()).isCloseTo(loss, within(1e-4 * loss));
    }
    return shape;
  }

  private static List<LaneReport> losses(TrainEngine engine, TrainPlan plan)
      throws InterruptedException {
    try (var session = engine.open(plan)) {
      return session.advance(5);
    }
  }
}

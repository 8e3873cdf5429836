package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.cpu.CpuTrainEngine;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Widths, layers and batches one beside what tiles of products and vectors of loads are multiples
/// of: lanes learn what they learn on the processor, in every precision, on chip and off.
@Tag("standin")
class TrainSizesTest {
  private static final String DEVICES = "ASSAY_STANDIN_DEVICES";
  private static final int[] WIDTHS = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65};
  private static final int[] BATCHES = {1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 119};

  private final FoldedData wine =
      new Validation.CrossValidation(3).apply(DataSets.bundled("wine"), new Streams(4));

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @AfterEach
  void plainCard() {
    StandIn.set(DEVICES, null);
  }

  static Stream<Arguments> placesAndPrecisions() {
    return Stream.of(Precision.values())
        .flatMap(
            precision -> Stream.of(99, 4).map(kibibytes -> Arguments.of(precision, kibibytes)));
  }

  @ParameterizedTest
  @MethodSource("placesAndPrecisions")
  void everySizeLearnsWhatItLearnsOnTheProcessor(Precision precision, int kibibytes)
      throws InterruptedException {
    StandIn.set(DEVICES, "shared=" + 1024 * kibibytes);
    var device = CudaDevice.all().getFirst();
    var engine = new CudaTrainEngine(device, precision);
    double off =
        switch (precision) {
          case FP32 -> 1e-4;
          case TF32 -> 5e-3;
          case BF16 -> 4e-2;
        };
    for (int i = 0; i < WIDTHS.length; i++) {
      var plan = plan(WIDTHS[i], 1 + i % 2, BATCHES[i % BATCHES.length]);
      var expected = TrainAgainstCpuTest.losses(new CpuTrainEngine(1), plan, 1);
      var found = TrainAgainstCpuTest.losses(engine, plan, 1);
      for (int lane = 0; lane < found.size(); lane++) {
        double loss = expected.get(lane).trainLoss();
        assertThat(found.get(lane).trainLoss())
            .as("%d hidden, %s", WIDTHS[i], plan.shape())
            .isCloseTo(loss, within(off * loss));
        assertThat(found.get(lane).predictions())
            .containsExactly(expected.get(lane).predictions(), within((float) off));
      }
    }
    assertThat(device.memory().inUse()).isZero();
  }

  private TrainPlan plan(int hidden, int layers, int batch) {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 3; i++) {
      Map<String, Object> parameters =
          Map.of(
              "hidden",
              hidden,
              "layers",
              layers,
              "batch_size",
              batch,
              "optimizer",
              List.of("sgd", "adam", "adamw").get(i),
              "learning_rate",
              0.001);
      lanes.add(new Lane(TrainerSettings.of(Model.named("mlp"), parameters), i, 40 + i));
    }
    return new TrainPlan(Shape.of(lanes.getFirst().settings(), wine.data()), wine, lanes);
  }
}

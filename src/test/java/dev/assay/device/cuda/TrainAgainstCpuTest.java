package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.Check;
import dev.assay.device.TrainingChecks;
import dev.assay.device.cpu.CpuTrainEngine;
import dev.assay.problem.Problem;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.LaneReport;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The device's trainer beside the processor's: in shared memory, partly in it and out of it.
@Tag("standin")
class TrainAgainstCpuTest {
  private static final int EPOCHS = 3;

  private final FoldedData wine =
      new Validation.CrossValidation(3).apply(DataSets.bundled("wine"), new Streams(4));

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @AfterEach
  void plainCard() {
    StandIn.plainCard();
  }

  @Test
  void lanesLoseWhatTheyLoseOnTheProcessor() throws InterruptedException {
    assertThat(compare(StandIn.device(), 20, 1))
        .returns(true, LanePlacement::resident)
        .returns(true, LanePlacement::moments);
  }

  /// A batch is cut into parts, or only the moments are outside.
  @ParameterizedTest
  @CsvSource({"100, 1, 16, 2", "40, 2, 28, 1"})
  void soDoLanesWithLittleRoom(int hidden, int layers, int kibibytes, int parts)
      throws InterruptedException {
    assertThat(compare(card(1024 * kibibytes), hidden, layers))
        .returns(true, LanePlacement::resident)
        .returns(false, LanePlacement::moments)
        .returns(parts, LanePlacement::parts);
  }

  @ParameterizedTest
  @CsvSource({"60, 1", "20, 3"})
  void soDoLanesTooLargeForSharedMemory(int hidden, int layers) throws InterruptedException {
    assertThat(compare(card(4 * 1024), hidden, layers)).returns(false, LanePlacement::resident);
  }

  /// In shared memory, in parts of a batch and in device memory lanes lose the same but for the
  /// order of sums; the processor, which rounds nothing, another loss nearby.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP32")
  void roundedOperandsAreThoseOfTheSameLanesWhereverTheyAre(Precision precision)
      throws InterruptedException {
    var plan = plan(100, 1);
    double coarser = precision == Precision.TF32 ? 1 : 8;
    var onChip = losses(new CudaTrainEngine(StandIn.device(), precision), plan);
    var exact = losses(new CpuTrainEngine(1), plan);
    for (int kibibytes : new int[] {16, 4}) {
      var device = card(1024 * kibibytes);
      var elsewhere = losses(new CudaTrainEngine(device, precision), plan);
      for (int i = 0; i < onChip.size(); i++) {
        double loss = onChip.get(i).trainLoss();
        assertThat(elsewhere.get(i).trainLoss()).isCloseTo(loss, within(1e-4 * coarser * loss));
      }
      assertThat(device.memory().inUse()).isZero();
    }
    for (int i = 0; i < onChip.size(); i++) {
      double loss = exact.get(i).trainLoss();
      assertThat(Math.abs(onChip.get(i).trainLoss() - loss))
          .isBetween(1e-6 * loss, 5e-3 * coarser * loss);
    }
  }

  /// Beside plain arithmetic that rounds as the card does.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP32")
  void operandsAreRoundedToTheNearest(Precision precision) {
    var engine = new CudaTrainEngine(StandIn.device(), precision);
    assertThat(TrainingChecks.run(engine, precision)).hasSize(2).allMatch(Check::passed);
    assertThat(TrainingChecks.run(engine, Precision.FP32)).anyMatch(check -> !check.passed());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FP32")
  void olderCardsRefuseToRound(Precision precision) {
    var device = StandIn.card("capability=75");
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> new CudaTrainEngine(device, precision))
        .satisfies(problem -> {
          assertThat(problem.what()).contains("no tensor instructions in " + precision);
          assertThat(problem.value()).contains("compute capability 7.5", precision.key());
          assertThat(problem.mend()).contains("precision: fp32");
        });
  }

  /// A card whose blocks may have so many bytes of shared memory.
  private static CudaDevice card(int bytes) {
    return StandIn.card("shared=" + bytes);
  }

  private TrainPlan plan(int hidden, int layers) {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 6; i++) {
      Map<String, Object> parameters =
          Map.of(
              "hidden",
              hidden,
              "layers",
              layers,
              "epochs",
              EPOCHS,
              "batch_size",
              30,
              "optimizer",
              List.of("sgd", "adam", "adamw").get(i % 3),
              "learning_rate",
              0.0005 * (i + 1),
              "weight_decay",
              0.001 * i);
      lanes.add(new Lane(TrainerSettings.of(Model.named("mlp"), parameters), i % 3, 40 + i));
    }
    return new TrainPlan(Shape.of(lanes.getFirst().settings(), wine.data()), wine, lanes);
  }

  private LanePlacement compare(CudaDevice device, int hidden, int layers)
      throws InterruptedException {
    var plan = plan(hidden, layers);
    var expected = losses(new CpuTrainEngine(1), plan);
    var actual = losses(new CudaTrainEngine(device), plan);
    for (int i = 0; i < expected.size(); i++) {
      double loss = expected.get(i).trainLoss();
      assertThat(actual.get(i).trainLoss()).isCloseTo(loss, within(1e-4 * loss));
      assertThat(actual.get(i).predictions())
          .containsExactly(expected.get(i).predictions(), within(1e-4f));
    }
    assertThat(device.memory().inUse()).isZero();
    return LanePlacement.training(plan.shape(), false, device.sharedBytes());
  }

  private static List<LaneReport> losses(TrainEngine engine, TrainPlan plan)
      throws InterruptedException {
    return losses(engine, plan, EPOCHS);
  }

  /// What lanes tell after so many epochs.
  static List<LaneReport> losses(TrainEngine engine, TrainPlan plan, int epochs)
      throws InterruptedException {
    try (var session = engine.open(plan)) {
      return session.advance(epochs);
    }
  }
}

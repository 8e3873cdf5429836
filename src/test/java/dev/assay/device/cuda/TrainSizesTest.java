package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.cpu.CpuTrainEngine;
import dev.assay.random.Streams;
import dev.assay.train.DataSet;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.Lane;
import dev.assay.train.Layer;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Widths, layers and batches one beside what tiles of products and vectors of loads are multiples
/// of: lanes learn what they learn on the processor, in every precision, on chip and off.
@Tag("standin")
class TrainSizesTest {
  private static final int[] WIDTHS = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65};
  private static final int[] BATCHES = {1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 119};

  private final FoldedData wine = folds(DataSets.bundled("wine"));
  private final FoldedData images = folds(KernelTrafficTest.images());

  private static FoldedData folds(DataSet data) {
    return new Validation.CrossValidation(3).apply(data, new Streams(4));
  }

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @AfterEach
  void plainCard() {
    StandIn.plainCard();
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
    var device = StandIn.card("shared=" + 1024 * kibibytes);
    var engine = new CudaTrainEngine(device, precision);
    double off = off(precision);
    for (int i = 0; i < WIDTHS.length; i++) {
      int batch = BATCHES[i % BATCHES.length];
      check(
          engine,
          plan(wine, "mlp", "hidden", WIDTHS[i], "layers", 1 + i % 2, "batch_size", batch),
          off);
    }
    assertThat(device.memory().inUse()).isZero();
  }

  /// Filters by fours, of which neighbours are worked on at once, and others, under every slope.
  @ParameterizedTest
  @MethodSource("placesAndPrecisions")
  void soDoConvolutions(Precision precision, int kibibytes) throws InterruptedException {
    var device = StandIn.card("shared=" + 1024 * kibibytes);
    var engine = new CudaTrainEngine(device, precision);
    int kernel = 2;
    for (var activation : List.of("relu", "tanh", "gelu")) {
      for (int filters : new int[] {3, 4, 8}) {
        kernel = kernel % 5 + 1;
        check(
            engine,
            plan(
                images,
                "cnn",
                "activation",
                activation,
                "filters",
                filters,
                "kernel",
                kernel,
                "hidden",
                17,
                "batch_size",
                21),
            off(precision));
      }
    }
    assertThat(device.memory().inUse()).isZero();
  }

  /// Images whose sides are odd, of lanes that several blocks share, each with a part of a
  /// convolution in its shared memory; how many share a lane changes no bit.
  @ParameterizedTest
  @CsvSource({
    "FP32, 8, 9, 7, relu",
    "FP32, 6, 7, 10, tanh",
    "FP32, 20, 9, 9, gelu",
    "FP32, 28, 5, 6, relu",
    "TF32, 8, 9, 7, gelu",
    "TF32, 5, 6, 11, relu",
    "BF16, 8, 9, 7, tanh",
    "BF16, 12, 8, 8, relu"
  })
  void soDoConvolutionsThroughSharedMemory(
      Precision precision, int filters, int height, int width, String activation)
      throws InterruptedException {
    var images = folds(KernelTrafficTest.images(height, width));
    for (int kernel : new int[] {3, 5}) {
      Object[] more = {
        "activation",
        activation,
        "filters",
        filters,
        "kernel",
        kernel,
        "hidden",
        150,
        "batch_size",
        33
      };
      var plan = plan(images, "cnn", more);
      var first = plan.lanes().getFirst();
      int kibibytes = 8;
      while (!staged(plan, StandIn.card("shared=" + 1024 * kibibytes))) {
        kibibytes += 4;
      }
      var device = StandIn.card("shared=" + 1024 * kibibytes);
      assertThat(LanePlacement.training(plan.shape(), false, device.sharedBytes()).resident())
          .isFalse();
      var engine = new CudaTrainEngine(device, precision);
      check(engine, plan, off(precision));
      var alone = new TrainPlan(plan.shape(), images, List.of(first));
      var many = new TrainPlan(plan.shape(), images, Collections.nCopies(17, first));
      var expected = TrainAgainstCpuTest.losses(engine, alone, 1).getFirst();
      for (var found : TrainAgainstCpuTest.losses(engine, many, 1)) {
        assertThat(found.trainLoss()).isEqualTo(expected.trainLoss());
        assertThat(found.predictions()).isEqualTo(expected.predictions());
      }
      assertThat(device.memory().inUse()).isZero();
    }
  }

  /// Whether all that may go through shared memory does.
  private static boolean staged(TrainPlan plan, CudaDevice device) {
    var lanes = LanePhases.of(plan.shape(), device, 1, 33);
    var layer = (Layer.Convolution) plan.shape().stack().get(1);
    return IntStream.range(0, 2)
            .allMatch(
                l -> lanes.forwards().get(l).units() > 0 && lanes.gradients().get(l).units() > 0)
        && lanes.below().get(1).units() > 0 == (layer.channels() % 4 == 0);
  }

  private static double off(Precision precision) {
    return switch (precision) {
      case FP32 -> 1e-4;
      case TF32 -> 5e-3;
      case BF16 -> 4e-2;
    };
  }

  private static void check(TrainEngine engine, TrainPlan plan, double off)
      throws InterruptedException {
    var expected = TrainAgainstCpuTest.losses(new CpuTrainEngine(1), plan, 1);
    var found = TrainAgainstCpuTest.losses(engine, plan, 1);
    for (int lane = 0; lane < found.size(); lane++) {
      double loss = expected.get(lane).trainLoss();
      assertThat(found.get(lane).trainLoss())
          .as("%s", plan.shape())
          .isCloseTo(loss, within(off * loss));
      assertThat(found.get(lane).predictions())
          .as("%s", plan.shape())
          .containsExactly(expected.get(lane).predictions(), within((float) off));
    }
  }

  /// @param more parameters and their values in turn
  private static TrainPlan plan(FoldedData data, String model, Object... more) {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < 3; i++) {
      var parameters = new HashMap<String, Object>();
      for (int k = 0; k < more.length; k += 2) {
        parameters.put((String) more[k], more[k + 1]);
      }
      parameters.put("optimizer", List.of("sgd", "adam", "adamw").get(i));
      parameters.put("learning_rate", 0.001);
      lanes.add(new Lane(TrainerSettings.of(Model.named(model), parameters), i, 40 + i));
    }
    return new TrainPlan(Shape.of(lanes.getFirst().settings(), data.data()), data, lanes);
  }
}

package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneProgram;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.kernel.ElementType;
import dev.assay.kernel.Npy;
import dev.assay.run.kernel.KernelRunner;
import dev.assay.space.Configuration;
import dev.assay.spec.Assembly;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.StudyFile;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.train.Activation;
import dev.assay.train.Lane;
import dev.assay.train.Layer;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.TrainerSettings;
import dev.assay.train.UpdateRule;
import dev.assay.trial.Budget;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The studies of `kernels/tune`: their files are what the engine hands its kernels
/// (`-Dassay.tune=write` writes them), and on the stand-in every choice gives the same answer.
@Tag("standin")
class TuneStudiesTest {
  private static final int LANES = 264;
  private static final int ROWS = 256;
  private static final int BATCH = 64;
  private static final int DIMENSIONS = 8;

  @TempDir private Path directory;

  @BeforeAll
  static void standIn() {
    StandIn.use();
    System.setProperty(
        "assay.cuda.library", Path.of("target/standin/libcuda.so.1").toAbsolutePath().toString());
  }

  private static Path studies() {
    var here = Path.of("kernels", "tune").toAbsolutePath();
    return Files.isDirectory(here) ? here : Path.of("..", "kernels", "tune").toAbsolutePath();
  }

  private static StudyFile study(String name, String... overrides) throws IOException {
    var file = studies().resolve(name + ".yaml");
    return StudyFile.parse(file, Files.readString(file), List.of(overrides));
  }

  private static Map<String, Double> constants(String name) throws IOException {
    return ((ObjectiveSpec.Kernel) study(name).objective()).settings().constants();
  }

  private static Lane lane(int seed) {
    var parameters =
        Map.<String, Object>of("hidden", 64, "epochs", 5, "batch_size", BATCH, "optimizer", "adam");
    return new Lane(TrainerSettings.of(Model.named("mlp"), parameters), 0, seed);
  }

  private void assertHolds(String name, int... words) throws IOException {
    var written = directory.resolve(name);
    Npy.write(written, ElementType.INT, MemorySegment.ofArray(words));
    if ("write".equals(System.getProperty("assay.tune"))) {
      Files.copy(written, studies().resolve(name));
    }
    assertThat(studies().resolve(name)).hasSameBinaryContentAs(written);
  }

  @Test
  void filesAndConstantsAreWhatTheEngineReads() throws IOException {
    assertHolds(
        "program.npy", new CovarianceProgram(new RadialCovariance.Matern52(), DIMENSIONS).words());
    var shape =
        new Shape(
            64,
            List.of(new Layer.Dense(64, 64), new Layer.Dense(64, 10)),
            Shape.Head.SOFTMAX,
            Activation.RELU,
            BATCH);
    var program = LaneProgram.inPlace(shape, BATCH, false, false);
    assertHolds("shape.npy", program.words());
    var rows = IntStream.range(0, ROWS).toArray();
    var learning = new LaneBatch(shape.layers());
    var predicting = new LaneBatch(shape.layers());
    for (int i = 0; i < LANES; i++) {
      learning.learn(i, lane(i), rows, new UpdateRule(lane(i).settings()), 1);
      predicting.predict(i, 0, rows, shape.outputs());
    }
    var lanes = learning.lanes();
    var places = predicting.lanes();
    for (int at = 0; at < lanes.length; at += LaneBatch.WORDS) {
      lanes[at + 3] = 0; // all learn from the same rows, with the same steps
      lanes[at + 6] = 0;
      lanes[at + 17] = places[at + 17];
    }
    assertHolds("lanes.npy", lanes);
    for (var name : List.of("train_epoch_f32", "evaluate_f32")) {
      assertThat(constants(name))
          .containsEntry("size", (double) program.size())
          .containsEntry("scratch", (double) program.scratch());
    }
    assertThat(LanePlacement.training(shape, false, StandIn.device().sharedBytes()))
        .returns(true, LanePlacement::moments)
        .returns(1, LanePlacement::parts);
  }

  /// Smaller than on a card; sizes that no number of threads divides.
  @ParameterizedTest
  @CsvSource({
    "train_epoch_f32, lanes=2",
    "evaluate_f32, lanes=2",
    "likelihood_rows_f64, n=77 models=2",
    "posterior_gradient_f64, n=301 m=3"
  })
  void everyChoiceGivesTheSameAnswer(String kernel, String sizes) throws IOException {
    assertThat(TunedBlocks.KERNELS).contains(kernel);
    var overrides =
        IntStream.range(0, sizes.split(" ").length)
            .mapToObj(i -> "objective.constants." + sizes.split(" ")[i])
            .collect(java.util.stream.Collectors.toList());
    overrides.add("objective.measure={runs: 1, warmup: 0, until: 0}");
    var file = study(kernel, overrides.toArray(String[]::new));
    var spec = (ObjectiveSpec.Kernel) file.objective();
    var runner = new KernelRunner(spec.settings(), file.objectives(), studies(), file.space());
    try (Study<Configuration> study =
        new Assembly(file).study(new InMemoryStorage(), runner.describe()).openOrCreate()) {
      var _ = runner.run(study, Budget.trials(100), 1);
      assertThat(study.trials())
          .hasSize(6)
          .extracting(TrialRecord::attributes)
          .allSatisfy(a -> assertThat(a).containsEntry("invalidity", "correct"));
    }
  }
}

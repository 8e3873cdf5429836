package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import dev.assay.random.Streams;
import dev.assay.train.Column;
import dev.assay.train.DataSet;
import dev.assay.train.DataSets;
import dev.assay.train.Lane;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What kernels ask of memory, at sizes that are multiples of nothing: sectors of 32 bytes that
/// requests of global memory move, and passes of shared memory's banks, are at most a tenth more
/// than the fewest that would hold the bytes. Counted by the stand-in where it checks accesses.
@Tag("standin")
class KernelTrafficTest {
  private static final double MOST = 1.1;

  /// The same of rows that are shorter than a warp.
  private static final double MOST_OF_SHORT = 1.15;

  /// The same of lanes that several blocks share: what a thread reads of a row or of a pixel is
  /// half a sector, whose other half it reads next. Two threads that read half of it each move a
  /// thirtieth less and take a tenth more instructions.
  private static final double MOST_OF_LANES = 1.2;

  /// Sectors or passes up to which one line that begins in the middle of a sector decides.
  private static final long FEW = 1500;

  /// Kernels that need more, and why.
  private static final Map<String, String> SECTORS =
      Map.of("append_row_f64", "a column of a square lies in as many sectors as it has numbers");

  private static final Map<String, String> PASSES =
      Map.of(
          "evaluate_f32",
          "of neighbouring pools, pixels at one place lie two apart in an image of one channel");

  @TempDir private Path directory;

  @BeforeEach
  void counting() {
    StandIn.use();
    assumeTrue(StandIn.checks(StandIn.MEMCHECK), "counted where accesses are checked");
    StandIn.call("standin_watch", 1);
  }

  @AfterEach
  void noLonger() {
    StandIn.call("standin_watch", 0);
    StandIn.plainCard();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 17, 65, 101, 131, 171, 263})
  void gaussianProcesses(int n) throws IOException {
    var box = Box.continuous(3);
    var random = new Philox(6, n);
    var x = random.doubles(3L * n).toArray();
    var y = random.doubles(n).toArray();
    var covariance = new RadialCovariance.Matern52();
    var prior = Hyperprior.of(covariance, 3, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    var theta = prior.start();
    int p = prior.size();
    theta[p - 2] = Math.log(1e-2);
    try (var session = new CudaGpEngine(StandIn.device()).open(box)) {
      session.observe(x, new double[][] {y, y});
      if (n < 200) {
        session.fit(tasks(covariance, prior));
      }
      var thetas = Arrays.copyOf(theta, 2 * p);
      System.arraycopy(theta, 0, thetas, p, p);
      session.logLikelihood(covariance, 0, thetas, new double[2], new double[2 * p]);
      session.condition(
          List.of(
              new GpSession.Model(covariance, theta, 0),
              new GpSession.Model(covariance, theta, 1)));
      session.append(new double[] {.3, .4, .5}, new double[] {.5, .2});
      for (int m : new int[] {13, 71}) {
        var at = random.doubles(3L * m).toArray();
        session.acquisition(new LogExpectedImprovement(0, 0), at, new double[m], new double[3 * m]);
      }
      session.sample(0, random.doubles(3 * 33).toArray(), 1, 7);
      var plan = new MaximiserPlan(256, 4, 32, 5, 2, Arrays.copyOf(x, 3), 4);
      session.maximise(new LogExpectedImprovement(0, 0), plan, CandidateRule.ANY);
    }
    assertAtMost(n < 32 ? MOST_OF_SHORT : MOST);
  }

  private static List<GpSession.FitTask> tasks(CovarianceFunction covariance, Hyperprior prior) {
    int p = prior.size();
    var starts = Arrays.copyOf(prior.start(), 3 * p);
    for (int r = 1; r < 3; r++) {
      System.arraycopy(prior.randomStart(new Philox(8, r)), 0, starts, r * p, p);
    }
    return List.of(new GpSession.FitTask(covariance, 0, prior, starts, 2));
  }

  /// Where a block holds a lane, and where several share one.
  @ParameterizedTest
  @CsvSource({
    "mlp, 227, FP32",
    "mlp, 227, TF32",
    "mlp, 227, BF16",
    "mlp, 4, FP32",
    "mlp, 4, TF32",
    "mlp, 4, BF16",
    "cnn, 227, FP32",
    "cnn, 4, FP32",
    "cnn, 4, TF32",
    "cnn, 4, BF16",
    "cnn, 41, FP32",
    "cnn, 41, TF32",
    "cnn, 41, BF16"
  })
  void training(String model, int kibibytes, Precision precision)
      throws IOException, InterruptedException {
    var device = StandIn.card("shared=" + 1024 * kibibytes);
    var data =
        new Validation.CrossValidation(3)
            .apply(model.equals("cnn") ? images() : DataSets.bundled("wine"), new Streams(4));
    var parameters =
        model.equals("cnn")
            ? Map.<String, Object>of("filters", 8, "hidden", 17, "epochs", 1, "batch_size", 21)
            : Map.<String, Object>of("hidden", 37, "layers", 2, "epochs", 1, "batch_size", 21);
    var lane = new Lane(TrainerSettings.of(Model.named(model), parameters), 1, 40);
    var plan = new TrainPlan(Shape.of(lane.settings(), data.data()), data, List.of(lane));
    try (var session = new CudaTrainEngine(device, precision).open(plan)) {
      session.advance(1);
    }
    assertAtMost(kibibytes < 227 ? MOST_OF_LANES : MOST);
  }

  /// Fifty of 8 x 8 pixels.
  static DataSet images() {
    return images(8, 8);
  }

  /// Fifty whose pixels are those of digits, one after the other.
  static DataSet images(int height, int width) {
    var digits = DataSets.bundled("digits");
    var rows = IntStream.range(0, 50).toArray();
    var features = Arrays.copyOf(digits.features(), rows.length * height * width);
    return new DataSet(
        "images",
        List.of(new Column.Image("pixels", height, width)),
        digits.target().of(rows),
        features);
  }

  private static final class Sum {
    private long parts;
    private long least;
    private final List<String> lines = new ArrayList<>();
  }

  private void assertAtMost(double most) throws IOException {
    var file = directory.resolve("traffic");
    StandIn.call("standin_tell_traffic", file.toString());
    var sums = new TreeMap<String, Sum>();
    for (var line : Files.readAllLines(file)) {
      var words = line.split("\t");
      var sum = sums.computeIfAbsent(words[0] + " " + words[2], _ -> new Sum());
      long parts = Long.parseLong(words[5]);
      long least = Long.parseLong(words[6]);
      sum.parts += parts;
      sum.least += least;
      if (parts > least) {
        sum.lines.add("%s: %d for %d".formatted(words[1], parts, least));
      }
    }
    var tooMuch = new ArrayList<String>();
    sums.forEach((name, sum) -> {
      var kernel = name.split(" ")[0];
      var excepted = name.endsWith("global") ? SECTORS : PASSES;
      if (sum.least > FEW && sum.parts > most * sum.least && !excepted.containsKey(kernel)) {
        tooMuch.add(
            "%s: %d for %d, %.2f; PTX lines %s"
                .formatted(name, sum.parts, sum.least, (double) sum.parts / sum.least, sum.lines));
      }
    });
    assertThat(sums).isNotEmpty();
    assertThat(tooMuch).isEmpty();
  }
}

package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import dev.assay.device.Backend;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.train.DataSet;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.FusedTrainer;
import dev.assay.train.Metric;
import dev.assay.train.Model;
import dev.assay.train.Target;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What a device is for: very many perceptrons at once, 64-128-10 with batches of 128, and as many
/// of eight widths. They learn from 10,000 rows, the digits with noise, with learning rates from
/// 0.001 to 0.01; `benchmarks/peers/train.py --data` trains the same.
final class DeviceTraining {
  private static final int ROWS = 12_000;
  private static final double HELD_OUT = 1.0 / 6;
  private static final double NOISE = 0.5;
  private static final int HIDDEN = 128;
  private static final int[] WIDTHS = {32, 48, 64, 80, 96, 112, 128, 144};
  private static final int BATCH = 128;
  private static final double LEAST_ACCURACY = 0.6; // one epoch of the smallest; guessing has 0.1

  private final Backend backend;
  private final int configurations;
  private final int epochs;
  private final int repeats;

  /// @param configurations how many are trained at once, at least one for each width
  DeviceTraining(Backend backend, int configurations, int epochs, int repeats) {
    this.backend = backend;
    this.configurations = Math.max(configurations, WIDTHS.length);
    this.epochs = epochs;
    this.repeats = repeats;
  }

  static FoldedData data() {
    var digits = DataSets.bundled("digits");
    var classes = (Target.Classes) digits.target();
    var random = new Streams(1).stream(0, Purpose.OBJECTIVE);
    int p = digits.width();
    var features = new float[ROWS * p];
    var labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      int from = random.nextInt(digits.rows());
      labels[i] = classes.labels()[from];
      for (int j = 0; j < p; j++) {
        features[i * p + j] = noisy(digits.features()[from * p + j], random);
      }
    }
    var target = new Target.Classes(classes.name(), classes.classes(), labels);
    var noisy = new DataSet("digits with noise", digits.columns(), target, features);
    return new Validation.HoldOut(HELD_OUT).apply(noisy, new Streams(1));
  }

  private static float noisy(float value, RandomGenerator random) {
    return Math.round((value + NOISE * random.nextGaussian()) * 1000) / 1000f;
  }

  /// Writes the rows as CSV: features, label, and 1 where a row is not learnt from.
  static void write(FoldedData folds, Path file) {
    var data = folds.data();
    int p = data.width();
    var unseen = new int[data.rows()];
    for (int row : folds.folds().getFirst().validation()) {
      unseen[row] = 1;
    }
    var labels = ((Target.Classes) data.target()).labels();
    try (var out = Files.newBufferedWriter(file)) {
      for (int j = 0; j < p; j++) {
        out.write("x" + j + ",");
      }
      out.write("label,unseen\n");
      for (int i = 0; i < data.rows(); i++) {
        for (int j = 0; j < p; j++) {
          out.write(data.features()[i * p + j] + ",");
        }
        out.write(labels[i] + "," + unseen[i] + "\n");
      }
    } catch (IOException e) {
      throw new Problem(
          "The rows cannot be written.", file + ": " + e, "Name another file with --rows.", e);
    }
  }

  List<Measurement> measure(FoldedData data) throws InterruptedException {
    prove();
    var measurements = new ArrayList<Measurement>();
    measurements.add(measure(data, "training.device", new int[] {HIDDEN}));
    measurements.add(measure(data, "training.device.widths", WIDTHS));
    return measurements;
  }

  /// A wrong answer is not timed.
  private void prove() {
    for (var check : backend.selfCheck()) {
      if (!check.passed()) {
        throw new Problem(
            "The back end calculates wrongly, and is not measured.",
            check.name() + ": error " + check.error() + " of " + check.tolerance(),
            "Report it with what assay doctor prints.");
      }
    }
  }

  private Measurement measure(FoldedData data, String name, int[] widths)
      throws InterruptedException {
    var requests = requests(widths);
    int threads = Runtime.getRuntime().availableProcessors();
    var trainer = new FusedTrainer(backend.trainEngine(threads), data);
    int rows = data.folds().getFirst().training().length;
    double samples = (double) rows * epochs * requests.size();
    var times = new double[repeats];
    double accuracy = 0;
    double best = 0;
    for (int i = -1; i < repeats; i++) { // the first one warms
      long start = System.nanoTime();
      var results = trainer.train(requests);
      times[Math.max(i, 0)] = (System.nanoTime() - start) * 1e-3 / samples;
      var scores = results.stream().mapToDouble(r -> r.mean(Metric.ACCURACY)).toArray();
      accuracy = Arrays.stream(scores).average().orElse(0);
      best = Arrays.stream(scores).max().orElse(0);
      if (!(accuracy > LEAST_ACCURACY)) {
        throw new IllegalStateException("what is timed learns nothing: accuracy " + accuracy);
      }
    }
    double epoch = Turns.median(times) * rows * requests.size() * 1e-3;
    double operations = 0;
    for (var request : requests) {
      operations += new LaneWork(data, List.of(request)).operations() / requests.size();
    }
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("of", "a row and epoch of a configuration, wall time, FP32");
    parameters.put("configurations", Integer.toString(requests.size()));
    parameters.put("hidden", Arrays.toString(widths));
    parameters.put("batch", Integer.toString(BATCH));
    parameters.put("rows", Integer.toString(rows));
    parameters.put("epochs", Integer.toString(epochs));
    parameters.put("accuracy", String.format(Locale.ROOT, "%.4f", accuracy));
    parameters.put("best accuracy", String.format(Locale.ROOT, "%.4f", best));
    parameters.put("an epoch of all", String.format(Locale.ROOT, "%.2f ms", epoch));
    parameters.put(
        "rate",
        String.format(Locale.ROOT, "%.0f GFLOP/s", operations / Turns.median(times) * 1e-3));
    return Measurement.ofRepeats(name, parameters, "us/op", times, null);
  }

  /// As many of each width, with learning rates spread evenly.
  private List<TrainRequest> requests(int[] widths) {
    int each = configurations / widths.length;
    var requests = new ArrayList<TrainRequest>();
    for (int width : widths) {
      for (int i = 0; i < each; i++) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("hidden", width);
        parameters.put("batch_size", BATCH);
        parameters.put("epochs", epochs);
        parameters.put("learning_rate", 0.001 * Math.pow(10, (double) i / Math.max(each - 1, 1)));
        var settings = TrainerSettings.of(Model.MLP, parameters);
        requests.add(new TrainRequest(settings, 7 + requests.size()));
      }
    }
    return requests;
  }
}

package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import dev.assay.problem.Problem;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.Metric;
import dev.assay.train.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rows a second: the perceptron of the peers (64-100-10, batch 64, Adam) on one core beside
/// scikit-learn, on all cores, and the share of the processor's FP32 peak for several shapes.
final class TrainingRate {
  private static final int LANES = 16;
  private static final int ROUNDS = 3;
  private static final int SEEDS = 3;
  private static final int EPOCHS = 10;

  private final int repeats;

  TrainingRate(int repeats) {
    this.repeats = repeats;
  }

  List<Measurement> measure() throws InterruptedException {
    var data = LaneWork.digits();
    var work = LaneWork.of(data, LaneWork.settings(100, 1, 64, EPOCHS), LANES);
    Turns.warm(work);
    var measurements = new ArrayList<Measurement>();
    measurements.add(besideScikitLearn(work));
    measurements.add(onAllCores(work));
    double peak = FloatPeak.gigaflops();
    for (var shape : List.of(new int[] {100, 1}, new int[] {256, 1}, new int[] {256, 3})) {
      for (int batch : new int[] {64, 256}) {
        var settings = LaneWork.settings(shape[0], shape[1], batch, LaneWork.EPOCHS);
        measurements.add(share(LaneWork.of(data, settings, LANES), peak));
      }
    }
    return measurements;
  }

  /// In turns, each on one core, processor time; accuracies are means over five folds and three
  /// seeds on both sides.
  private Measurement besideScikitLearn(LaneWork work) throws InterruptedException {
    var own = new ArrayList<Double>();
    var theirs = new ArrayList<Double>();
    String version = "";
    String accuracy = "";
    for (int round = 0; round < ROUNDS; round++) {
      var document = scikitLearn().get("measurements").get(0);
      theirs.add(document.get("score").asDouble());
      version = document.get("parameters").get("version").asString();
      accuracy = document.get("parameters").get("accuracy").asString();
      for (int i = 0; i < repeats; i++) {
        own.add(work.together());
      }
    }
    var parameters = new LinkedHashMap<String, String>();
    parameters.put(
        "of",
        "a row and epoch, 64-100-10, batch 64, Adam, "
            + LANES
            + " lanes, one core, processor time");
    parameters.put("accuracy", String.format(Locale.ROOT, "%.4f", accuracy()));
    parameters.put("accuracy of the peer", accuracy);
    return Measurement.ofRepeats(
        "training.row",
        parameters,
        "us/op",
        own.stream().mapToDouble(Double::doubleValue).toArray(),
        new Measurement.Peer(
            "scikit-learn",
            version,
            theirs.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN)));
  }

  private static double accuracy() throws InterruptedException {
    var folds = new Validation.CrossValidation(5).apply(DataSets.bundled("digits"), new Streams(1));
    var work = LaneWork.of(folds, LaneWork.settings(100, 1, 64, EPOCHS), SEEDS);
    return work.results().stream().mapToDouble(r -> r.mean(Metric.ACCURACY)).average().orElse(0);
  }

  private static JsonNode scikitLearn() throws InterruptedException {
    var program =
        Path.of(System.getProperty("assay.home", ".")).resolve("benchmarks/peers/train.py");
    var python = System.getenv("ASSAY_PYTHON");
    try {
      var output = Files.createTempFile("assay-train", ".json");
      try {
        var process =
            new ProcessBuilder(
                    python == null ? "python3" : python,
                    program.toString(),
                    "--tools",
                    "scikit-learn",
                    "--out",
                    output.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var text = process.waitFor() == 0 ? Files.readString(output) : "";
        if (text.isEmpty() || JsonMapper.shared().readTree(text).get("measurements").isEmpty()) {
          throw new Problem(
              "scikit-learn could not be measured.",
              program.toString(),
              "Install scikit-learn, or let ASSAY_PYTHON name a Python that has it.");
        }
        return JsonMapper.shared().readTree(text);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new Problem("Python did not start.", String.valueOf(e), "Set ASSAY_PYTHON.", e);
    }
  }

  private Measurement onAllCores(LaneWork work) throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    var turns = Turns.of(repeats, () -> work.together(cores), () -> work.together(1));
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("of", "a row and epoch, 64-100-10, batch 64, Adam, " + LANES + " lanes");
    parameters.put("threads", Integer.toString(cores));
    return turns.measurement("training.cores", parameters, "one thread");
  }

  /// Useful operations a second: what padding and the update cost counts as time, not as work.
  private Measurement share(LaneWork work, double peak) throws InterruptedException {
    var rates = new double[repeats];
    work.together();
    for (int i = 0; i < repeats; i++) {
      rates[i] = work.operations() / work.together() * 1e-3;
    }
    var settings = work.requests().getFirst().settings();
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("hidden", Integer.toString(settings.hidden()));
    parameters.put("layers", Integer.toString(settings.layers()));
    parameters.put("batch", Integer.toString(settings.batchSize()));
    parameters.put("peak", String.format(Locale.ROOT, "%.0f GFLOP/s FP32", peak));
    parameters.put(
        "share", String.format(Locale.ROOT, "%.0f %%", 100 * Turns.median(rates) / peak));
    return Measurement.ofRepeats("training.rate", parameters, "GFLOP/s", rates, null);
  }
}

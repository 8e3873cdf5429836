package dev.assay.bench;

import dev.assay.device.BackendSelector;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.FusedTrainer;
import dev.assay.train.Metric;
import dev.assay.train.Model;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainResult;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Training perceptrons on the digits with Adam, on one core of the processor, some of one shape at
/// a time; a sample is one row in one epoch of one of them, forwards, backwards and its share of
/// the update. [Rates] turns the times into GFLOP/s and shares of the machine's ceiling.
///
/// Run it: `assay bench train`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
@Fork(2)
public class TrainBenchmark {
  private static final int EPOCHS = 10;

  /// Rows of the digits that a hold-out of a fifth leaves to learn from.
  private static final int ROWS = 1437;

  /// Of one configuration in one call.
  static final int SAMPLES = EPOCHS * ROWS;

  /// How many are trained at once.
  @Param({"1", "8", "32"})
  int lanes = 1;

  /// Units of each layer from the inputs to the classes, and rows of a batch.
  @Param({"64-100-10 batch 64", "64-128-10 batch 128", "64-64-64-64-10 batch 64"})
  String shape = "64-100-10 batch 64";

  private final FoldedData data =
      new Validation.HoldOut(0.2).apply(DataSets.bundled("digits"), new Streams(1));

  private final FusedTrainer trainer =
      new FusedTrainer(new BackendSelector().choose("cpu").trainEngine(1), data);

  private List<TrainRequest> requests = List.of();

  private static TrainerSettings settings(String shape) {
    var units = shape.replaceFirst(" .*", "").split("-");
    return TrainerSettings.of(
        Model.MLP,
        Map.of(
            "hidden",
            Integer.parseInt(units[1]),
            "layers",
            units.length - 2,
            "batch_size",
            Integer.parseInt(shape.replaceFirst(".* ", "")),
            "epochs",
            EPOCHS,
            "learning_rate",
            0.005));
  }

  /// Floating-point operations of a sample: two for each weight forwards, two for its gradient, and
  /// two for that of the inputs of every layer but the first.
  static double operations(String shape) {
    var units = shape.replaceFirst(" .*", "").split("-");
    double operations = 0;
    for (int i = 1; i < units.length; i++) {
      double weights = Double.parseDouble(units[i - 1]) * Double.parseDouble(units[i]);
      operations += (i == 1 ? 4 : 6) * weights;
    }
    return operations;
  }

  /// Refuses to time a trainer that does not learn, or that learns from other rows.
  @Setup
  public void gate() throws InterruptedException {
    var settings = settings(shape);
    requests =
        IntStream.range(0, lanes).mapToObj(lane -> new TrainRequest(settings, 7 + lane)).toList();
    for (var result : train()) {
      var accuracy = result.mean(Metric.ACCURACY);
      if (!(accuracy > 0.9)) {
        throw new IllegalStateException("accuracy " + accuracy + " after " + EPOCHS + " epochs");
      }
    }
    int rows = data.data().rows() - data.validationTarget(0).rows();
    if (Math.abs(rows - ROWS) > 5) {
      throw new IllegalStateException(rows + " rows, not " + ROWS);
    }
  }

  /// All lanes, so many epochs: `SAMPLES` for each lane.
  List<TrainResult> train() throws InterruptedException {
    return trainer.train(requests);
  }

  /// The time of a call is divided by its samples in one lane here, and by the lanes when results
  /// are written.
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public List<TrainResult> sample() throws InterruptedException {
    return train();
  }
}

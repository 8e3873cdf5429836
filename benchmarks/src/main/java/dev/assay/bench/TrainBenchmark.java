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
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Training a 64-100-10 perceptron on the digits, batch 64, Adam, on one core of the processor; a
/// sample is one row in one epoch, forwards, backwards and its share of the update.
///
/// Run it: `assay bench train`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(2)
public class TrainBenchmark {
  private static final int EPOCHS = 10;

  /// Rows of the digits that a hold-out of a fifth leaves to learn from.
  private static final int ROWS = 1437;

  /// Of one call.
  static final int SAMPLES = EPOCHS * ROWS;

  private static final TrainerSettings SETTINGS =
      TrainerSettings.of(
          Model.MLP,
          Map.of("hidden", 100, "batch_size", 64, "epochs", EPOCHS, "learning_rate", 0.005));

  private final FoldedData data =
      new Validation.HoldOut(0.2).apply(DataSets.bundled("digits"), new Streams(1));

  private final FusedTrainer trainer =
      new FusedTrainer(new BackendSelector().choose("cpu").trainEngine(1), data);

  /// Refuses to time a trainer that does not learn, or that learns from other rows.
  @Setup
  public void gate() throws InterruptedException {
    var accuracy = train().mean(Metric.ACCURACY);
    if (!(accuracy > 0.95)) {
      throw new IllegalStateException("accuracy " + accuracy + " after " + EPOCHS + " epochs");
    }
    int rows = data.data().rows() - data.validationTarget(0).rows();
    if (Math.abs(rows - ROWS) > 5) {
      throw new IllegalStateException(rows + " rows, not " + ROWS);
    }
  }

  private TrainResult train() throws InterruptedException {
    return trainer.train(List.of(new TrainRequest(SETTINGS, 7))).getFirst();
  }

  @Benchmark
  @OperationsPerInvocation(EPOCHS * ROWS)
  public TrainResult sample() throws InterruptedException {
    return train();
  }
}

package dev.assay.train;

import dev.assay.problem.Problem;
import java.util.List;
import java.util.Locale;

/// Trains many configurations at once, each on every fold, and scores them. Thread-safe: each call
/// opens sessions of its own.
///
/// ```
/// var data = new Validation.CrossValidation(5).apply(DataSets.bundled("digits"), new Streams(42));
/// var trainer = new FusedTrainer(engine, data);
/// var settings = TrainerSettings.of(Model.MLP, Map.of("hidden", 100, "learning_rate", 0.005));
/// var result = trainer.train(List.of(new TrainRequest(settings, 7))).getFirst();
/// result.mean(Metric.ACCURACY)
/// ```
public final class FusedTrainer {
  private final TrainEngine engine;
  private final FoldedData data;

  public FusedTrainer(TrainEngine engine, FoldedData data) {
    this.engine = engine;
    this.data = data;
  }

  /// Refuses a configuration that this data cannot train.
  public void check(TrainerSettings settings) {
    int least = Integer.MAX_VALUE;
    for (int fold = 0; fold < data.folds().size(); fold++) {
      // How many rows are watched depends on the labels, and not on the seed.
      least = Math.min(least, new Lane(settings, fold, 0).learntRows(data).length);
    }
    if (settings.batchSize() > least) {
      throw new Problem(
          "A batch is larger than the training rows.",
          "batch_size: "
              + settings.batchSize()
              + ", with "
              + least
              + " rows to learn from in the"
              + " smallest fold of "
              + data.data().name(),
          "Use a batch_size of at most " + least + ".");
    }
    long bytes = bytes(settings);
    if (bytes > engine.capacityBytes()) {
      throw new Problem(
          "A model of that shape does not fit into the device's memory.",
          String.format(
              Locale.ROOT,
              "hidden: %d, layers: %d on %d folds of %s: needs %.0f MB, has %.0f MB",
              settings.hidden(),
              settings.layers(),
              data.folds().size(),
              data.data().name(),
              bytes * 1e-6,
              engine.capacityBytes() * 1e-6),
          "Use fewer units or layers, or fewer folds.");
    }
  }

  /// What a configuration takes of the device's memory while it is trained on every fold, in bytes.
  public long bytes(TrainerSettings settings) {
    return data.folds().size() * engine.laneBytes(Shape.of(settings, data.data()));
  }

  /// What the device has now for all configurations together, in bytes.
  public long memoryBytes() {
    return engine.memoryBytes();
  }

  /// Trains configurations to their ends.
  ///
  /// @return a result for each request, in their order
  /// @throws InterruptedException when the calling thread is interrupted
  public List<TrainResult> train(List<TrainRequest> requests) throws InterruptedException {
    try (var run = open(requests)) {
      return run.advance(Integer.MAX_VALUE);
    }
  }

  /// Starts configurations that shall be trained rung by rung.
  ///
  /// @throws Problem as [#check]
  public FusedRun open(List<TrainRequest> requests) {
    requests.forEach(request -> check(request.settings()));
    return new FusedRun(engine, data, requests);
  }
}

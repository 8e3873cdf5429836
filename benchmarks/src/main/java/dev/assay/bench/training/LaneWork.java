package dev.assay.bench.training;

import dev.assay.device.BackendSelector;
import dev.assay.random.Streams;
import dev.assay.train.DataSets;
import dev.assay.train.FoldedData;
import dev.assay.train.FusedTrainer;
import dev.assay.train.Model;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainResult;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Perceptrons on the digits, to be timed: a sample is one row in one epoch of one configuration,
/// forwards, backwards and its share of the update.
///
/// @param requests all trained for the same number of epochs
record LaneWork(FoldedData data, List<TrainRequest> requests) {
  static final int EPOCHS = 5;

  /// The digits, a fifth held out.
  static FoldedData digits() {
    return new Validation.HoldOut(0.2).apply(DataSets.bundled("digits"), new Streams(1));
  }

  /// A configuration as the peers train it: Adam, learning rate 0.005.
  static TrainerSettings settings(int hidden, int layers, int batch, int epochs) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("hidden", hidden);
    parameters.put("layers", layers);
    parameters.put("batch_size", batch);
    parameters.put("epochs", epochs);
    parameters.put("learning_rate", 0.005);
    return TrainerSettings.of(Model.MLP, parameters);
  }

  /// So many lanes of one shape, with seeds of their own.
  static LaneWork of(FoldedData data, TrainerSettings settings, int lanes) {
    var requests = new ArrayList<TrainRequest>();
    for (int i = 0; i < lanes; i++) {
      requests.add(new TrainRequest(settings, 7 + i));
    }
    return new LaneWork(data, requests);
  }

  int samples() {
    int rows = data.data().rows() - data.validationTarget(0).rows();
    return requests.stream().mapToInt(request -> rows * request.settings().epochs()).sum();
  }

  /// Floating-point operations of one sample of the first request: 2 for each weight forwards, 2
  /// for its gradient, and 2 for the gradient in the inputs of every layer but the first. The
  /// update is not counted, what padding wastes neither.
  double operations() {
    var settings = requests.getFirst().settings();
    double first = (double) data.data().width() * settings.hidden();
    double others =
        (settings.layers() - 1.0) * settings.hidden() * settings.hidden()
            + (double) settings.hidden() * data.data().target().outputs();
    return 4 * first + 6 * others;
  }

  /// Microseconds a sample, all together; wall time.
  double together(int threads) throws InterruptedException {
    var trainer = trainer(threads);
    long start = System.nanoTime();
    check(trainer.train(requests));
    return (System.nanoTime() - start) * 1e-3 / samples();
  }

  /// Microseconds a sample, all together on the calling thread; that thread's processor time.
  double together() throws InterruptedException {
    var trainer = trainer(1);
    long start = processorNanos();
    check(trainer.train(requests));
    return (processorNanos() - start) * 1e-3 / samples();
  }

  /// Microseconds a sample, one after the other on the calling thread; that thread's processor
  /// time.
  double alone() throws InterruptedException {
    var trainer = trainer(1);
    long start = processorNanos();
    for (var request : requests) {
      check(trainer.train(List.of(request)));
    }
    return (processorNanos() - start) * 1e-3 / samples();
  }

  static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /// What all learn, untimed.
  List<TrainResult> results() throws InterruptedException {
    return trainer(1).train(requests);
  }

  FusedTrainer trainer(int threads) {
    return new FusedTrainer(new BackendSelector().choose("cpu").trainEngine(threads), data);
  }

  static void check(List<TrainResult> results) {
    for (var result : results) {
      if (result.diverged()) {
        throw new IllegalStateException("what is timed diverged");
      }
    }
  }
}

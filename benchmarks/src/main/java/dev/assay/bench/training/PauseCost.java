package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import dev.assay.files.Trees;
import dev.assay.train.CheckpointFile;
import dev.assay.train.FusedRun;
import dev.assay.train.LaneCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// What pausing costs: trainings that `freeze_thaw` looks at ten times, each time taken out of
/// their run and gone on with in another, against the same without a pause, in turns. A checkpoint
/// is written at each pause, as the trainer does; a training is gone on with from the lane in
/// memory, or from its file. Processor time of the thread that trains; another one writes the
/// files, as in the trainer, to the directory for temporary ones.
final class PauseCost {
  private static final int EPOCHS = 40;

  /// Where trainings of 40 epochs are looked at.
  private static final int[] ENDS = {1, 2, 3, 5, 8, 11, 16, 22, 30, EPOCHS};

  private static final int[] LANES = {4, 16};
  private static final int[] WIDTHS = {64};
  private static final int BATCH = 32;

  private final int repeats;

  PauseCost(int repeats) {
    this.repeats = repeats;
  }

  List<Measurement> measure() throws InterruptedException {
    var directory = directory();
    try {
      var data = LaneWork.digits();
      var measurements = new ArrayList<Measurement>();
      for (int hidden : WIDTHS) {
        var settings = LaneWork.settings(hidden, 1, BATCH, EPOCHS);
        for (int lanes : LANES) {
          var work = LaneWork.of(data, settings, lanes);
          for (boolean fromFiles : new boolean[] {false, true}) {
            check(work, directory, fromFiles);
            var turns =
                Turns.of(repeats, () -> paused(work, directory, fromFiles), () -> looked(work));
            var parameters = new LinkedHashMap<String, String>();
            parameters.put("of", "a row and epoch of " + lanes + " configurations");
            parameters.put("hidden", Integer.toString(hidden));
            parameters.put("batch", Integer.toString(BATCH));
            parameters.put("pauses", Integer.toString(ENDS.length - 1));
            parameters.put("gone on with from", fromFiles ? "files" : "memory");
            measurements.add(turns.measurement("training.pause", parameters, "without a pause"));
          }
        }
      }
      return measurements;
    } finally {
      remove(directory);
    }
  }

  private static void remove(Path directory) {
    try {
      Trees.remove(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("assay-pauses");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Microseconds a sample, paused at each of [#ENDS] but the last.
  private static double paused(LaneWork work, Path directory, boolean fromFiles)
      throws InterruptedException {
    long start = LaneWork.processorNanos();
    train(work, directory, fromFiles).close();
    double spent = (LaneWork.processorNanos() - start) * 1e-3 / work.samples();
    remove(directory);
    return spent;
  }

  /// Microseconds a sample, in one run that is looked at at each of [#ENDS].
  private static double looked(LaneWork work) throws InterruptedException {
    long start = LaneWork.processorNanos();
    try (var run = work.trainer(1).open(work.requests())) {
      for (int end : ENDS) {
        LaneWork.check(run.advance(end));
      }
    }
    return (LaneWork.processorNanos() - start) * 1e-3 / work.samples();
  }

  private static FusedRun train(LaneWork work, Path directory, boolean fromFiles)
      throws InterruptedException {
    var trainer = work.trainer(1);
    int count = work.requests().size();
    FusedRun before = null;
    try (var disk = Executors.newSingleThreadExecutor()) {
      Future<?> last = null;
      for (int k = 0; k < ENDS.length; k++) {
        var run = trainer.open(work.requests());
        if (fromFiles && last != null) {
          last.get();
        }
        for (int i = 0; before != null && i < count; i++) {
          goOn(run, i, before, fromFiles ? file(directory, (k - 1) * count + i) : null);
        }
        if (before != null) {
          before.close();
        }
        LaneWork.check(run.advance(ENDS[k]));
        for (int i = 0; i < count; i++) {
          var checkpoint = run.checkpoint(i);
          var file = file(directory, k * count + i);
          last = disk.submit(() -> save(checkpoint, file));
        }
        before = run;
      }
      Objects.requireNonNull(last).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return Objects.requireNonNull(before);
  }

  private static void goOn(FusedRun run, int request, FusedRun before, @Nullable Path file) {
    if (file == null) {
      run.takeOver(request, before, request);
    } else {
      run.restore(request, Objects.requireNonNull(CheckpointFile.read(file)));
    }
  }

  private static void save(List<LaneCheckpoint> checkpoint, Path file) {
    try {
      CheckpointFile.write(file, checkpoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every trial has one of its own.
  private static Path file(Path directory, int trial) {
    return directory.resolve(Integer.toString(trial)).resolve("checkpoint.safetensors");
  }

  /// A pause changes nothing.
  private static void check(LaneWork work, Path directory, boolean fromFiles)
      throws InterruptedException {
    try (var paused = train(work, directory, fromFiles);
        var whole = work.trainer(1).open(work.requests())) {
      LaneWork.check(whole.advance(EPOCHS));
      for (int i = 0; i < work.requests().size(); i++) {
        if (!Arrays.equals(paused.weights(i, 0), whole.weights(i, 0))) {
          throw new IllegalStateException("training " + i + " is another after its pauses");
        }
      }
    }
    remove(directory);
  }
}

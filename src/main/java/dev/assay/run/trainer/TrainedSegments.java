package dev.assay.run.trainer;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.run.population.Checkpoints;
import dev.assay.space.Configuration;
import dev.assay.study.Study;
import dev.assay.train.CheckpointFile;
import dev.assay.train.FusedRun;
import dev.assay.train.FusedTrainer;
import dev.assay.train.LaneCheckpoint;
import dev.assay.train.TrainRequest;
import dev.assay.train.TrainerSettings;
import dev.assay.trial.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;

/// What trained segments left for those that go on from them: lanes on the device while there is
/// room, and a file for each trial, `ID/checkpoint.safetensors`, which outlives the process. Where
/// both are gone, the segment is trained once more, which gives the same. Belongs to one thread.
final class TrainedSegments implements AutoCloseable {
  private static final Logger LOG = Log.of(TrainedSegments.class);

  static final String FILE = "checkpoint.safetensors";

  private final Path root;
  private final FusedTrainer trainer;
  private final Function<Configuration, TrainerSettings> settings;
  private final Study<Configuration> study;
  private final Streams streams;
  private final List<Kept> runs = new ArrayList<>();
  private final BesideTraining disk = new BesideTraining();

  /// A run whose lanes are still there.
  ///
  /// @param requests by trial number
  private record Kept(FusedRun run, Map<Integer, Request> requests) {
    long bytes() {
      return requests.values().stream().mapToLong(Request::bytes).sum();
    }

    List<Integer> indices() {
      return requests.values().stream().map(Request::index).toList();
    }
  }

  /// @param bytes of the device's memory
  record Request(int index, long bytes) {}

  /// @param root where trials have their directories
  TrainedSegments(
      Path root,
      FusedTrainer trainer,
      Function<Configuration, TrainerSettings> settings,
      Study<Configuration> study) {
    this.root = root;
    this.trainer = trainer;
    this.settings = settings;
    this.study = study;
    streams = new Streams(study.seed());
  }

  private Path file(int trial) {
    return root.resolve(Integer.toString(trial)).resolve(FILE);
  }

  /// Lets a request of a run go on from where a trial ended.
  void handOver(int trial, FusedRun to, int request) throws InterruptedException {
    for (var kept : runs) {
      var source = kept.requests.get(trial);
      if (source != null) {
        to.takeOver(request, kept.run, source.index);
        return;
      }
    }
    to.restore(request, checkpoint(trial));
  }

  private List<LaneCheckpoint> checkpoint(int trial) throws InterruptedException {
    disk.settle();
    var stored = CheckpointFile.read(file(trial));
    if (stored != null) {
      return stored;
    }
    LOG.info("The checkpoint of trial {} is gone; it is trained once more.", trial);
    var record = study.trials().stream().filter(t -> t.number() == trial).findFirst().orElseThrow();
    var chosen = settings.apply(record.configuration());
    var segment = Segment.of(record);
    long seed = streams.seed(trial, Purpose.OBJECTIVE);
    try (var run = trainer.open(List.of(new TrainRequest(chosen, seed)))) {
      if (segment != null && segment.parent() != null) {
        run.restore(0, checkpoint(segment.parent()));
      }
      run.advance(Math.toIntExact(segment == null ? chosen.epochs() : segment.to()));
      return run.checkpoint(0);
    }
  }

  /// Keeps where a trial ended for a later process, soon.
  ///
  /// @throws Problem where an earlier one cannot be written
  void save(int trial, List<LaneCheckpoint> checkpoint) {
    disk.add(() -> write(trial, checkpoint));
  }

  private void write(int trial, List<LaneCheckpoint> checkpoint) {
    try {
      CheckpointFile.write(file(trial), checkpoint);
    } catch (IOException e) {
      throw new Problem(
          "A checkpoint cannot be written.",
          file(trial) + ": " + e,
          "Make room there, then go on with the same command.",
          e);
    }
  }

  /// Keeps a run whose trials may be gone on from.
  ///
  /// @param requests by trial number
  void keep(FusedRun run, Map<Integer, Request> requests) {
    runs.add(new Kept(run, new HashMap<>(requests)));
  }

  /// Leaves so many bytes of the device's memory to others; what was there is in files.
  void makeRoom(long bytes) {
    long free = trainer.memoryBytes() - runs.stream().mapToLong(Kept::bytes).sum();
    while (free < bytes && !runs.isEmpty()) {
      var oldest = runs.removeFirst();
      oldest.run.close();
      free += oldest.bytes();
    }
  }

  /// Drops what nobody goes on from, but for the best trials' files.
  void forget() {
    var trials = study.trials();
    var wanted = Segment.wanted(trials);
    for (var kept : List.copyOf(runs)) {
      kept.requests.keySet().retainAll(wanted);
      if (kept.requests.isEmpty()) {
        kept.run.close();
        runs.remove(kept);
      } else {
        kept.run.retain(kept.indices());
      }
    }
    var best = study.best();
    disk.add(() -> Checkpoints.sweep(root, FILE, trials, best));
  }

  /// Waits until all that was saved is in files.
  ///
  /// @throws Problem where it cannot be written
  void settle() {
    disk.settle();
  }

  @Override
  public void close() {
    disk.close();
    runs.forEach(kept -> kept.run.close());
    runs.clear();
  }
}

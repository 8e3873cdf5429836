package dev.assay.run.population;

import dev.assay.files.Trees;
import dev.assay.internal.words.Log;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import org.slf4j.Logger;

/// The checkpoints that trials leave for others to go on from, each in its trial's directory: a
/// file or a directory, as a whole or not at all.
public final class Checkpoints {
  private static final Logger LOG = Log.of(Checkpoints.class);

  private Checkpoints() {}

  /// Removes the checkpoints of finished trials that nobody goes on from, but for the best ones'.
  ///
  /// @param root where trials have their directories
  /// @param name of the checkpoint in its trial's directory
  /// @param trials of the study
  public static void sweep(
      Path root, String name, List<TrialRecord> trials, Collection<TrialRecord> best) {
    var kept = new HashSet<>(Segment.wanted(trials));
    best.forEach(trial -> kept.add(trial.number()));
    for (var trial : trials) {
      if (Segment.of(trial) != null
          && trial.state().isFinished()
          && !kept.contains(trial.number())) {
        var directory = root.resolve(Integer.toString(trial.number()));
        try {
          if (Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            Trees.remove(directory.resolve(name));
            removeIfEmpty(directory);
          }
        } catch (IOException | UncheckedIOException e) {
          LOG.warn("An old checkpoint in {} cannot be removed: {}", directory, e.toString());
        }
      }
    }
  }

  private static void removeIfEmpty(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        return;
      }
    }
    Files.deleteIfExists(directory);
  }

  /// Puts a copy of a directory in the place of another one, symbolic links included: see
  /// [CheckpointCopy].
  public static void copy(Path from, Path to) throws IOException {
    var part = to.resolveSibling(to.getFileName() + ".part");
    Trees.remove(part);
    try {
      CheckpointCopy.of(from, part).run();
      Trees.remove(to);
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        Trees.remove(part); // a disk that was full has room again
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }
}

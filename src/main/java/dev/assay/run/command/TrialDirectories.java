package dev.assay.run.command;

import dev.assay.files.OwnerOnly;
import dev.assay.files.Trees;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.process.ProcessIdentity;
import dev.assay.process.ProcessTree;
import dev.assay.run.population.CheckpointCopy;
import dev.assay.run.population.Checkpoints;
import dev.assay.study.Study;
import dev.assay.trial.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The directories of a study's external trials: `ID/` for each, which outlives retries and resume,
/// and `running/ID` while a program runs, so that whoever comes after a crash finds what survived;
/// `running/lock` keeps those who come at the same time apart.
///
/// @param root an absolute path
record TrialDirectories(Path root) {
  private static final Logger LOG = Log.of(TrialDirectories.class);

  /// The variable that tells a program its directory, and marks everything that it starts.
  static final String VARIABLE = "ASSAY_TRIAL_DIR";

  private static final Lock EXCLUSIVE = new ReentrantLock();

  /// The file with all that the program printed.
  static final String LOG_FILE = "log";

  static final String REPORT_FILE = "reports.jsonl";

  /// The directory of one of several runs, but for its number.
  private static final String RUN = "run-";

  /// The directory with what another trial can go on from.
  static final String CHECKPOINT = "checkpoint";

  static final String NO_CHECKPOINT =
      "it saved nothing in ASSAY_CHECKPOINT_DIR, so no trial can go on from it";

  TrialDirectories {
    root = root.toAbsolutePath().normalize();
  }

  /// The file with all that a trial's program printed, where it was kept.
  ///
  /// @param root the directory of a study's trials
  static Path log(Path root, int trial) {
    return root.resolve(Integer.toString(trial)).resolve(LOG_FILE);
  }

  private Path running() {
    return root.resolve("running");
  }

  Path of(int trial) {
    return root.resolve(Integer.toString(trial));
  }

  /// A trial's directory, made where there is none.
  Path make(int trial) {
    try {
      OwnerOnly.directories(running());
      return OwnerOnly.directories(of(trial));
    } catch (IOException e) {
      throw new Problem(
          "The trial's directory cannot be made.",
          of(trial) + ": " + e,
          "Make room there and see that the directory is writable.",
          e);
    }
  }

  /// The directory of one of a trial's runs, made where there is none; the trial's own is there.
  ///
  /// @param run from 1; 0 for the trial's own, where it has one run
  Path make(int trial, int run) {
    if (run == 0) {
      return of(trial);
    }
    var own = of(trial).resolve(RUN + run);
    try {
      return OwnerOnly.directories(own);
    } catch (IOException e) {
      throw new Problem(
          "The directory of a trial's run cannot be made.",
          own + ": " + e,
          "Make room there and see that the directory is writable.",
          e);
    }
  }

  /// The directories by which what a trial started is known: its own, and those of its runs.
  private List<String> marks(int trial) {
    var marks = new ArrayList<String>();
    marks.add(of(trial).toString());
    for (int run = 1; Files.isDirectory(of(trial).resolve(RUN + run)); run++) {
      marks.add(of(trial).resolve(RUN + run).toString());
    }
    return marks;
  }

  /// Notes that a program is about to start, after ending what an owner that is gone left of it.
  ///
  /// @param owner the process of Assay's that runs it
  void noteStarting(int trial, ProcessIdentity owner) throws IOException {
    exclusively(() -> {
      if (Files.exists(note(trial)) && endSurvivors(note(trial), trial)) {
        LOG.warn("A program of trial {} had survived its owner; it is ended.", trial);
      }
      OwnerOnly.write(note(trial), owner + "\n");
      return note(trial);
    });
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  /// One process of the study at a time: between reading whose a program was and ending it, nobody
  /// may start the same trial anew, since the mark by which it is ended would be the same.
  private <T> T exclusively(Step<T> step) throws IOException {
    EXCLUSIVE.lock(); // a file lock is the whole process's
    try (var channel =
            FileChannel.open(OwnerOnly.file(running().resolve("lock")), StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      return step.run();
    } finally {
      EXCLUSIVE.unlock();
    }
  }

  /// Notes under which process the program runs. Appended: to write a file anew makes some file
  /// systems (ext4) wait for the disk.
  void noteStarted(int trial, ProcessIdentity process) throws IOException {
    Files.writeString(note(trial), process + "\n", StandardOpenOption.APPEND);
  }

  private Path note(int trial) {
    return running().resolve(Integer.toString(trial));
  }

  /// Notes that nothing of a trial lives any more that this process runs; another may run it by
  /// now.
  void forget(int trial) {
    try {
      var note = note(trial);
      if (Files.readString(note).startsWith(ProcessIdentity.current() + "\n")) {
        Files.deleteIfExists(note);
      }
    } catch (java.nio.file.NoSuchFileException e) {
      LOG.debug("The note of trial {} is gone already.", trial);
    } catch (IOException e) {
      LOG.debug("The note of trial {} stays; whoever reads it finds nobody.", trial, e);
    }
  }

  /// Ends, at once, everything that trials of this process run.
  void killOwn() {
    var own = ProcessIdentity.current().toString();
    try (var notes = Files.list(running())) {
      for (var note : notes.toList()) {
        if (Files.readString(note).startsWith(own + "\n")) {
          for (var mark : marks(Integer.parseInt(note.getFileName().toString()))) {
            ProcessTree.killMarked(VARIABLE, mark);
          }
        }
      }
    } catch (IOException e) {
      LOG.debug("There is nothing to end, or nobody knows of it.", e);
    }
  }

  /// Ends what is left of trials whose Assay process is gone.
  ///
  /// @return the trials of which something lived
  List<Integer> endSurvivors() {
    var ended = new ArrayList<Integer>();
    if (!Files.isDirectory(running())) {
      return ended;
    }
    try {
      exclusively(() -> {
        try (var notes = Files.list(running())) {
          for (var note : notes.toList()) {
            var name = note.getFileName().toString();
            if (name.matches("\\d{1,9}") && endSurvivors(note, Integer.parseInt(name))) {
              ended.add(Integer.parseInt(name));
            }
          }
        }
        return ended;
      });
    } catch (IOException e) {
      throw new Problem(
          "The directory of running trials cannot be read.",
          running() + ": " + e,
          "See that it belongs to you.",
          e);
    }
    return ended;
  }

  private boolean endSurvivors(Path note, int trial) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(note);
    } catch (java.nio.file.NoSuchFileException e) {
      return false; // its trial ended meanwhile
    }
    var owner =
        lines.isEmpty()
            ? java.util.Optional.<ProcessIdentity>empty()
            : ProcessIdentity.parse(lines.getFirst());
    if (owner.isPresent() && (!owner.get().isHere() || owner.get().isAlive())) {
      return false;
    }
    boolean found = false;
    for (var mark : marks(trial)) {
      found |= ProcessTree.killMarked(VARIABLE, mark) > 0;
    }
    if (lines.size() > 1) {
      var process = ProcessIdentity.parse(lines.get(1));
      if (process.isPresent() && process.get().isHere()) {
        var tree = new ProcessTree(process.get(), true, VARIABLE, of(trial).toString());
        found |= !tree.isEmpty();
        tree.kill();
      }
    }
    Files.deleteIfExists(note);
    return found;
  }

  private Path checkpoint(int trial) {
    return of(trial).resolve(CHECKPOINT);
  }

  /// Whether what a segment goes on from is gone, and its training has parameters of its own, so
  /// that it may begin anew.
  boolean beginsAnew(Segment segment) {
    var parent = segment.parent();
    return parent != null && segment.whole() != null && !hasCheckpoint(parent);
  }

  /// Gives a trial the checkpoint that it goes on from, as its parent left it, whatever an earlier
  /// run of the trial made of its copy; an empty directory where training begins.
  ///
  /// @return why it cannot go on; null where it can
  @Nullable String prepareCheckpoint(int trial, Segment segment) {
    var parent = segment.parent();
    if (parent != null && !hasCheckpoint(parent)) {
      return "the checkpoint of trial " + parent + " is gone: it cannot go on";
    }
    try {
      if (parent == null) {
        Trees.remove(checkpoint(trial));
        OwnerOnly.directories(checkpoint(trial));
      } else {
        Checkpoints.copy(checkpoint(parent), checkpoint(trial));
      }
      return null;
    } catch (CheckpointCopy.Refused e) {
      return "the checkpoint of trial " + parent + " cannot be copied: " + e.getMessage();
    } catch (IOException e) {
      throw new Problem(
          "A checkpoint cannot be copied.",
          checkpoint(trial) + ": " + e,
          "Make room there and see that its files are readable, then go on with the same command.",
          e);
    }
  }

  /// Whether a trial left anything to go on from.
  boolean hasCheckpoint(int trial) {
    try (var files = Files.list(checkpoint(trial))) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /// Why no trial can go on from what a trial left; null where one can.
  @Nullable String checkpointFault(int trial) {
    if (!hasCheckpoint(trial)) {
      return NO_CHECKPOINT;
    }
    try {
      CheckpointCopy.check(checkpoint(trial));
      return null;
    } catch (CheckpointCopy.Refused e) {
      return "no trial can go on from what it saved: " + e.getMessage();
    } catch (IOException e) {
      return "no trial can go on from what it saved: " + e;
    }
  }

  /// Removes the checkpoints that nobody goes on from, but for the best trials'.
  void sweepCheckpoints(Study<?> study) {
    Checkpoints.sweep(root, CHECKPOINT, study.trials(), study.best());
  }

  /// Removes the directories of some trials; of failed ones all but the log.
  ///
  /// @param removable whether a trial's files may go
  /// @param failed whether a trial failed
  void sweep(IntPredicate removable, IntPredicate failed) {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (var entries = Files.list(root)) {
      for (var entry : entries.toList()) {
        var name = entry.getFileName().toString();
        if (name.matches("\\d{1,9}") && removable.test(Integer.parseInt(name))) {
          remove(entry, failed.test(Integer.parseInt(name)));
        }
      }
    } catch (IOException | UncheckedIOException e) { // another process may remove them too
      LOG.warn("Old trial directories in {} cannot be removed: {}", root, e.toString());
    }
  }

  private static void remove(Path directory, boolean keepLog) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        boolean kept =
            keepLog && (file.equals(directory) || file.equals(directory.resolve(LOG_FILE)));
        if (!kept) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}

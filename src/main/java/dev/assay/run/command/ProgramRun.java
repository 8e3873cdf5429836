package dev.assay.run.command;

import dev.assay.files.OwnerOnly;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.process.OwnSession;
import dev.assay.process.ProcessIdentity;
import dev.assay.process.ProcessTree;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// One run of a trial's program, from start until nothing of it lives.
///
/// One thread does everything: it carries output, passes reports on, and ends the program when it
/// was pruned, takes too long, or the thread is interrupted.
final class ProgramRun {
  private static final Logger LOG = Log.of(ProgramRun.class);

  /// Marks what one run starts, and that alone: where two processes run a trial, because one was
  /// taken for gone and was not, each ends what it started itself.
  static final String VARIABLE = "ASSAY_RUN";

  private static final AtomicLong RUNS = new AtomicLong();

  /// Between two looks at the program's output, while there is some and after a quiet time.
  private static final long SHORTEST_PAUSE_MILLIS = 1;

  private static final long LONGEST_PAUSE_MILLIS = 50;

  private final TrialDirectories directories;
  private final int trial;
  private final CommandSettings settings;
  private final TrialValues values;
  private final TrialWatcher watcher;
  private final HiddenValues hidden;
  private volatile boolean atOnce;

  /// When the program is to have ended, by [System#nanoTime]; it counts while there is a limit.
  private long deadline;

  private boolean limited;
  private boolean timedOut;
  private boolean pruned;

  /// @param status how it ended; null where it could not be started
  /// @param saying looks for the line of what it printed that says why it failed
  /// @param lastLines of what it printed
  /// @param output the end of what it printed
  /// @param survived whether something of it cannot be ended
  record Ended(
      @Nullable ExitStatus status,
      boolean timedOut,
      boolean pruned,
      Supplier<String> saying,
      String lastLines,
      String output,
      boolean survived) {}

  ProgramRun(
      TrialDirectories directories,
      int trial,
      CommandSettings settings,
      TrialValues values,
      TrialWatcher watcher,
      HiddenValues hidden) {
    this.directories = directories;
    this.trial = trial;
    this.settings = settings;
    this.values = values;
    this.watcher = HidingWatcher.of(watcher, hidden);
    this.hidden = hidden;
  }

  /// Tells the watcher what was found when the program had ended.
  void found(FoundValues found) {
    watcher.ended(found);
  }

  /// Ends the program without its grace period; for other threads.
  void endAtOnce() {
    atOnce = true;
  }

  /// @param command with values in it
  /// @param environment to be added to this process's own
  /// @param started told the program's process
  /// @throws InterruptedException when the thread was interrupted; the program has ended then
  Ended run(
      List<String> command, Map<String, String> environment, Path startedIn, LongConsumer started)
      throws InterruptedException {
    var own = directories.of(trial);
    var reports = new ReportFile(own.resolve(TrialDirectories.REPORT_FILE), values);
    watcher.starting(CommandTemplate.shell(command), startedIn, own);
    var owner = ProcessIdentity.current();
    var mark = owner + "#" + RUNS.incrementAndGet();
    var variables = new LinkedHashMap<>(environment);
    variables.put(VARIABLE, mark);
    Process process;
    OutputStream log;
    try {
      var file =
          new FileOutputStream(
              OwnerOnly.file(own.resolve(TrialDirectories.LOG_FILE)).toFile(), true);
      log = HidingStream.of(file, hidden);
      directories.noteStarting(trial, owner);
      process = OwnSession.start(command, variables, startedIn);
    } catch (IOException e) {
      directories.forget(trial);
      requireNotInterrupted(e);
      var why = String.valueOf(e.getMessage());
      return new Ended(null, false, false, () -> why, why, "", false);
    }
    started.accept(process.pid());
    var identity = ProcessIdentity.of(process.pid());
    var tree = new ProcessTree(identity, OwnSession.available(), VARIABLE, mark);
    try (var output = new TrialOutput(process, values, log, reports, watcher)) {
      directories.noteStarted(trial, identity);
      return attend(process, tree, output);
    } catch (IOException e) {
      tree.kill();
      requireNotInterrupted(e);
      throw new Problem(
          "The trial's directory cannot be written.",
          own + ": " + e,
          "Make room there, then go on with the same command.",
          e);
    } catch (RuntimeException | Error e) {
      tree.kill();
      throw e;
    } finally {
      directories.forget(trial);
    }
  }

  /// Files that an interruption closes say so in their own way: nothing is wrong with the program.
  private static void requireNotInterrupted(IOException e) throws InterruptedException {
    if (e instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
      Thread.interrupted();
      throw new InterruptedException();
    }
  }

  private Ended attend(Process process, ProcessTree tree, TrialOutput output)
      throws InterruptedException {
    boolean gone;
    values.until(this::isOver);
    var timeout = settings.timeout();
    if (timeout != null) {
      deadline = System.nanoTime() + timeout.toNanos();
      limited = true;
    }
    try {
      follow(process, output);
    } catch (InterruptedException e) {
      end(process, tree, output);
      throw e;
    }
    gone = end(process, tree, output);
    output.finish();
    return new Ended(
        process.isAlive() ? null : ExitStatus.of(process.exitValue()),
        timedOut,
        pruned,
        output::saying,
        output.lastLines(20),
        output.end(),
        !gone);
  }

  /// Until the program has ended, or is to be ended.
  private void follow(Process process, TrialOutput output) throws InterruptedException {
    long pause = SHORTEST_PAUSE_MILLIS;
    while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
      pause = output.pump() ? SHORTEST_PAUSE_MILLIS : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      if (values.prune()) {
        pruned = true;
        return;
      }
      if (isLate()) {
        timedOut = true;
        return;
      }
      if (atOnce) {
        return;
      }
    }
    limited = false; // what it printed is read to the end, however long that takes
    output.pump();
  }

  private boolean isLate() {
    return limited && System.nanoTime() - deadline > 0;
  }

  /// Whether the trial ends now, whatever its program prints.
  private boolean isOver() {
    return atOnce || isLate() || values.prune() || Thread.currentThread().isInterrupted();
  }

  /// Ends whatever is left, the program's last words still being taken.
  private boolean end(Process process, ProcessTree tree, TrialOutput output) {
    boolean gone =
        atOnce
            ? tree.kill()
            : tree.end(
                settings.grace(),
                () -> {
                  output.pump();
                  return atOnce;
                });
    if (!gone) {
      LOG.warn("Something that trial {} started cannot be ended, not even by SIGKILL.", trial);
    }
    awaitStatus(process);
    return gone;
  }

  /// The process is dead; Java learns of it a moment later.
  private static void awaitStatus(Process process) {
    boolean interrupted = Thread.interrupted();
    try {
      boolean _ = process.waitFor(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

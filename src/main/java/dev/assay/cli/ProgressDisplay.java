package dev.assay.cli;

import dev.assay.report.Figures;
import dev.assay.study.StudyListener;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Shows how a search goes on: a bar in place on a terminal, otherwise a line now and then. Goes to
/// stderr.
final class ProgressDisplay implements StudyListener {
  /// Seconds between two plain lines.
  private static final double LINE_SECONDS = 5;

  /// A fixed width. Asked for the terminal's, the library opens it through JLine, which gives
  /// Ctrl-C back to the JVM's default: the process would end without stopping its trials.
  private static final int COLUMNS = 79;

  private final Console console;
  private final List<Objective> objectives;
  private @Nullable ProgressBar bar;
  private final @Nullable Integer total;
  private final long startNanos = System.nanoTime();
  private long lastLineNanos = startNanos;
  private int ended;
  private int before;

  /// Trials that ended and confirm finalists: the budget does not count them.
  private int confirmed;

  private int failed;
  private int pruned;

  private Supplier<String> status = () -> "";
  private @Nullable TrialRecord best;

  /// @param total the budget of trials; null: not known
  ProgressDisplay(Console console, List<Objective> objectives, @Nullable Integer total) {
    this.console = console;
    this.objectives = objectives;
    this.total = total;
  }

  /// Starts showing.
  ///
  /// @param trials those of earlier runs
  /// @param newStatus what devices do, in words
  void begin(List<TrialRecord> trials, Supplier<String> newStatus) {
    status = newStatus;
    for (var trial : trials) {
      if (trial.state().isFinished()) {
        count(trial);
      }
    }
    before = ended;
    if (before > 0) {
      console.note("Going on after " + before + " trials.");
    }
    if (Console.isTerminal()) {
      bar = bar();
    }
  }

  private ProgressBar bar() {
    var created =
        new ProgressBarBuilder()
            .setTaskName("trials")
            .setInitialMax(total == null ? -1 : total)
            .startsFrom(before, java.time.Duration.ZERO)
            .setStyle(
                System.getenv("NO_COLOR") == null
                    ? ProgressBarStyle.UNICODE_BLOCK
                    : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .setConsumer(new ConsoleProgressBarConsumer(console.err(), COLUMNS))
            .build();
    created.setExtraMessage(bestWords());
    return created;
  }

  private void count(TrialRecord trial) {
    if (Confirmation.is(trial)) {
      confirmed++;
    } else {
      ended++;
      note(trial);
    }
  }

  @Override
  public void ended(TrialRecord trial) {
    count(trial);
    if (bar != null) {
      var devices = status.get();
      bar.setExtraMessage(bestWords() + (devices.isEmpty() ? "" : ", " + devices));
      bar.stepTo(ended);
      return;
    }
    long now = System.nanoTime();
    if ((now - lastLineNanos) * 1e-9 >= LINE_SECONDS) {
      lastLineNanos = now;
      console.note(plainLine((now - startNanos) * 1e-9));
    }
  }

  private void note(TrialRecord trial) {
    failed += trial.state() == TrialState.FAILED ? 1 : 0;
    pruned += trial.state() == TrialState.PRUNED ? 1 : 0;
    if (trial.state() != TrialState.COMPLETE) {
      return;
    }
    var direction = objectives.getFirst().direction();
    if (best == null || direction.better(trial.value(), best.value())) {
      best = trial;
    }
  }

  private String plainLine(double seconds) {
    double rate = (ended - before) / seconds;
    var line = new StringBuilder();
    line.append(ended).append(total == null ? "" : "/" + total).append(" trials, ");
    line.append(best == null ? "none complete yet" + counts() : bestWords());
    line.append(
        rate >= 0.1
            ? String.format(Locale.ROOT, ", %.1f trials/s", rate)
            : String.format(Locale.ROOT, ", %.1f trials/min", 60 * rate));
    if (total != null && rate > 0 && total > ended) {
      line.append(", ").append(Figures.duration((total - ended) / rate)).append(" left");
    }
    if (!status.get().isEmpty()) {
      line.append(", ").append(status.get());
    }
    return line.toString();
  }

  private String bestWords() {
    return best == null
        ? counts().replaceFirst("^, ", "")
        : "best " + objectives.getFirst().metric() + " " + Figures.number(best.value()) + counts();
  }

  /// What did not complete, where there is any.
  private String counts() {
    return (failed == 0 ? "" : ", " + failed + " failed")
        + (pruned == 0 ? "" : ", " + pruned + " pruned")
        + (confirmed == 0 ? "" : ", " + confirmed + " confirmations");
  }

  /// Ends showing, so that what is printed next starts on a line of its own.
  void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}

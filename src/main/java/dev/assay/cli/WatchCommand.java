package dev.assay.cli;

import dev.assay.report.Figures;
import dev.assay.report.StudyView;
import dev.assay.report.TrialSelection;
import dev.assay.report.TrialsTable;
import dev.assay.run.control.Standing;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows a study in the terminal while others run it.
@Command(
    name = "watch",
    description = "Watch a study in the terminal: counts, the best, and what runs. Ctrl-C ends it.")
final class WatchCommand implements Callable<Integer> {
  /// Of the screen for lines about the study as a whole.
  private static final int HEAD = 8;

  private static final int FEWEST = 3;
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Option(names = "--interval", paramLabel = "SECONDS", description = "between two looks (1)")
  private double interval = 1;

  @Option(names = "--once", description = "look once")
  private boolean once;

  WatchCommand(Console console) {
    this.console = console;
  }

  /// In a terminal one screen, drawn in place; otherwise a line whenever something changed. Ends
  /// when nobody runs the study any more.
  @Override
  public Integer call() throws InterruptedException {
    var named = study.find();
    boolean screen = Console.isTerminal() && !once;
    var last = "";
    while (true) {
      var view = named.view();
      var state = Standing.state(named.standings());
      var head = head(view, state);
      if (screen) {
        draw(head, view);
      } else if (once) {
        lines(head, view).forEach(console::line);
      } else if (!head.getFirst().equals(last)) {
        console.line(head.getFirst());
      }
      last = head.getFirst();
      if (once || state == null) {
        return ExitCode.DONE;
      }
      Thread.sleep((long) (Math.clamp(interval, 0.1, 3600) * 1000));
    }
  }

  private void draw(List<String> head, StudyView view) {
    var text = new StringBuilder(HOME);
    lines(head, view).forEach(line -> text.append(line).append(CLEAR_LINE).append('\n'));
    console.text(text + CLEAR_BELOW);
  }

  private static List<String> head(StudyView view, @Nullable String state) {
    var counts = new ArrayList<String>();
    for (var one : TrialState.values()) {
      if (view.count(one) > 0) {
        counts.add(view.count(one) + " " + one.word());
      }
    }
    var head = new ArrayList<String>();
    head.add(
        view.name()
            + ": "
            + (state == null ? "not running" : state)
            + (counts.isEmpty() ? "" : ", " + String.join(", ", counts))
            + best(view));
    head.add("");
    return head;
  }

  private static String best(StudyView view) {
    var best = view.best();
    return best.isEmpty()
        ? ""
        : "; best "
            + view.objectives().getFirst().metric()
            + " "
            + Figures.number(best.getFirst().value())
            + " (trial "
            + best.getFirst().number()
            + ")";
  }

  /// What runs, and the best, as many as the screen has room for.
  private static List<String> lines(List<String> head, StudyView view) {
    int width = Terminal.columns();
    int room = Math.max(FEWEST, (Terminal.rows() - HEAD) / 2);
    var lines = new ArrayList<>(head);
    var running = new TrialSelection(null, "-started", List.of(TrialState.RUNNING)).of(view);
    if (!running.trials().isEmpty()) {
      lines.add("Running");
      lines.addAll(table(running, room, width));
      lines.add("");
    }
    lines.add("Best");
    var best = new TrialSelection(room, null, List.of(TrialState.COMPLETE)).of(view);
    lines.addAll(table(best, room, width));
    lines.addAll(lastFailure(view));
    return lines;
  }

  private static List<String> table(StudyView some, int most, int width) {
    return TrialsTable.of(some, width).lines().limit(most + 1L).toList();
  }

  private static List<String> lastFailure(StudyView view) {
    return view.trials().reversed().stream()
        .filter(trial -> trial.state() == TrialState.FAILED)
        .limit(1)
        .map(WatchCommand::words)
        .toList();
  }

  private static String words(TrialRecord trial) {
    var detail = trial.detail().strip().lines().findFirst().orElse("");
    var line = "Last failure: trial " + trial.number() + ", " + detail;
    return line.substring(0, Math.min(line.length(), Terminal.columns()));
  }
}

package dev.assay.cli;

import dev.assay.internal.words.Written;
import dev.assay.run.command.FoundValues;
import dev.assay.run.command.TrialWatcher;
import dev.assay.trial.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows how a program of the user's is wired: its command, its output as it comes, which values
/// were found in it, and how those that were not could be.
final class Rehearsal implements TrialWatcher {
  private final Console console;
  private final List<Objective> objectives;
  private boolean lineOpen;

  Rehearsal(Console console, List<Objective> objectives) {
    this.console = console;
    this.objectives = objectives;
  }

  @Override
  public void starting(String command, Path directory, Path own) {
    console.line("command     " + command);
    console.line("started in  " + directory);
    console.line("its files   " + own);
    console.line("--- output ---");
  }

  @Override
  public void printed(byte[] bytes, int count) {
    console.bytes(bytes, count);
    lineOpen = bytes[count - 1] != '\n';
  }

  @Override
  public void ended(FoundValues found) {
    if (lineOpen) {
      console.line("");
    }
    console.line("--- end of output ---");
    found
        .origins()
        .forEach((metric, origin) -> console.line("found       " + metric + ", in " + origin));
    for (var complaint : found.complaints()) {
      console.line("not read    " + complaint);
    }
    for (var metric : found.missing()) {
      console.line("not found   " + metric);
      mends(metric, found.printed().get(metric))
          .forEach(mend -> console.line("            " + mend));
    }
    if (found.missing().isEmpty() && !found.stepped()) {
      console.line("            No steps were reported, so no trial can be pruned.");
    }
  }

  /// What the user could do: say under which name the program prints the number, or print a report.
  private List<String> mends(String metric, @Nullable String printed) {
    var report = "Let the program print a line:  @assay {\"step\": 1, \"" + metric + "\": 0.5}";
    if (printed == null) {
      return List.of(report);
    }
    Map<String, Object> source = Map.of("number", printed);
    return List.of(
        report,
        "Or, as it prints "
            + printed
            + " and a number, add to the objective:  value: "
            + Written.of(objectives.size() == 1 ? source : Map.of(metric, source)));
  }
}

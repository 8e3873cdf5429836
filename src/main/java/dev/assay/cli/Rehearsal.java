package dev.assay.cli;

import dev.assay.internal.words.Nearest;
import dev.assay.internal.words.Written;
import dev.assay.run.command.FoundValues;
import dev.assay.run.command.TrialWatcher;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows how a program of the user's is wired: its command, its output as it comes, which values
/// were found in it, and how those that were not could be.
final class Rehearsal implements TrialWatcher {
  private final Console console;
  private final List<Objective> objectives;
  private final List<OutcomeConstraint> constraints;
  private boolean lineOpen;

  Rehearsal(Console console, List<Objective> objectives, List<OutcomeConstraint> constraints) {
    this.console = console;
    this.objectives = objectives;
    this.constraints = constraints;
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
    if (found.exitCode() == 0) { // else that it failed is what there is to mend
      missing(found);
    }
    if (found.missing().isEmpty() && !found.stepped()) {
      console.line("            No steps were reported, so no trial can be pruned.");
    }
  }

  private void missing(FoundValues found) {
    for (var metric : found.missing()) {
      notFound(metric, mends(metric, found.printed().get(metric), found.endsWithNumber()));
    }
    var names = objectives.stream().map(Objective::metric).toList();
    for (var constraint : constraints) {
      var metric = constraint.metric();
      if (!names.contains(metric) && !found.others().containsKey(metric)) {
        notFound(metric + ", which subject_to bounds", bounds(metric, found));
      }
    }
  }

  private void notFound(String what, List<String> mends) {
    console.line("not found   " + what);
    mends.forEach(mend -> console.line("            " + mend));
  }

  private List<String> bounds(String metric, FoundValues found) {
    var report = "Let the program print a line:  @assay {\"" + metric + "\": 0.5}";
    var printed = found.printedName(metric);
    if (printed == null && found.others().isEmpty()) {
      return List.of(report);
    }
    if (printed == null) {
      return List.of(
          report, "Or correct its name. " + Nearest.suggest(metric, found.others().keySet()));
    }
    var first = objectives.getFirst().metric();
    return List.of(
        report,
        "Or say in the objective where each stands:  value: {"
            + first
            + ": {number: "
            + first
            + "}, "
            + metric
            + ": {number: "
            + printed
            + "}}");
  }

  /// What the user could do: say under which name the program prints the number, or print a report.
  private List<String> mends(String metric, @Nullable String printed, boolean bare) {
    var report = "Let the program print a line:  @assay {\"step\": 1, \"" + metric + "\": 0.5}";
    if (printed == null && !(bare && objectives.size() == 1)) {
      return List.of(report);
    }
    if (printed == null) {
      return List.of(
          report,
          "Or, as the number stands alone in its last line, add to the objective:"
              + "  value: {regex: '^(\\S+)$'}");
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

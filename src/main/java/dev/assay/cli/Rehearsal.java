package dev.assay.cli;

import dev.assay.run.command.FoundValues;
import dev.assay.run.command.TrialWatcher;
import dev.assay.study.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Shows how a program of the user's is wired: its command, its output as it comes, which values
/// were found in it, and how those that were not could be.
final class Rehearsal implements TrialWatcher {
  private static final String NUMBER = "[-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?";

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
      mends(metric, found.output()).forEach(mend -> console.line("            " + mend));
    }
    if (found.missing().isEmpty() && !found.stepped()) {
      console.line("            No steps were reported, so no trial can be pruned.");
    }
  }

  /// What the user could do: the regex of a line that looks like the metric, or a report line.
  private List<String> mends(String metric, String output) {
    var report = "Let the program print a line:  @assay {\"step\": 1, \"" + metric + "\": 0.5}";
    var line =
        Pattern.compile("(?i)" + Pattern.quote(metric) + "(\"?\\s*[=:]?\\s*)" + NUMBER)
            .matcher(output);
    String text = null;
    while (line.find()) {
      text = line.group().substring(0, metric.length()) + line.group(1);
    }
    if (text == null) {
      return List.of(report);
    }
    var quoted = text.replaceAll("[\\\\.*+?()\\[\\]{}|^$]", "\\\\$0").replaceAll("\\s+", " *");
    var single = "{regex: '" + quoted.replace("'", "''") + "(" + NUMBER + ")'}";
    return List.of(
        report,
        String.format(
            Locale.ROOT,
            "Or, as it prints \"%s...\", add to the objective:  value: %s",
            text.strip(),
            objectives.size() == 1 ? single : "{" + metric + ": " + single + "}"));
  }
}

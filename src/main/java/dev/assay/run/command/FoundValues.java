package dev.assay.run.command;

import dev.assay.internal.words.NumberText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was found of a program's values.
///
/// @param origins where each metric was found last
/// @param missing objectives without a value
/// @param printed the names under which the output has numbers for missing objectives
/// @param others metrics that are no objectives, the last values
/// @param complaints what could not be understood
/// @param stepped whether there were intermediate reports, which pruners need
/// @param output the end of what it printed
/// @param exitCode the program's; -1 where it has none
public record FoundValues(
    Map<String, String> origins,
    List<String> missing,
    Map<String, String> printed,
    Map<String, Double> others,
    List<String> complaints,
    boolean stepped,
    String output,
    int exitCode) {
  /// The name under which the output has a number for a metric; null where there is none.
  public @Nullable String printedName(String metric) {
    return NamedNumberReader.printed(metric, output);
  }

  /// Whether the output ends with a number that is a line of its own.
  public boolean endsWithNumber() {
    var lines = TerminalText.of(output).strip().lines().toList();
    return !lines.isEmpty() && NumberText.find(lines.getLast().strip()).isPresent();
  }
}

package dev.assay.internal.trial;

import java.util.List;
import java.util.regex.Pattern;

/// Failures that differ only in places are one: file and line, address, path, name of a temporary
/// file, process, time of day, what was said instead of a value.
public final class FailureWords {
  private static final String PLACE = "@";

  /// In the order in which they are replaced: those that contain others first.
  private static final List<Pattern> PLACES =
      List.of(
          Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]"),
          // Most often a number, another one each time.
          MissingValues.SAID,
          Pattern.compile("(?i)\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b"),
          Pattern.compile(
              "\\b[0-9]{4}-[0-9]{2}-[0-9]{2}\\b|\\b[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?"),
          // Paths, with the line and column behind them.
          Pattern.compile(
              "(?:[A-Za-z]:)?[\\w.~+@-]*[/\\\\][^\\s:;,'\"`()<>|]+"
                  + "(?:\\([0-9]+(?:,[0-9]+)?\\)|(?::[0-9]+){1,2})?"),
          Pattern.compile("[\\w+-]+\\.[A-Za-z]\\w*(?:\\([0-9]+(?:,[0-9]+)?\\)|(?::[0-9]+){1,2})"),
          Pattern.compile("<[\\w ]+>:[0-9]+(?::[0-9]+)?"),
          Pattern.compile(
              "(?i)\\b(?:lines?|columns?|col|offset|position|char|byte|pid|process|thread)["
                  + " :=#]+[0-9]+"),
          Pattern.compile(
              "(?i)\\b0x[0-9a-f]+\\b|\\b(?=[0-9a-f]*[0-9])[0-9a-f]{8,}\\b|@[0-9a-f]{4,}\\b"),
          Pattern.compile("(?i)\\bte?mp[\\w.-]*[0-9_][\\w.-]*"),
          Pattern.compile("\\[[0-9]+\\]|\\bat [0-9]+:[0-9]+\\b"));

  private FailureWords() {}

  /// What failures that differ only in places have in common.
  ///
  /// @param words a failure's first line
  public static String alike(String words) {
    var alike = words;
    for (var place : PLACES) {
      alike = place.matcher(alike).replaceAll(PLACE);
    }
    return alike;
  }
}

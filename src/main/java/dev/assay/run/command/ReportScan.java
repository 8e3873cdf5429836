package dev.assay.run.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reports in a line of text, wherever in it they stand: progress bars and loggers print before and
/// behind them.
///
/// @param text from the mark or the object on
/// @param report null where it cannot be read
/// @param problem why it cannot be read; empty where it can
record ReportScan(String text, @Nullable ReportLine report, String problem) {
  private static final Pattern BEGINNING = Pattern.compile(ReportLine.MARK + ":?\\s*+(?=\\{)");

  /// As a logger that writes JSON has it in a text of its own.
  private static final Pattern ESCAPED =
      Pattern.compile(ReportLine.MARK + ":?\\s*+\\{\\s*+\\\\+\"");

  /// Reports with their marks.
  static List<ReportScan> printed(String line) {
    var all = new ArrayList<ReportScan>();
    if (!line.contains(ReportLine.MARK)) {
      return all;
    }
    var text = ESCAPED.matcher(line).find() ? line.replaceAll("\\\\+\"", "\"") : line;
    var mark = BEGINNING.matcher(text);
    int from = 0;
    while (mark.find(from)) {
      from = add(all, text, mark.start(), mark.end());
    }
    if (all.isEmpty() && text.startsWith(ReportLine.MARK)) {
      all.add(new ReportScan(text, null, "it is no JSON object"));
    }
    return all;
  }

  /// Objects of which a line consists, with marks or without.
  static List<ReportScan> written(String line) {
    var marked = printed(line);
    if (!marked.isEmpty() || line.isEmpty()) {
      return marked;
    }
    var all = new ArrayList<ReportScan>();
    for (int from = 0; line.startsWith("{", from); ) {
      from = add(all, line, from, from);
    }
    if (all.isEmpty()) {
      all.add(new ReportScan(line, null, "it is no JSON object"));
    }
    return all;
  }

  /// @param start of what is shown
  /// @param brace where the object begins
  /// @return where it ends; where it begins, one further, if it cannot be read
  private static int add(List<ReportScan> all, String text, int start, int brace) {
    try {
      var part = ProgramJson.object(text, brace);
      all.add(new ReportScan(text.substring(start), ReportLine.of(part.value()), ""));
      return part.end();
    } catch (IllegalArgumentException e) {
      all.add(new ReportScan(text.substring(start), null, String.valueOf(e.getMessage())));
      return brace + 1;
    }
  }
}

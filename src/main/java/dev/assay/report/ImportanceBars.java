package dev.assay.report;

import dev.assay.importance.Importances;
import java.util.ArrayList;
import java.util.List;

/// Importances as bars for terminals.
public final class ImportanceBars {
  private static final int LONGEST_NAME = 30;
  private static final int MOST_PAIRS = 5;

  private ImportanceBars() {}

  /// The lines, without colours.
  ///
  /// @param width the terminal's columns
  public static List<String> lines(Importances importances, int width) {
    var lines = new ArrayList<String>();
    lines.add(
        "Importance for "
            + importances.metric()
            + " ("
            + importances.method()
            + ", "
            + importances.trials()
            + " completed trials)");
    if (importances.note() != null) {
      lines.add("  Nothing can be said: " + importances.note() + ".");
      return lines;
    }
    var ranked = importances.ranked();
    var names = new ArrayList<String>();
    var values = new ArrayList<Double>();
    ranked.forEach(parameter -> {
      names.add(parameter.name());
      values.add(parameter.importance());
    });
    bars(names, values, width, lines);
    var caution = importances.caution();
    if (caution != null) {
      lines.add("  Little is to be made of this: " + caution + ".");
    }
    if (!importances.pairs().isEmpty()) {
      lines.add("Together, beyond what each does alone");
      names.clear();
      values.clear();
      importances.pairs().stream()
          .limit(MOST_PAIRS)
          .forEach(pair -> {
            names.add(pair.first() + " × " + pair.second());
            values.add(pair.importance());
          });
      bars(names, values, width, lines);
    }
    return lines;
  }

  private static void bars(List<String> names, List<Double> values, int width, List<String> lines) {
    var shown = names.stream().map(ImportanceBars::cut).toList();
    int longest = shown.stream().mapToInt(ImportanceBars::length).max().orElse(0);
    int room = Math.max(10, width - longest - 2 - 2 - 2 - 6);
    double largest = Math.max(1, values.stream().mapToDouble(Double::doubleValue).max().orElse(1));
    for (int i = 0; i < shown.size(); i++) {
      int filled = (int) Math.round(room * values.get(i) / largest);
      var percent = percent(values.get(i));
      lines.add(
          "  "
              + shown.get(i)
              + " ".repeat(longest - length(shown.get(i)) + 2)
              + "█".repeat(filled)
              + "·".repeat(room - filled)
              + "  "
              + " ".repeat(Math.max(0, 6 - percent.length()))
              + percent);
    }
  }

  private static String percent(double share) {
    return share > 0 && share < 0.001 ? "<0.1 %" : Figures.percent(share);
  }

  private static String cut(String name) {
    var line = name.replaceAll("\\p{Cntrl}+", " ");
    return length(line) <= LONGEST_NAME
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}

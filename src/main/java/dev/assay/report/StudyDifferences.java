package dev.assay.report;

import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How two studies differ: what defines them, and what they found.
public final class StudyDifferences {
  private StudyDifferences() {}

  /// What is not the same in both: a key such as `space.parameters.lr.high`, and each one's value
  /// as a text, `absent` where it has none.
  ///
  /// @return rows of three
  public static List<List<String>> of(StudyView first, StudyView second) {
    return first.definition().compare(second.definition()).stream()
        .map(difference -> List.of(difference.key(), difference.first(), difference.second()))
        .toList();
  }

  /// With names above and results below.
  public static List<List<String>> table(
      List<List<String>> differences, StudyView first, StudyView second) {
    var table = new ArrayList<List<String>>();
    table.add(List.of("", first.name(), second.name()));
    table.addAll(differences);
    for (var state : List.of(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED)) {
      table.add(
          List.of(
              "trials " + state.word(),
              Integer.toString(first.count(state)),
              Integer.toString(second.count(state))));
    }
    table.add(List.of("best", best(first), best(second)));
    table.add(
        List.of(
            "wall time",
            Figures.duration(first.overhead().wall()),
            Figures.duration(second.overhead().wall())));
    return table;
  }

  /// The table, or where the terminal is too narrow for it, each key above its two values: what
  /// differs may stand at their ends.
  ///
  /// @param width the terminal's columns
  public static String text(
      List<List<String>> differences, StudyView first, StudyView second, int width) {
    return text(table(differences, first, second), width);
  }

  static String text(List<List<String>> table, int width) {
    var widths = new int[3];
    table.forEach(row -> Columns.widen(widths, row));
    if (Columns.width(widths) <= width) {
      return Columns.text(table, "<<<", width);
    }
    var names = table.getFirst();
    var text = new StringBuilder();
    for (var row : table.subList(1, table.size())) {
      text.append(Columns.oneLine(row.getFirst())).append('\n');
      var values =
          List.of(
              List.of("  " + names.get(1), row.get(1)), List.of("  " + names.get(2), row.get(2)));
      text.append(Columns.text(values, "<<", Integer.MAX_VALUE));
    }
    return text.toString();
  }

  /// As JSON values.
  public static List<Map<String, String>> document(List<List<String>> differences) {
    return differences.stream()
        .map(row -> {
          Map<String, String> entry = new LinkedHashMap<>();
          entry.put("key", row.get(0));
          entry.put("first", row.get(1));
          entry.put("second", row.get(2));
          return entry;
        })
        .toList();
  }

  private static String best(StudyView view) {
    var best = view.best();
    var metric = view.objectives().getFirst().metric();
    return switch (best.size()) {
      case 0 -> "none";
      case 1 -> metric + " " + Figures.number(best.getFirst().value());
      default -> best.size() + " in the Pareto set";
    };
  }
}

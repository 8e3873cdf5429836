package dev.assay.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// The table of what was counted on the stand-in driver: a row a kernel, a column a parameter, the
/// count last.
final class CountsTable {
  private static final String COUNTED = "standin.";

  /// Long lists, which are for the file alone.
  private static final String LISTED = "not reached";

  private static final int MOST = 40;

  private CountsTable() {}

  static boolean isOf(ResultsFile results) {
    return !results.measurements().isEmpty()
        && results.measurements().stream().allMatch(m -> m.benchmark().startsWith(COUNTED));
  }

  static String of(ResultsFile results) {
    var keys = new LinkedHashSet<String>();
    results.measurements().forEach(m -> keys.addAll(m.parameters().keySet()));
    boolean listed = keys.remove(LISTED);
    var heads = new ArrayList<>(keys);
    heads.add(results.measurements().getFirst().unit());
    var rows = new ArrayList<List<String>>();
    for (var m : results.measurements().stream().limit(MOST).toList()) {
      var row = new ArrayList<String>();
      keys.forEach(key -> row.add(m.parameters().getOrDefault(key, "")));
      row.add(
          m.score() == Math.rint(m.score()) && m.score() < 1e6
              ? Long.toString(Math.round(m.score()))
              : ResultsTable.number(m.score()));
      rows.add(row);
    }
    int rest = results.measurements().size() - rows.size();
    return ResultsTable.table(heads, rows)
        + (rest > 0 ? "\nand " + rest + " more in the file.\n" : "")
        + (listed ? "\nThe file has what is not reached.\n" : "");
  }
}

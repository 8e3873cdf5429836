package dev.assay.internal.storage.sql;

import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Sketches of studies in a SQLite file: its engine counts and compares where the rows lie, which
/// takes a tenth of the time of handing all of them over, and no memory.
///
/// Values stand in the table as JSON, `[0.5]`; what SQLite makes a number of it may be off in the
/// last digit. So those that are about as good as the best are read exactly.
final class Sketches {
  /// The value of a complete trial; null where it is none that compares.
  private static final String VALUE =
      """
      CASE WHEN state = 'complete' AND substr("values", 2, 1) IN
        ('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9')
      THEN CAST(substr("values", 2) AS REAL) END\
      """;

  private static final String TOLD =
      "notes IS NOT NULL OR cause IS NOT NULL OR state IN ('waiting', 'running') OR ";

  /// Beyond, all are read.
  private static final int MOST = 20_000;

  private static final double NEAR = 1e-9;

  private Sketches() {}

  /// What one look at all rows tells.
  ///
  /// @param best the value, about; null where there is none
  /// @param compared how many values there are
  /// @param told how many trials have notes or have failed
  private record Totals(
      Map<TrialState, Integer> counts,
      double lastMillis,
      @Nullable Double best,
      int compared,
      int told) {}

  static Optional<StoredStudy.Sketch> of(
      SqlDatabase database, long study, SearchSpace space, Direction direction, int fewest) {
    long first = study << 32;
    return database.read(connection -> {
      var totals = totals(connection, first, direction);
      int complete = totals.counts().getOrDefault(TrialState.COMPLETE, 0);
      if (complete < fewest || complete > totals.compared() || totals.told() > MOST) {
        return Optional.empty();
      }
      double best = totals.best() == null ? 0 : totals.best();
      var numbers = numbers(connection, first, direction, best, true);
      if (numbers.size() > MOST) {
        return Optional.empty();
      }
      var trials = TrialRows.some(connection, database, study, space, numbers);
      return Optional.of(new StoredStudy.Sketch(trials, totals.counts(), totals.lastMillis()));
    });
  }

  /// Whether several runs of one configuration may be complete, by the texts that configurations
  /// are written as.
  static boolean mayRepeat(SqlDatabase database, long study) {
    var query =
        "SELECT count(*) > count(DISTINCT params) OR total(instr(attributes, '\"%s\"')) > 0"
                .formatted(TrialRecord.RUNS)
            + " FROM trial WHERE id BETWEEN ? AND ? AND state = '%s'"
                .formatted(TrialState.COMPLETE.word());
    long first = study << 32;
    return database.read(connection -> {
      try (var statement = over(connection, query, first)) {
        try (var row = statement.executeQuery()) {
          return row.next() && row.getBoolean(1);
        }
      }
    });
  }

  /// The best complete trials by the first objective, and those about as good as the last of them.
  ///
  /// @return empty where only a look at all trials tells
  static Optional<List<TrialRecord>> top(
      SqlDatabase database, long study, SearchSpace space, Direction direction, int most) {
    long first = study << 32;
    return database.read(connection -> {
      var totals = totals(connection, first, direction);
      int complete = totals.counts().getOrDefault(TrialState.COMPLETE, 0);
      if (complete > totals.compared() || totals.compared() < most || most > MOST) {
        return Optional.empty();
      }
      double last = value(connection, first, direction, most);
      var numbers = numbers(connection, first, direction, last, false);
      return numbers.size() > MOST
          ? Optional.empty()
          : Optional.of(TrialRows.some(connection, database, study, space, numbers));
    });
  }

  /// A query whose first two places are the lowest and the highest key of a study's trials.
  private static PreparedStatement over(Connection connection, String query, long first)
      throws SQLException {
    var statement = connection.prepareStatement(query);
    statement.setLong(1, first);
    statement.setLong(2, first + 0xffff_ffffL);
    return statement;
  }

  /// About the value of the complete trial of a place, from 1 on.
  private static double value(Connection connection, long first, Direction direction, int place)
      throws SQLException {
    var query =
        "SELECT v FROM (SELECT %s AS v FROM trial WHERE id BETWEEN ? AND ?) WHERE v IS NOT NULL"
                .formatted(VALUE)
            + (direction == Direction.MINIMIZE ? " ORDER BY v" : " ORDER BY v DESC")
            + " LIMIT 1 OFFSET ?";
    try (var statement = over(connection, query, first)) {
      statement.setInt(3, place - 1);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getDouble(1);
      }
    }
  }

  private static Totals totals(Connection connection, long first, Direction direction)
      throws SQLException {
    var states = List.of(TrialState.values());
    var sums =
        states.stream()
            .map(state -> "total(state = '%s')".formatted(state.word()))
            .collect(Collectors.joining(", "));
    var query =
        "SELECT count(v), %s(v), max(t), total(told), %s FROM (SELECT state, %s AS v, "
                .formatted(direction == Direction.MINIMIZE ? "min" : "max", sums, VALUE)
            + "started_millis + 1000 * coalesce(seconds, 0) AS t, "
            + "notes IS NOT NULL OR cause IS NOT NULL AS told FROM trial WHERE id BETWEEN ? AND ?)";
    try (var statement = over(connection, query, first)) {
      try (var row = statement.executeQuery()) {
        row.next();
        var counts = new EnumMap<TrialState, Integer>(TrialState.class);
        for (int i = 0; i < states.size(); i++) {
          counts.put(states.get(i), (int) row.getDouble(5 + i));
        }
        double best = row.getDouble(2);
        return new Totals(
            counts,
            row.getDouble(3),
            row.getInt(1) == 0 ? null : (Double) best,
            row.getInt(1),
            (int) row.getDouble(4));
      }
    }
  }

  /// The trials at least about as good as a value.
  ///
  /// @param told whether also those that have notes, failed, or have not ended
  private static List<Integer> numbers(
      Connection connection, long first, Direction direction, double about, boolean told)
      throws SQLException {
    double near = NEAR * Math.abs(about);
    var query =
        String.format(
            Locale.ROOT,
            "SELECT id FROM trial WHERE id BETWEEN ? AND ? AND (%s%s %s ?) ORDER BY id LIMIT %d",
            told ? TOLD : "",
            VALUE,
            direction == Direction.MINIMIZE ? "<=" : ">=",
            MOST + 1);
    try (var statement = over(connection, query, first)) {
      statement.setDouble(3, direction == Direction.MINIMIZE ? about + near : about - near);
      var numbers = new ArrayList<Integer>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          numbers.add((int) rows.getLong(1));
        }
      }
      return numbers;
    }
  }
}

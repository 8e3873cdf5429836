package dev.assay.storage;

import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.study.Cause;
import dev.assay.study.Report;
import dev.assay.study.TrialRecord;
import dev.assay.study.TrialState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;

/// Reads trials of a study. A whole study is read in ranges of numbers, by as many threads as there
/// are processors, each on a connection of its own.
final class TrialRows {
  /// Trials that are read together, in one transaction: a trial and its reports are of one moment.
  private static final int RANGE = 1 << 14;

  private static final String TRIALS =
      """
      SELECT id, state, params, notes, "values", cause, detail, attributes, started_millis, seconds,
        restarts, ended
      FROM trial WHERE id BETWEEN ? AND ? ORDER BY id\
      """;

  private static final String REPORTS =
      "SELECT trial, step, \"values\" FROM report WHERE trial BETWEEN ? AND ? ORDER BY trial, step";

  private static final String LAST = "SELECT max(id) FROM trial WHERE id BETWEEN ? AND ?";

  private static final Map<String, TrialState> STATES =
      Arrays.stream(TrialState.values())
          .collect(Collectors.toMap(TrialState::word, Function.identity()));

  /// @param ended the place among the finished; [Long#MAX_VALUE] for the others
  private record Placed(long ended, TrialRecord trial) {}

  private final SqliteFile file;
  private final long study;
  private final SearchSpace space;

  private TrialRows(SqliteFile file, long study, SearchSpace space) {
    this.file = file;
    this.study = study;
    this.space = space;
  }

  /// Every trial: finished ones first, as they ended, then the others by number.
  static List<TrialRecord> load(SqliteFile file, long study, SearchSpace space) {
    var rows = new TrialRows(file, study, space);
    int count = rows.count();
    var placed = new ArrayList<Placed>(count);
    IntStream.rangeClosed(0, (count - 1) / RANGE)
        .parallel()
        .mapToObj(i -> rows.range(i * RANGE, Math.min(count, (i + 1) * RANGE) - 1))
        .forEachOrdered(placed::addAll);
    // Stable: equal places keep the order of numbers.
    placed.sort(Comparator.comparingLong(Placed::ended));
    return placed.stream().map(Placed::trial).toList();
  }

  /// Some trials: those of given numbers, and all from a number on; by number.
  static List<TrialRecord> some(
      SqliteFile file, long study, SearchSpace space, Collection<Integer> numbers, int from) {
    var rows = new TrialRows(file, study, space);
    return file.call(() -> {
      try (var connection = file.connectForReading()) {
        var placed = new ArrayList<Placed>();
        connection.setAutoCommit(false);
        for (int number : numbers) {
          rows.fetch(connection, number, number, placed);
        }
        rows.fetch(connection, from, Integer.MAX_VALUE, placed);
        connection.rollback();
        return placed.stream().map(Placed::trial).toList();
      }
    });
  }

  private long key(int number) {
    return study << 32 | number;
  }

  /// One more than the highest number.
  private int count() {
    return file.call(() -> {
      try (var connection = file.connectForReading();
          var query = connection.prepareStatement(LAST)) {
        query.setLong(1, key(0));
        query.setLong(2, key(Integer.MAX_VALUE));
        try (var rows = query.executeQuery()) {
          long last = rows.getLong(1);
          return rows.wasNull() ? 0 : (int) last + 1;
        }
      }
    });
  }

  private List<Placed> range(int first, int last) {
    return file.call(() -> {
      try (var connection = file.connectForReading()) {
        var placed = new ArrayList<Placed>(last - first + 1);
        connection.setAutoCommit(false);
        fetch(connection, first, last, placed);
        connection.rollback();
        return placed;
      }
    });
  }

  private void fetch(Connection connection, int first, int last, List<Placed> placed)
      throws SQLException {
    try (var trialQuery = connection.prepareStatement(TRIALS);
        var reportQuery = connection.prepareStatement(REPORTS)) {
      for (var query : List.of(trialQuery, reportQuery)) {
        query.setLong(1, key(first));
        query.setLong(2, key(last));
      }
      try (var trials = trialQuery.executeQuery();
          var reports = reportQuery.executeQuery()) {
        boolean more = reports.next();
        while (trials.next()) {
          long id = trials.getLong(1);
          var own = new ArrayList<Report>(0);
          for (; more && reports.getLong(1) <= id; more = reports.next()) {
            own.add(new Report(reports.getLong(2), StoredJson.readNumbers(reports.getBytes(3))));
          }
          placed.add(place(trials, own));
        }
      }
    }
  }

  private Placed place(ResultSet row, List<Report> reports) throws SQLException {
    long ended = row.getLong(12);
    try {
      return new Placed(ended == 0 ? Long.MAX_VALUE : ended, trial(row, reports));
    } catch (Problem e) {
      throw e.at(file.path() + ", trial " + (int) row.getLong(1));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new Problem(
          "A stored trial cannot be read.",
          file.path() + ", trial " + (int) row.getLong(1) + ": " + e.getMessage(),
          "Somebody changed it: restore a copy of the file, or mend the row.",
          e);
    }
  }

  private TrialRecord trial(ResultSet row, List<Report> reports) throws SQLException {
    var word = row.getString(2);
    var state = STATES.get(word);
    if (state == null) {
      throw new IllegalArgumentException("there is no state " + word);
    }
    var cause = row.getString(6);
    var detail = row.getString(7);
    return new TrialRecord(
        (int) row.getLong(1),
        state,
        space.read(StoredJson.readMap(row.getBytes(3))),
        StoredJson.readMap(row.getBytes(4)),
        List.copyOf(reports),
        StoredJson.readNumbers(row.getBytes(5)),
        cause == null ? null : Cause.valueOf(cause.toUpperCase(Locale.ROOT)),
        detail == null ? "" : detail,
        StoredJson.readMap(row.getBytes(8)),
        row.getLong(9),
        row.getDouble(10),
        row.getInt(11));
  }
}

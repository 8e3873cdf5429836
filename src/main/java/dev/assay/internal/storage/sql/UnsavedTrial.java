package dev.assay.internal.storage.sql;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The end of a trial that could not be written into the storage yet: its row, as texts of the
/// columns, and its reports.
///
/// @param id the trial's key
/// @param worker in whose hands it was
/// @param began when it started, in milliseconds: with the worker this tells the run apart from any
///   other
/// @param columns by name; null where there is nothing
record UnsavedTrial(
    long id,
    long worker,
    long began,
    Map<String, @Nullable Object> columns,
    List<List<Object>> reports) {
  private static final List<String> COLUMNS =
      List.of("state", "params", "values", "cause", "detail", "attributes", "seconds", "ended");

  /// @param ending its place in the order of ending; null where the database counts
  static UnsavedTrial of(
      long id, TrialRecord trial, @Nullable Long ending, long worker, SqlDialect dialect) {
    var columns = new LinkedHashMap<String, @Nullable Object>();
    var texts = WriterStatements.Texts.ofEnd(trial, dialect);
    var cause = trial.cause();
    columns.put("state", trial.state().word());
    columns.put("params", StoredJson.write(trial.configuration().values()));
    columns.put("values", texts.first());
    columns.put("cause", cause == null ? null : cause.word());
    columns.put("detail", texts.second());
    columns.put("attributes", texts.attributes());
    columns.put("seconds", trial.seconds());
    columns.put("ended", ending);
    var reports = new ArrayList<List<Object>>();
    for (Report report : trial.reports()) {
      reports.add(List.of(report.step(), StoredJson.writeNumbers(report.values())));
    }
    return new UnsavedTrial(id, worker, trial.startedMillis(), columns, reports);
  }

  /// One line of JSON.
  String line() {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("trial", id);
    all.put("worker", worker);
    all.put("began", began);
    all.put("columns", columns);
    all.put("reports", reports);
    return StoredJson.write(all) + "\n";
  }

  /// The inverse of [#line]; empty for a line that its writer did not live to finish.
  @SuppressWarnings("unchecked")
  static Optional<UnsavedTrial> parse(String line) {
    try {
      var all = StoredJson.readMap(line.getBytes(StandardCharsets.UTF_8));
      if (all.get("trial") instanceof Long id
          && all.get("worker") instanceof Long worker
          && all.get("began") instanceof Long began
          && all.get("columns") instanceof Map<?, ?> columns
          && all.get("reports") instanceof List<?> reports) {
        return Optional.of(
            new UnsavedTrial(
                id,
                worker,
                began,
                (Map<String, @Nullable Object>) columns,
                (List<List<Object>>) reports));
      }
      return Optional.empty();
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Writes the end, unless the trial ended otherwise or is in other hands.
  ///
  /// @return whether it is written now, or was when nobody could tell
  boolean save(Connection connection, SqlDialect dialect) throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            UPDATE trial SET state = ?, params = %1$s, "values" = %1$s, cause = ?, detail = %1$s,
              attributes = %1$s, seconds = ?, ended = %2$s
            WHERE id = ? AND worker = ? AND started_millis = ? AND ended IS NULL
              AND state = 'running'\
            """
                .formatted(dialect.json(), dialect.ending()))) {
      for (int i = 0; i < COLUMNS.size(); i++) {
        update.setObject(i + 1, columns.get(COLUMNS.get(i)));
      }
      if (setRun(update, COLUMNS.size() + 1).executeUpdate() == 0) {
        return isSaved(connection);
      }
    }
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO report(trial, step, "values") VALUES(?, ?, %s)
            ON CONFLICT(trial, step) DO UPDATE SET "values" = excluded."values"\
            """
                .formatted(dialect.json()))) {
      for (var report : reports) {
        insert.setLong(1, id);
        insert.setObject(2, report.get(0));
        insert.setObject(3, report.get(1));
        insert.executeUpdate();
      }
    }
    return true;
  }

  /// Whether the very end is stored: the connection may have broken after it was written and before
  /// that was known.
  private boolean isSaved(Connection connection) throws SQLException {
    try (var query =
        connection.prepareStatement(
            """
            SELECT 1 FROM trial
            WHERE id = ? AND worker = ? AND started_millis = ? AND ended IS NOT NULL AND state = ?\
            """)) {
      setRun(query, 1).setObject(4, columns.get("state"));
      try (var rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  private PreparedStatement setRun(PreparedStatement statement, int first) throws SQLException {
    statement.setLong(first, id);
    statement.setLong(first + 1, worker);
    statement.setLong(first + 2, began);
    return statement;
  }
}

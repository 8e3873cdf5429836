package dev.assay.storage;

import dev.assay.study.Report;
import dev.assay.study.TrialRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The end of a trial that could not be written into the file yet: its row, as texts of the
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

  /// @param ending its place in the order of ending
  static UnsavedTrial of(long id, TrialRecord trial, long ending, long worker) {
    var columns = new LinkedHashMap<String, @Nullable Object>();
    var texts = WriterStatements.Texts.ofEnd(trial);
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
  /// @return whether it was written
  boolean save(Connection connection) throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            UPDATE trial SET state = ?, params = ?, "values" = ?, cause = ?, detail = ?,
              attributes = ?, seconds = ?, ended = ?
            WHERE id = ? AND worker = ? AND started_millis = ? AND ended IS NULL
              AND state = 'running'\
            """)) {
      for (int i = 0; i < COLUMNS.size(); i++) {
        update.setObject(i + 1, columns.get(COLUMNS.get(i)));
      }
      update.setLong(COLUMNS.size() + 1, id);
      update.setLong(COLUMNS.size() + 2, worker);
      update.setLong(COLUMNS.size() + 3, began);
      if (update.executeUpdate() == 0) {
        return false;
      }
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO report(trial, step, \"values\") VALUES(?, ?, ?)")) {
      for (var report : reports) {
        insert.setLong(1, id);
        insert.setObject(2, report.get(0));
        insert.setObject(3, report.get(1));
        insert.executeUpdate();
      }
    }
    return true;
  }
}

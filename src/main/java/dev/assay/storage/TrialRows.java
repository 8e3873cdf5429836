package dev.assay.storage;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Cause;
import dev.assay.study.Report;
import dev.assay.study.TrialRecord;
import dev.assay.study.TrialState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads all trials of a study: this thread fetches rows, others turn them into trials meanwhile.
final class TrialRows {
  /// Rows that are turned into trials together.
  private static final int CHUNK = 4096;

  /// Chunks under way at most, which bounds the memory that rows take.
  private static final int CHUNKS = 16;

  private static final String TRIALS =
      """
      SELECT id, state, params, notes, "values", cause, detail, attributes, started_millis, seconds,
        restarts, ended
      FROM trial WHERE id BETWEEN ? AND ? ORDER BY id\
      """;

  private static final String REPORTS =
      "SELECT trial, step, \"values\" FROM report WHERE trial BETWEEN ? AND ? ORDER BY trial, step";

  /// One row of the table, JSON unread.
  private record Row(
      int number,
      String state,
      byte[] params,
      byte @Nullable [] notes,
      byte @Nullable [] values,
      @Nullable String cause,
      @Nullable String detail,
      byte @Nullable [] attributes,
      long startedMillis,
      double seconds,
      int restarts,
      long ended,
      List<Report> reports) {}

  /// @param ended the place among the finished; [Long#MAX_VALUE] for the others
  private record Placed(long ended, TrialRecord trial) {}

  private final SqliteFile file;
  private final SearchSpace space;
  private final ArrayDeque<CompletableFuture<List<Placed>>> underWay = new ArrayDeque<>();
  private final List<Placed> placed = new ArrayList<>();

  private TrialRows(SqliteFile file, SearchSpace space) {
    this.file = file;
    this.space = space;
  }

  /// Every trial: finished ones first, as they ended, then the others by number.
  static List<TrialRecord> load(SqliteFile file, long study, SearchSpace space) {
    var rows = new TrialRows(file, space);
    file.run(() -> {
      try (var connection = file.connectForReading()) {
        // One transaction, so that trials and reports are of one moment.
        connection.setAutoCommit(false);
        rows.fetch(connection, study << 32, study << 32 | Integer.MAX_VALUE);
        connection.rollback();
      }
    });
    while (!rows.underWay.isEmpty()) {
      rows.collect();
    }
    // Stable: equal places keep the order of numbers.
    rows.placed.sort(Comparator.comparingLong(Placed::ended));
    return rows.placed.stream().map(Placed::trial).toList();
  }

  /// Some trials: those of given numbers, and all from a number on; by number.
  static List<TrialRecord> some(
      SqliteFile file, long study, SearchSpace space, Collection<Integer> numbers, int from) {
    var rows = new TrialRows(file, space);
    file.run(() -> {
      try (var connection = file.connectForReading()) {
        connection.setAutoCommit(false);
        for (int number : numbers) {
          rows.fetch(connection, study << 32 | number, study << 32 | number);
        }
        rows.fetch(connection, study << 32 | from, study << 32 | Integer.MAX_VALUE);
        connection.rollback();
      }
    });
    while (!rows.underWay.isEmpty()) {
      rows.collect();
    }
    return rows.placed.stream().map(Placed::trial).toList();
  }

  private void fetch(Connection connection, long first, long last) throws SQLException {
    try (var trialQuery = connection.prepareStatement(TRIALS);
        var reportQuery = connection.prepareStatement(REPORTS)) {
      for (var query : List.of(trialQuery, reportQuery)) {
        query.setLong(1, first);
        query.setLong(2, last);
      }
      try (var trials = trialQuery.executeQuery();
          var reports = reportQuery.executeQuery()) {
        boolean more = reports.next();
        var chunk = new ArrayList<Row>(CHUNK);
        while (trials.next()) {
          long id = trials.getLong(1);
          var own = new ArrayList<Report>(0);
          for (; more && reports.getLong(1) <= id; more = reports.next()) {
            own.add(new Report(reports.getLong(2), StoredJson.readNumbers(reports.getBytes(3))));
          }
          chunk.add(row(trials, own));
          if (chunk.size() == CHUNK) {
            hand(chunk);
            chunk = new ArrayList<>(CHUNK);
          }
        }
        hand(chunk);
      }
    }
  }

  private static Row row(ResultSet row, List<Report> reports) throws SQLException {
    long ended = row.getLong(12);
    return new Row(
        (int) row.getLong(1),
        row.getString(2),
        row.getBytes(3),
        row.getBytes(4),
        row.getBytes(5),
        row.getString(6),
        row.getString(7),
        row.getBytes(8),
        row.getLong(9),
        row.getDouble(10),
        row.getInt(11),
        ended == 0 ? Long.MAX_VALUE : ended,
        reports);
  }

  private void hand(List<Row> chunk) {
    underWay.add(CompletableFuture.supplyAsync(() -> chunk.stream().map(this::place).toList()));
    if (underWay.size() > CHUNKS) {
      collect();
    }
  }

  private void collect() {
    try {
      placed.addAll(underWay.remove().join());
    } catch (CompletionException e) {
      throw e.getCause() instanceof Problem problem ? problem : e;
    }
  }

  private Placed place(Row row) {
    try {
      return new Placed(row.ended(), trial(row));
    } catch (Problem e) {
      throw e.at(file.path() + ", trial " + row.number());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new Problem(
          "A stored trial cannot be read.",
          file.path() + ", trial " + row.number() + ": " + e.getMessage(),
          "Somebody changed it: restore a copy of the file, or mend the row.",
          e);
    }
  }

  private TrialRecord trial(Row row) {
    return new TrialRecord(
        row.number(),
        TrialState.valueOf(row.state().toUpperCase(Locale.ROOT)),
        configuration(row.params()),
        StoredJson.readMap(row.notes()),
        List.copyOf(row.reports()),
        StoredJson.readNumbers(row.values()),
        row.cause() == null ? null : Cause.valueOf(row.cause().toUpperCase(Locale.ROOT)),
        row.detail() == null ? "" : row.detail(),
        StoredJson.readMap(row.attributes()),
        row.startedMillis(),
        row.seconds(),
        row.restarts());
  }

  private Configuration configuration(byte[] params) {
    return space.read(StoredJson.readMap(params));
  }
}

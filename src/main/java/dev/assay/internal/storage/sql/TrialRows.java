package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.Cause;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;

/// Reads trials of a study. A whole study is read in ranges of numbers; where the database gains
/// from it, by as many threads as there are processors, each on a connection of its own.
final class TrialRows {
  /// Trials that are read together, in one transaction: a trial and its reports are of one moment.
  private static final int RANGE = 1 << 14;

  /// The same where none is kept: so few that they are gone before the collector meets them. Of
  /// more it would move some aside each time, where they stay until the heap has grown to hundreds
  /// of megabytes.
  private static final int FEW = 1 << 9;

  /// The most ranges that are read and not handed on.
  private static final int AHEAD = 4;

  /// Each column costs a call of the driver's: what most trials do not have is asked for only where
  /// `there` has its bit.
  private static final String TRIALS =
      """
      SELECT id, params, "values", started_millis, seconds, ended,
        CAST(notes IS NOT NULL AS integer) + 2 * CAST(cause IS NOT NULL AS integer)
          + 4 * CAST(detail IS NOT NULL AS integer) + 8 * CAST(attributes IS NOT NULL AS integer)
          + 16 * %s + 128 * restarts AS there,
        notes, cause, detail, attributes, state
      FROM trial WHERE id BETWEEN ? AND ? ORDER BY id\
      """
          .formatted(placeOfState());

  private static final String REPORTS =
      "SELECT trial, step, \"values\" FROM report WHERE trial BETWEEN ? AND ? ORDER BY trial, step";

  private static final String LAST = "SELECT max(id) FROM trial WHERE id BETWEEN ? AND ?";

  /// @param ended the place among the finished; [Long#MAX_VALUE] for the others
  private record Placed(long ended, TrialRecord trial, StoredStudy.Numbers numbers) {}

  private static final TrialState[] STATES = TrialState.values();

  private final SqlDatabase database;
  private final long study;
  private final SearchSpace space;
  private final boolean printing;

  private TrialRows(SqlDatabase database, long study, SearchSpace space) {
    this(database, study, space, false);
  }

  /// @param printing whether numbers of parameters are printed rather than looked at
  private TrialRows(SqlDatabase database, long study, SearchSpace space, boolean printing) {
    this.database = database;
    this.study = study;
    this.space = space;
    this.printing = printing;
  }

  /// The place of a row's state among [#STATES], or behind them.
  private static String placeOfState() {
    var cases = new StringBuilder("CASE state");
    for (var state : TrialState.values()) {
      cases.append(" WHEN '").append(state.word()).append("' THEN ").append(state.ordinal());
    }
    return cases + " ELSE 7 END";
  }

  /// Every trial: finished ones first, as they ended, then the others by number.
  static List<TrialRecord> load(SqlDatabase database, long study, SearchSpace space) {
    var rows = new TrialRows(database, study, space);
    int count = highest(database, study) + 1;
    var placed = new ArrayList<Placed>(count);
    if (count <= RANGE) {
      placed.addAll(rows.range(0, count - 1, new StoredParams(space)));
    } else {
      var ranges = IntStream.rangeClosed(0, (count - 1) / RANGE);
      (database.readsInParallel() ? ranges.parallel() : ranges)
          .mapToObj(i -> {
            int last = Math.min(count, (i + 1) * RANGE) - 1;
            return rows.range(i * RANGE, last, new StoredParams(space));
          })
          .forEachOrdered(placed::addAll);
    }
    // Stable: equal places keep the order of numbers.
    placed.sort((a, b) -> Long.compare(a.ended, b.ended));
    return trials(placed);
  }

  /// Every trial by number, for as long as the reader says yes. While it looks at some, the next
  /// are read.
  static void each(
      SqlDatabase database, long study, SearchSpace space, Predicate<TrialRecord> reader) {
    new TrialRows(database, study, space).each((trial, _) -> reader.test(trial));
  }

  /// The same, for whoever prints them.
  static void print(
      SqlDatabase database, long study, SearchSpace space, StoredStudy.Printer printer) {
    new TrialRows(database, study, space, true).each(printer);
  }

  private void each(StoredStudy.Printer reader) {
    int count = highest(database, study) + 1;
    if (count == 0) {
      return;
    }
    database.call(() -> {
      try (var beside = new Ranges(count);
          var own = new Ranges(count)) {
        each(beside, own, reader);
        return count;
      }
    });
  }

  /// Ranges are read beside the reader, one after the other; one that is not there when the reader
  /// needs it is waited for by reading the one behind it.
  private void each(Ranges beside, Ranges own, StoredStudy.Printer reader) {
    var read = new ArrayDeque<CompletableFuture<List<Placed>>>();
    int begun = 0;
    var last = beside.later(begun++);
    read.add(last);
    try {
      while (!read.isEmpty()) {
        if (!read.getFirst().isDone() && read.size() < AHEAD && own.has(begun)) {
          read.add(CompletableFuture.completedFuture(own.now(begun++)));
          continue;
        }
        var next = joined(read.remove());
        if (last.isDone() && beside.has(begun)) {
          last = beside.later(begun++);
          read.add(last);
        }
        for (var placed : next) {
          if (!reader.print(placed.trial, placed.numbers)) {
            return;
          }
        }
      }
    } finally {
      var _ = last.exceptionally(_ -> List.of()).join(); // it uses the connection
    }
  }

  /// Reads ranges of [#FEW] numbers over one connection, one at a time: to open a SQLite file and
  /// to close it takes longer than to read a range.
  private final class Ranges implements AutoCloseable {
    private final OneLook look = new OneLook();
    private final StoredParams params = new StoredParams(space); // of one range after the other
    private final int count;

    /// @param count how many numbers there are
    Ranges(int count) {
      this.count = count;
    }

    boolean has(int i) {
      return i * (long) FEW < count;
    }

    List<Placed> now(int i) {
      int first = i * FEW;
      return look.part(() -> range(first, Math.min(count, first + FEW) - 1, params));
    }

    CompletableFuture<List<Placed>> later(int i) {
      return CompletableFuture.supplyAsync(() -> now(i));
    }

    @Override
    public void close() throws SQLException {
      look.close();
    }
  }

  /// What was read beside; throws its problem as it is.
  static <T> T joined(CompletableFuture<T> read) {
    try {
      return read.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Problem problem) {
        throw problem;
      }
      throw e;
    }
  }

  /// Some trials: those of given numbers, and all from a number on; by number.
  static List<TrialRecord> some(
      SqlDatabase database, long study, SearchSpace space, Collection<Integer> numbers, int from) {
    var rows = new TrialRows(database, study, space);
    return database.readNow(connection -> {
      var placed = new ArrayList<Placed>();
      var params = new StoredParams(space);
      rows.fetch(connection, numbers, params, placed);
      rows.fetch(connection, from, Integer.MAX_VALUE, params, placed);
      return trials(placed);
    });
  }

  /// The trials of given numbers, on a connection.
  static List<TrialRecord> some(
      Connection connection,
      SqlDatabase database,
      long study,
      SearchSpace space,
      Collection<Integer> numbers)
      throws SQLException {
    var rows = new TrialRows(database, study, space);
    var placed = new ArrayList<Placed>();
    rows.fetch(connection, numbers, new StoredParams(space), placed);
    return trials(placed);
  }

  private static List<TrialRecord> trials(List<Placed> placed) {
    var trials = new ArrayList<TrialRecord>(placed.size());
    placed.forEach(place -> trials.add(place.trial));
    return Collections.unmodifiableList(trials);
  }

  private long key(int number) {
    return study << 32 | number;
  }

  /// The highest number of a study's trials; -1 where there is none.
  static int highest(SqlDatabase database, long study) {
    return database.read(connection -> {
      try (var query = connection.prepareStatement(LAST)) {
        query.setLong(1, study << 32);
        query.setLong(2, study << 32 | Integer.MAX_VALUE);
        try (var rows = query.executeQuery()) {
          long last = rows.next() ? rows.getLong(1) : 0;
          return last == 0 ? -1 : (int) last; // the first study's id is 1
        }
      }
    });
  }

  private List<Placed> range(int first, int last, StoredParams params) {
    return database.read(connection -> {
      var placed = new ArrayList<Placed>(last - first + 1);
      fetch(connection, first, last, params, placed);
      return placed;
    });
  }

  /// The trials of some numbers, all different, those without a gap between them together.
  private void fetch(
      Connection connection, Collection<Integer> numbers, StoredParams params, List<Placed> placed)
      throws SQLException {
    int[] sorted = new int[numbers.size()];
    int n = 0;
    for (int number : numbers) {
      sorted[n++] = number;
    }
    Arrays.sort(sorted);
    for (int i = 0; i < n; ) {
      int from = i++;
      while (i < n && sorted[i] == sorted[i - 1] + 1) {
        i++;
      }
      fetch(connection, sorted[from], sorted[i - 1], params, placed);
    }
  }

  private void fetch(
      Connection connection, int first, int last, StoredParams params, List<Placed> placed)
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
          long owner = more ? reports.getLong(1) : Long.MAX_VALUE;
          List<Report> own = owner > id ? List.of() : new ArrayList<>();
          while (owner <= id) {
            own.add(new Report(reports.getLong(2), StoredJson.readNumbers(reports.getBytes(3))));
            more = reports.next();
            owner = more ? reports.getLong(1) : Long.MAX_VALUE;
          }
          placed.add(place(trials, params, List.copyOf(own)));
        }
      }
    }
  }

  private Placed place(ResultSet row, StoredParams params, List<Report> reports)
      throws SQLException {
    long ended = row.getLong(6);
    var json = row.getBytes(2);
    try {
      var numbers = printing ? new PlacedNumbers(json, space.dimension()) : null;
      var configuration = numbers == null ? params.read(json) : params.read(json, numbers);
      return new Placed(
          ended == 0 ? Long.MAX_VALUE : ended,
          trial(row, configuration, reports),
          numbers == null ? StoredStudy.Numbers.NONE : numbers);
    } catch (Problem e) {
      throw e.at(database.place() + ", trial " + (int) row.getLong(1));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new Problem(
          "A stored trial cannot be read.",
          database.place() + ", trial " + (int) row.getLong(1) + ": " + e.getMessage(),
          "Somebody changed it: restore a copy, or mend the row.",
          e);
    }
  }

  private TrialRecord trial(ResultSet row, Configuration configuration, List<Report> reports)
      throws SQLException {
    int there = row.getInt(7);
    int place = there >> 4 & 7;
    if (place >= STATES.length) {
      throw new IllegalArgumentException("there is no state " + row.getString(12));
    }
    var cause = (there & 2) != 0 ? row.getString(9) : null;
    return new TrialRecord(
        (int) row.getLong(1),
        STATES[place],
        configuration,
        StoredJson.readMap((there & 1) != 0 ? row.getBytes(8) : null),
        reports,
        StoredJson.readNumbers(row.getBytes(3)),
        cause == null ? null : Cause.valueOf(cause.toUpperCase(Locale.ROOT)),
        (there & 4) != 0 ? database.dialect().read(row.getString(10)) : "",
        StoredJson.readMap((there & 8) != 0 ? row.getBytes(11) : null),
        row.getLong(4),
        row.getDouble(5),
        there >> 7);
  }
}

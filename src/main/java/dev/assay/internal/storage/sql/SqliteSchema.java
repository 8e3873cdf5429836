package dev.assay.internal.storage.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The tables, and how files of earlier versions are brought up to date.
///
/// A file's `user_version` counts the steps that made it. Steps are appended, never changed.
///
/// @param steps each a list of statements
record SqliteSchema(List<List<String>> steps) {
  /// `ASSY`, in the file's header.
  static final int APPLICATION_ID = 0x41535359;

  /// Trials have one key, so that one page is written for each: study in the high 32 bits, number
  /// in the low ones. Both stand as columns of their own where a person looks.
  private static final List<String> FIRST =
      List.of(
          """
          CREATE TABLE study(
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            definition TEXT NOT NULL, -- JSON
            created_millis INTEGER NOT NULL,
            pid INTEGER -- not used any more, see worker
          ) STRICT\
          """,
          """
          CREATE TABLE trial(
            id INTEGER PRIMARY KEY, -- study * 2^32 + number
            study INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
            number INTEGER GENERATED ALWAYS AS (id & 4294967295) VIRTUAL,
            state TEXT NOT NULL, -- waiting, running, complete, pruned, failed
            params TEXT NOT NULL, -- JSON object, active parameters
            notes TEXT, -- JSON object, what the sampler wants to find again
            "values" TEXT, -- JSON array, one for each objective
            cause TEXT, -- why it failed
            detail TEXT,
            attributes TEXT, -- JSON object
            started_millis INTEGER NOT NULL,
            seconds REAL,
            restarts INTEGER NOT NULL,
            ended INTEGER -- ascends with the order of ending within the study
          ) STRICT\
          """,
          """
          CREATE TABLE report(
            trial INTEGER NOT NULL, -- trial.id
            step INTEGER NOT NULL,
            "values" TEXT NOT NULL, -- JSON array, null where unknown
            PRIMARY KEY(trial, step)
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE fact(
            study INTEGER NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL, -- JSON
            PRIMARY KEY(study, key)
          ) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TRIGGER trial_begins_anew AFTER UPDATE OF state ON trial
            WHEN new.state IN ('waiting', 'running')
            BEGIN DELETE FROM report WHERE trial = new.id; END\
          """);

  /// Several processes may run a study.
  private static final List<String> WORKERS =
      List.of(
          """
          CREATE TABLE worker(
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given out again
            study INTEGER NOT NULL,
            process TEXT NOT NULL, -- id, start, boot and name space: names a process for good
            seen_millis INTEGER NOT NULL -- its heartbeat
          ) STRICT\
          """,
          // Who runs the trial, or ran it last.
          "ALTER TABLE trial ADD COLUMN worker INTEGER");

  /// Each of several processes stands as it does: a JSON object.
  private static final List<String> STANDINGS =
      List.of("ALTER TABLE worker ADD COLUMN standing TEXT");

  static final SqliteSchema CURRENT = new SqliteSchema(List.of(FIRST, WORKERS, STANDINGS));

  /// Whether a file has the newest tables.
  ///
  /// @throws dev.assay.problem.Problem when the file is of a newer version or of another program
  boolean isCurrent(Connection connection, Path path) throws SQLException {
    // In this order: another process may be making the file, and what has tables has its mark too.
    boolean empty = SqlDatabase.number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
    int version = (int) SqlDatabase.number(connection, "PRAGMA user_version");
    int application = (int) SqlDatabase.number(connection, "PRAGMA application_id");
    if (application != APPLICATION_ID && !(empty && application == 0)) {
      throw SqliteProblems.foreign(path, application);
    }
    if (version > steps.size()) {
      throw SqliteProblems.newer(path, version, steps.size());
    }
    return version == steps.size();
  }

  /// Makes or updates the tables; all steps or none.
  void update(Connection connection, SqliteFile file) throws SQLException {
    var path = file.path();
    if (isCurrent(connection, path)) {
      return;
    }
    if (SqlDatabase.number(connection, "PRAGMA page_count") == 0) {
      // An empty file has nothing that a journal could bring back, and one on the disk is waited
      // for three times.
      file.patiently(() -> SqlDatabase.execute(connection, "PRAGMA journal_mode = MEMORY"));
    }
    file.patiently(() -> SqlDatabase.execute(connection, "PRAGMA journal_mode = WAL"));
    SqlDatabase.execute(connection, "BEGIN IMMEDIATE");
    try {
      // Looked at again: another process may have been faster.
      if (!isCurrent(connection, path)) {
        int version = (int) SqlDatabase.number(connection, "PRAGMA user_version");
        for (int i = version; i < steps.size(); i++) {
          for (var statement : steps.get(i)) {
            SqlDatabase.execute(connection, statement);
          }
        }
        SqlDatabase.execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
        SqlDatabase.execute(connection, "PRAGMA user_version = " + steps.size());
      }
      SqlDatabase.execute(connection, "COMMIT");
    } catch (SQLException | RuntimeException e) {
      SqlDatabase.execute(connection, "ROLLBACK");
      throw e;
    }
  }
}

package dev.assay.internal.storage.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The tables, and how those of earlier versions are brought up to date.
///
/// `version` counts the steps that made them. Steps are appended, never changed.
///
/// @param steps each a list of statements
record PostgresSchema(List<List<String>> steps) {
  /// Who makes or updates tables holds this advisory lock: any number that others do not use.
  private static final long LOCK = 0x4153_5359_0001L;

  /// As SQLite's tables, so that the same is said to both: a trial has one key.
  private static final List<String> FIRST =
      List.of(
          """
          CREATE TABLE study(
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never given out again
            name text NOT NULL UNIQUE,
            definition json NOT NULL,
            created_millis bigint NOT NULL
          )\
          """,
          """
          CREATE TABLE trial(
            id bigint PRIMARY KEY, -- study * 2^32 + number
            study integer GENERATED ALWAYS AS ((id >> 32)::integer) STORED,
            number integer GENERATED ALWAYS AS ((id & 4294967295)::integer) STORED,
            state text NOT NULL, -- waiting, running, complete, pruned, failed, discarded
            params json NOT NULL, -- active parameters
            notes json, -- what the sampler wants to find again
            "values" json, -- one for each objective
            cause text, -- why it failed
            detail json, -- a text
            attributes json,
            started_millis bigint NOT NULL,
            seconds double precision,
            restarts integer NOT NULL,
            ended bigint, -- ascends with the order of ending
            worker bigint -- who runs it, or ran it last
          ) WITH (fillfactor = 80) -- most rows are written twice\
          """,
          "CREATE INDEX trial_running ON trial(id) WHERE state = 'running'",
          """
          CREATE TABLE report(
            trial bigint NOT NULL, -- trial.id
            step bigint NOT NULL,
            "values" json NOT NULL, -- null where unknown
            PRIMARY KEY(trial, step)
          )\
          """,
          """
          CREATE TABLE fact(
            study bigint NOT NULL,
            key text NOT NULL,
            value json NOT NULL,
            PRIMARY KEY(study, key)
          )\
          """,
          """
          CREATE TABLE worker(
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never given out again
            study bigint NOT NULL REFERENCES study(id),
            process text NOT NULL, -- id, start, boot and name space
            seen_millis bigint NOT NULL, -- its heartbeat, by this server's clock
            lease_millis bigint NOT NULL, -- how long it may be silent
            standing json
          )\
          """,
          "CREATE INDEX worker_of_study ON worker(study)",
          """
          CREATE TABLE command(
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            study bigint NOT NULL,
            content text NOT NULL, -- JSON
            claimed_by text -- who does it, of those that one does
          )\
          """,
          "CREATE INDEX command_of_study ON command(study)",
          "CREATE SEQUENCE ending CACHE 1",
          """
          CREATE FUNCTION forget_reports() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              DELETE FROM report WHERE trial = new.id;
              RETURN NULL;
            END
          $$\
          """,
          """
          CREATE TRIGGER trial_begins_anew AFTER UPDATE OF state ON trial
            FOR EACH ROW WHEN (new.state IN ('waiting', 'running'))
            EXECUTE FUNCTION forget_reports()\
          """);

  /// Files that travel with studies.
  private static final List<String> SECOND =
      List.of(
          """
          CREATE TABLE file(
            study bigint NOT NULL,
            sha256 text NOT NULL, -- of the whole content
            part integer NOT NULL, -- from 0; the last one is empty
            data bytea NOT NULL,
            PRIMARY KEY(study, sha256, part)
          )\
          """);

  static final PostgresSchema CURRENT = new PostgresSchema(List.of(FIRST, SECOND));

  /// How many steps made the tables; 0 where there are none. Asked of the catalog: names are looked
  /// up in what a session remembers of it, which may be older than a lock that it waited for.
  private static long version(Connection connection, String schema) throws SQLException {
    boolean none =
        SqlDatabase.number(
                connection,
                """
                SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                WHERE relname = 'version' AND nspname = '%s'\
                """
                    .formatted(schema))
            == 0;
    return none ? 0 : SqlDatabase.number(connection, "SELECT max(steps) FROM version");
  }

  /// Whether there are any tables.
  boolean exists(Connection connection, PostgresAddress address) throws SQLException {
    return version(connection, address.schema()) > 0;
  }

  /// Whether the tables are those of this version.
  ///
  /// @throws dev.assay.problem.Problem when they are of a newer one
  boolean isCurrent(Connection connection, PostgresAddress address) throws SQLException {
    long version = version(connection, address.schema());
    if (version > steps.size()) {
      throw PostgresProblems.newer(address, version, steps.size());
    }
    return version == steps.size();
  }

  /// Makes or updates the tables, all steps or none. Of several who come at once, one does it while
  /// the others wait.
  void update(Connection connection, PostgresAddress address) throws SQLException {
    if (isCurrent(connection, address)) {
      return;
    }
    SqlDatabase.execute(connection, "BEGIN");
    try {
      SqlDatabase.execute(connection, "SELECT pg_advisory_xact_lock(" + LOCK + ")");
      if (!isCurrent(connection, address)) {
        make(connection, address.schema());
      }
      SqlDatabase.execute(connection, "COMMIT");
    } catch (SQLException | RuntimeException e) {
      SqlDatabase.execute(connection, "ROLLBACK");
      throw e;
    }
  }

  private void make(Connection connection, String schema) throws SQLException {
    long version = version(connection, schema);
    if (version == 0) {
      boolean none =
          SqlDatabase.number(
                  connection, "SELECT count(*) FROM pg_namespace WHERE nspname = '" + schema + "'")
              == 0;
      if (none) { // IF NOT EXISTS would ask for a right that whoever has the schema need not have
        SqlDatabase.execute(connection, "CREATE SCHEMA " + schema);
      }
      SqlDatabase.execute(connection, "CREATE TABLE version(steps bigint PRIMARY KEY)");
    }
    for (int i = (int) version; i < steps.size(); i++) {
      for (var statement : steps.get(i)) {
        SqlDatabase.execute(connection, statement);
      }
      SqlDatabase.execute(connection, "INSERT INTO version VALUES(" + (i + 1) + ")");
    }
  }
}

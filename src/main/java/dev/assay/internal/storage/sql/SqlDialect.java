package dev.assay.internal.storage.sql;

import org.jspecify.annotations.Nullable;

/// Where the databases' words differ. Everything else that is said to them is the same for both.
enum SqlDialect {
  SQLITE {
    @Override
    String json() {
      return "?";
    }

    /// Its processes share a machine, and so a clock.
    @Override
    String nowMillis() {
      return "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
    }

    @Override
    String ending() {
      return "?";
    }

    @Override
    boolean ordersEndings() {
      return false;
    }

    /// The whole file is locked by whoever writes.
    @Override
    String forUpdate() {
      return "";
    }

    @Override
    String leaseMillis() {
      return "90000";
    }

    @Override
    String report() {
      return "INSERT INTO report(trial, step, \"values\") VALUES(?, ?, ?)";
    }

    @Override
    boolean fencesReports() {
      return false;
    }

    @Override
    @Nullable String text(String text) {
      return text.isEmpty() ? null : text;
    }

    @Override
    String read(String stored) {
      return stored;
    }
  },

  POSTGRESQL {
    @Override
    String json() {
      return "CAST(? AS json)";
    }

    @Override
    String nowMillis() {
      return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";
    }

    @Override
    String ending() {
      return "COALESCE(CAST(? AS bigint), nextval('ending'))";
    }

    @Override
    boolean ordersEndings() {
      return true;
    }

    @Override
    String forUpdate() {
      return " FOR UPDATE";
    }

    @Override
    String leaseMillis() {
      return "lease_millis";
    }

    /// The trial's row is held until the report is there: who takes the trial away waits, and then
    /// removes it.
    @Override
    String report() {
      return """
      INSERT INTO report(trial, step, "values")
        (SELECT id, CAST(? AS bigint), CAST(? AS json) FROM trial
        WHERE id = ? AND worker = ? AND ended IS NULL FOR SHARE)\
      """;
    }

    @Override
    boolean fencesReports() {
      return true;
    }

    /// As JSON: its texts have no room for the character 0, which a program may well print.
    @Override
    @Nullable String text(String text) {
      return text.isEmpty() ? null : StoredJson.write(text);
    }

    @Override
    String read(String stored) {
      return String.valueOf(StoredJson.read(stored));
    }
  };

  /// A parameter that is JSON.
  abstract String json();

  /// The time by the database's clock, in milliseconds since 1970.
  abstract String nowMillis();

  /// A place in the order of ending: of one parameter, which may be null where [#ordersEndings].
  abstract String ending();

  /// Whether the database itself counts endings.
  abstract boolean ordersEndings();

  /// What holds the rows of a query until the transaction ends.
  abstract String forUpdate();

  /// For how many milliseconds a worker may be silent before it is taken for gone.
  abstract String leaseMillis();

  /// Writes a report. Parameters: trial, step, values; or, where it [#fencesReports], step, values,
  /// trial and worker.
  abstract String report();

  /// Whether a report is written only while the trial is in the worker's hands.
  abstract boolean fencesReports();

  /// A text as it is stored; null for an empty one.
  abstract @Nullable String text(String text);

  /// The inverse of [#text].
  abstract String read(String stored);
}

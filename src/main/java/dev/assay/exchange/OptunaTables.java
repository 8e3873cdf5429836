package dev.assay.exchange;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The tables of Optuna's relational storage: names, columns and what is unique are what Optuna
/// looks for.
final class OptunaTables {
  /// Columns and constraints; the key comes first.
  private static final Map<String, List<String>> TABLES = new LinkedHashMap<>();

  private static final List<String> INDEXES =
      List.of(
          "CREATE UNIQUE INDEX ix_studies_study_name ON studies(study_name)",
          "CREATE INDEX ix_trials_study_id ON trials(study_id)");

  static {
    table(
        "version_info",
        "version_info_id INTEGER NOT NULL PRIMARY KEY CHECK(version_info_id = 1)",
        "schema_version INTEGER",
        "library_version VARCHAR(256)");
    table("alembic_version", "version_num VARCHAR(32) NOT NULL PRIMARY KEY");
    table("studies", key("study_id"), "study_name VARCHAR(512) NOT NULL");
    table(
        "study_directions",
        key("study_direction_id"),
        "direction VARCHAR(8) NOT NULL",
        "study_id INTEGER NOT NULL REFERENCES studies(study_id)",
        "objective INTEGER NOT NULL",
        "UNIQUE(study_id, objective)");
    attributes("study_user_attributes", "study_user_attribute_id", "studies", "study_id");
    attributes("study_system_attributes", "study_system_attribute_id", "studies", "study_id");
    table(
        "trials",
        key("trial_id"),
        "number INTEGER",
        "study_id INTEGER REFERENCES studies(study_id)",
        "state VARCHAR(8) NOT NULL",
        "datetime_start DATETIME",
        "datetime_complete DATETIME");
    attributes("trial_user_attributes", "trial_user_attribute_id", "trials", "trial_id");
    attributes("trial_system_attributes", "trial_system_attribute_id", "trials", "trial_id");
    table(
        "trial_params",
        key("param_id"),
        "trial_id INTEGER REFERENCES trials(trial_id)",
        "param_name VARCHAR(512)",
        "param_value FLOAT",
        "distribution_json TEXT",
        "UNIQUE(trial_id, param_name)");
    numbers("trial_values", "trial_value_id", "objective", "value", "value_type");
    numbers(
        "trial_intermediate_values",
        "trial_intermediate_value_id",
        "step",
        "intermediate_value",
        "intermediate_value_type");
    table(
        "trial_heartbeats",
        key("trial_heartbeat_id"),
        "trial_id INTEGER NOT NULL UNIQUE REFERENCES trials(trial_id)",
        "heartbeat DATETIME NOT NULL");
  }

  private OptunaTables() {}

  private static void table(String name, String... columns) {
    TABLES.put(name, List.of(columns));
  }

  private static String key(String name) {
    return name + " INTEGER NOT NULL PRIMARY KEY";
  }

  private static void attributes(String name, String key, String owners, String owner) {
    table(
        name,
        key(key),
        owner + " INTEGER REFERENCES " + owners + "(" + owner + ")",
        "\"key\" VARCHAR(512)",
        "value_json TEXT",
        "UNIQUE(" + owner + ", \"key\")");
  }

  private static void numbers(String name, String key, String place, String value, String type) {
    table(
        name,
        key(key),
        "trial_id INTEGER NOT NULL REFERENCES trials(trial_id)",
        place + " INTEGER NOT NULL",
        value + " FLOAT",
        type + " VARCHAR(7) NOT NULL",
        "UNIQUE(trial_id, " + place + ")");
  }

  static void make(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var table : TABLES.entrySet()) {
        statement.execute(
            "CREATE TABLE " + table.getKey() + "(" + String.join(", ", table.getValue()) + ")");
      }
      for (var index : INDEXES) {
        statement.execute(index);
      }
    }
  }

  /// An insertion of a row, all columns in their order.
  static String insert(String table) {
    var columns = java.util.Objects.requireNonNull(TABLES.get(table), table);
    return columns.stream()
        .filter(column -> !column.startsWith("UNIQUE("))
        .map(_ -> "?")
        .collect(Collectors.joining(", ", "INSERT INTO " + table + " VALUES(", ")"));
  }
}

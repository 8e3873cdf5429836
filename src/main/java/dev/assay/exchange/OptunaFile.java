package dev.assay.exchange;

import dev.assay.internal.storage.sql.ForeignDatabase;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Writes a study as Optuna's relational storage in SQLite, as version 5 makes it. What Optuna has
/// no place for goes into the trial's system attribute `assay`.
final class OptunaFile {
  private static final String LIBRARY = "5.0.0";

  /// Alembic's name of the newest change of the tables.
  private static final String REVISION = "v3.2.0.a";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// What a trial of Assay's that failed in Optuna is said to have failed of.
  static final String FAILED = "failed in Optuna";

  private final Exported study;
  private final Map<String, OptunaDistribution> distributions = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();

  private OptunaFile(Exported study) {
    this.study = study;
    for (var parameter : study.space().parameters()) {
      var own = OptunaDistribution.of(parameter.distribution());
      distributions.put(parameter.name(), own);
      texts.put(parameter.name(), own.json());
    }
  }

  /// @return how many trials were written
  static int write(Exported study, Path path) {
    int[] count = {0};
    ForeignDatabase.make(path, connection -> count[0] = new OptunaFile(study).write(connection));
    return count[0];
  }

  private int write(Connection connection) throws SQLException {
    OptunaTables.make(connection);
    insert(connection, "version_info", 1, OptunaDatabase.SCHEMA, LIBRARY);
    insert(connection, "alembic_version", REVISION);
    insert(connection, "studies", 1, study.name());
    var objectives = study.objectives();
    for (int i = 0; i < objectives.size(); i++) {
      insert(connection, "study_directions", i + 1, objectives.get(i).direction().name(), 1, i);
    }
    attributes(connection);
    int[] count = {0};
    var failure = new SQLException[1];
    try (var rows = new Rows(connection)) {
      study.each(trial -> {
        try {
          trial(trial, rows);
          count[0]++;
          return true;
        } catch (SQLException e) {
          failure[0] = e;
          return false;
        }
      });
      if (failure[0] != null) {
        throw failure[0];
      }
      rows.flush();
    }
    return count[0];
  }

  private static void insert(Connection connection, String table, Object... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(OptunaTables.insert(table))) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private void attributes(Connection connection) throws SQLException {
    var imported = Origin.map(study.facts().get(StudyImport.FACT));
    int row = 0;
    for (var entry : Origin.map(imported.get("user")).entrySet()) {
      insert(
          connection,
          "study_user_attributes",
          ++row,
          1,
          entry.getKey(),
          ForeignJson.write(entry.getValue()));
    }
    var system = Origin.map(imported.get("system"));
    system.put(
        OptunaTrials.METRIC_NAMES, study.objectives().stream().map(one -> one.metric()).toList());
    row = 0;
    for (var entry : system.entrySet()) {
      insert(
          connection,
          "study_system_attributes",
          ++row,
          1,
          entry.getKey(),
          ForeignJson.write(entry.getValue()));
    }
  }

  private void trial(TrialRecord trial, Rows rows) throws SQLException {
    var origin = Origin.of(trial);
    var state = state(trial, origin);
    int id = rows.trial(trial.number(), state, start(trial, origin), end(trial, origin));
    if (!state.equals("WAITING")) {
      params(trial, origin, id, rows);
    }
    var values = values(trial, origin);
    for (int i = 0; i < values.size(); i++) {
      rows.value(id, i, values.get(i));
    }
    for (var report : trial.reports()) {
      rows.report(
          id, report.step(), report.values().isEmpty() ? Double.NaN : report.values().getFirst());
    }
    user(trial, origin, id, rows);
    var system = origin.map(Origin.SYSTEM);
    if (state.equals("WAITING") && !system.containsKey("fixed_params")) {
      system.put("fixed_params", trial.configuration().values());
    }
    var assay = assay(trial);
    if (!assay.isEmpty()) {
      system.put(OptunaTrials.ASSAY, assay);
    }
    for (var entry : system.entrySet()) {
      rows.attribute(
          "trial_system_attributes", id, entry.getKey(), ForeignJson.write(entry.getValue()));
    }
  }

  private static String state(TrialRecord trial, Origin origin) {
    var original = origin.text(Origin.STATE);
    return switch (trial.state()) {
      case WAITING -> "WAITING";
      case RUNNING -> "RUNNING";
      case COMPLETE -> "COMPLETE";
      case PRUNED -> "PRUNED";
      case FAILED -> original == null ? "FAIL" : original;
      case DISCARDED -> "FAIL"; // of which Optuna learns nothing either
    };
  }

  private static @Nullable String start(TrialRecord trial, Origin origin) {
    var exact = origin.text(Origin.START);
    if (exact != null && millis(exact) == trial.startedMillis()) {
      return TIME.format(Instant.parse(exact));
    }
    return trial.startedMillis() == 0
        ? null
        : TIME.format(Instant.ofEpochMilli(trial.startedMillis()));
  }

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  private static @Nullable String end(TrialRecord trial, Origin origin) {
    if (!trial.state().isFinished() || "RUNNING".equals(origin.text(Origin.STATE))) {
      return null;
    }
    var exact = origin.text(Origin.END);
    if (exact != null) {
      return TIME.format(Instant.parse(exact));
    }
    return trial.startedMillis() == 0
        ? null
        : TIME.format(
            Instant.ofEpochMilli(trial.startedMillis())
                .plusNanos(1000 * Math.round(1e6 * trial.seconds())));
  }

  private void params(TrialRecord trial, Origin origin, int id, Rows rows) throws SQLException {
    var values = new LinkedHashMap<String, @Nullable Object>(trial.configuration().values());
    origin.list(Origin.MISSING).forEach(values::remove);
    values.putAll(origin.map(Origin.PARAMS));
    var others = origin.map(Origin.DISTRIBUTIONS);
    for (var entry : values.entrySet()) {
      var name = entry.getKey();
      var text = others.get(name) instanceof String other ? other : texts.get(name);
      if (text == null) {
        continue; // a value that was none of the space's, without a distribution
      }
      var distribution =
          others.containsKey(name)
              ? OptunaDistribution.read(text, name)
              : Objects.requireNonNull(distributions.get(name));
      rows.param(id, name, distribution.stored(entry.getValue()), text);
    }
  }

  private List<Double> values(TrialRecord trial, Origin origin) {
    if (trial.state() == TrialState.COMPLETE) {
      return trial.values();
    }
    if (origin.fields().containsKey(Origin.VALUES)) {
      return origin.list(Origin.VALUES).stream()
          .map(value -> Objects.requireNonNullElse(ForeignJson.number(value), Double.NaN))
          .toList();
    }
    if (trial.state() == TrialState.PRUNED && !trial.reports().isEmpty()) {
      var last = trial.reports().getLast().values();
      return last.size() == 1 && !Double.isNaN(last.getFirst()) ? last : List.of();
    }
    return List.of();
  }

  private static void user(TrialRecord trial, Origin origin, int id, Rows rows)
      throws SQLException {
    var texts = new LinkedHashMap<String, String>();
    trial
        .attributes()
        .forEach((key, value) -> {
          if (!key.equals(Origin.KEY)) {
            texts.put(key, ForeignJson.write(value));
          }
        });
    origin.map(Origin.ATTRIBUTES).forEach((key, json) -> texts.put(key, String.valueOf(json)));
    for (var entry : texts.entrySet()) {
      rows.attribute("trial_user_attributes", id, entry.getKey(), entry.getValue());
    }
  }

  /// What Optuna has no place for.
  private Map<String, @Nullable Object> assay(TrialRecord trial) {
    var assay = new LinkedHashMap<String, @Nullable Object>();
    var cause = trial.cause();
    if (cause != null
        && !trial.detail().equals(FAILED)
        && Origin.of(trial).text(Origin.STATE) == null) {
      assay.put("cause", cause.word());
      assay.put("detail", trial.detail());
    }
    if (trial.restarts() > 0) {
      assay.put("restarts", trial.restarts());
    }
    if (study.objectives().size() > 1 && !trial.reports().isEmpty()) {
      var reports = new LinkedHashMap<String, @Nullable Object>();
      for (Report report : trial.reports()) {
        reports.put(Long.toString(report.step()), ForeignJson.stored(report.values()));
      }
      assay.put("reports", reports);
    }
    return assay;
  }

  /// The rows of trials, inserted in batches.
  private static final class Rows implements AutoCloseable {
    private static final int BATCH = 4096;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    Rows(Connection connection) {
      this.connection = connection;
    }

    /// @param values of the columns behind the key
    private int add(String table, int columns, IntFunction<@Nullable Object> values)
        throws SQLException {
      var statement = statements.get(table);
      if (statement == null) {
        statement = connection.prepareStatement(OptunaTables.insert(table));
        statements.put(table, statement);
      }
      int id = counts.merge(table, 1, Integer::sum);
      statement.setInt(1, id);
      for (int i = 0; i < columns; i++) {
        var value = values.apply(i);
        if (value == null) {
          statement.setNull(i + 2, Types.NULL);
        } else {
          statement.setObject(i + 2, value);
        }
      }
      statement.addBatch();
      if (id % BATCH == 0) {
        statement.executeBatch();
      }
      return id;
    }

    private int add(String table, @Nullable Object... values) throws SQLException {
      return add(table, values.length, i -> values[i]);
    }

    int trial(int number, String state, @Nullable String start, @Nullable String end)
        throws SQLException {
      return add("trials", number, 1, state, start, end);
    }

    void param(int trial, String name, double value, String distribution) throws SQLException {
      int _ = add("trial_params", trial, name, value, distribution);
    }

    void value(int trial, int objective, double value) throws SQLException {
      int _ = add("trial_values", trial, objective, finite(value), type(value));
    }

    void report(int trial, long step, double value) throws SQLException {
      int _ = add("trial_intermediate_values", trial, step, finite(value), type(value));
    }

    void attribute(String table, int trial, String key, String json) throws SQLException {
      int _ = add(table, trial, key, json);
    }

    private static @Nullable Double finite(double value) {
      return Double.isFinite(value) ? value : null;
    }

    private static String type(double value) {
      return Double.isNaN(value)
          ? "NAN"
          : Double.isInfinite(value) ? value > 0 ? "INF_POS" : "INF_NEG" : "FINITE";
    }

    void flush() throws SQLException {
      for (var statement : new ArrayList<>(statements.values())) {
        statement.executeBatch();
      }
    }

    @Override
    public void close() throws SQLException {
      for (var statement : new ArrayList<>(statements.values())) {
        statement.close();
      }
    }
  }
}

package dev.assay.exchange;

import dev.assay.internal.storage.sql.ForeignDatabase;
import dev.assay.internal.words.Nearest;
import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import dev.assay.trial.Objective;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads Optuna's relational storage in SQLite, of the versions 3 to 5.
final class OptunaDatabase {
  /// Of Optuna's tables: the same since version 0.9; what changed later is in Alembic's own.
  static final int SCHEMA = 12;

  private final Path path;
  private final ForeignDatabase database;
  private final OptunaTrials trials;
  private final Map<Long, Draft> drafts = new LinkedHashMap<>();
  private final Map<Long, String> states = new LinkedHashMap<>();
  private final Map<Long, Map<String, @Nullable Object>> system = new LinkedHashMap<>();
  private int objectives = 1;

  private OptunaDatabase(Path path, ForeignDatabase database, ZoneId zone) {
    this.path = path;
    this.database = database;
    trials = new OptunaTrials(zone);
  }

  /// @param study its name; null: the only one
  /// @param wanted as [OptunaTrials#objectives] has them
  static ForeignStudy read(Path path, @Nullable String study, List<Objective> wanted) {
    try (var database = ForeignDatabase.read(path)) {
      requireKnown(path, database);
      return new OptunaDatabase(path, database, zone(database)).study(study, wanted);
    }
  }

  private static void requireKnown(Path path, ForeignDatabase database) {
    if (database.columns("studies").isEmpty() || database.columns("version_info").isEmpty()) {
      throw new Problem(
          "The database is none of Optuna's.",
          path + ": it has no tables studies and version_info",
          "Name the file of Optuna's storage; a study of Assay's is sqlite:" + path + "#NAME.");
    }
    var versions = new ArrayList<String>();
    database.rows(
        "SELECT schema_version, library_version FROM version_info",
        row -> versions.add(row.getInt(1) + ", of Optuna " + row.getString(2)));
    var version = versions.isEmpty() ? "none" : versions.getFirst();
    boolean old = !database.columns("trial_values").contains("value_type");
    if (!version.startsWith(SCHEMA + ",") || old) {
      throw new Problem(
          "The database is of another version of Optuna.",
          path + ": schema version " + version + (old ? ", older than 3.0" : ""),
          "Bring a copy up to date: optuna storage upgrade --storage sqlite:///" + path);
    }
  }

  /// Since version 5 times are in UTC; before they were those of the machine, whose zone nobody
  /// noted.
  private static ZoneId zone(ForeignDatabase database) {
    var versions = new ArrayList<String>();
    database.rows(
        "SELECT library_version FROM version_info",
        row -> versions.add(String.valueOf(row.getString(1))));
    boolean old = !versions.isEmpty() && versions.getFirst().matches("[0-4]\\..*");
    return old ? ZoneId.systemDefault() : ZoneOffset.UTC;
  }

  private ForeignStudy study(@Nullable String asked, List<Objective> wanted) {
    var studies = new LinkedHashMap<String, Long>();
    database.rows(
        "SELECT study_id, study_name FROM studies ORDER BY study_id",
        row -> studies.put(row.getString(2), row.getLong(1)));
    var name = one(studies.keySet().stream().toList(), asked, path);
    long id = java.util.Objects.requireNonNull(studies.get(name));
    var user = attributes("study_user_attributes", id);
    var own = attributes("study_system_attributes", id);
    var directions = new ArrayList<String>();
    database.rows(
        "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective",
        row -> directions.add(row.getString(1)),
        id);
    var metrics = OptunaTrials.objectives(directions, own, wanted);
    objectives = metrics.size();
    readTrials(id);
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("user", ForeignJson.stored(user));
    facts.put("system", ForeignJson.stored(own));
    return new ForeignStudy(
        "optuna", name, metrics, List.copyOf(drafts.values()), facts, List.of());
  }

  /// The study that is meant among those of a file.
  static String one(List<String> names, @Nullable String wanted, Path path) {
    if (wanted != null) {
      if (!names.contains(wanted)) {
        throw new Problem(
            "There is no such study in it.",
            wanted + " in " + path,
            Nearest.suggest(wanted, names));
      }
      return wanted;
    }
    if (names.size() == 1) {
      return names.getFirst();
    }
    throw new Problem(
        names.isEmpty() ? "There is no study in it." : "There are several studies in it.",
        path + (names.isEmpty() ? "" : ": " + String.join(", ", names)),
        names.isEmpty()
            ? "Name another file."
            : "Say which: --source-study '" + names.getFirst() + "'.");
  }

  private Map<String, @Nullable Object> attributes(String table, long study) {
    var attributes = new LinkedHashMap<String, @Nullable Object>();
    database.rows(
        "SELECT \"key\", value_json FROM " + table + " WHERE study_id = ? ORDER BY 1",
        row -> attributes.put(row.getString(1), json(row.getString(2), table)),
        study);
    return attributes;
  }

  private @Nullable Object json(@Nullable String text, String place) {
    try {
      return text == null ? null : ForeignJson.read(text);
    } catch (JacksonException e) {
      throw new Problem(
          "The database has an attribute that is no JSON.",
          path + ", " + place + ": " + Spoken.ofParser(e.getOriginalMessage()),
          "Somebody changed it, or the disk did: mend the row, or take another copy.",
          e);
    }
  }

  private void readTrials(long study) {
    database.rows(
        "SELECT trial_id, number, state, datetime_start, datetime_complete FROM trials"
            + " WHERE study_id = ? ORDER BY number, trial_id",
        row -> {
          var draft = new Draft(drafts.size());
          drafts.put(row.getLong(1), draft);
          states.put(row.getLong(1), row.getString(3));
          draft.startedMicros = time(row.getString(4), draft);
          draft.endedMicros = time(row.getString(5), draft);
        },
        study);
    each(
        "trial_params",
        "param_name, param_value, distribution_json",
        "param_id",
        study,
        this::param);
    each("trial_values", "value, value_type", "objective", study, this::value);
    each(
        "trial_intermediate_values",
        "step, intermediate_value, intermediate_value_type",
        "step",
        study,
        this::report);
    each(
        "trial_user_attributes",
        "\"key\", value_json",
        "trial_user_attribute_id",
        study,
        (draft, row) ->
            draft.attributes.put(row.getString(2), json(row.getString(3), place(draft))));
    each(
        "trial_system_attributes",
        "\"key\", value_json",
        "trial_system_attribute_id",
        study,
        (draft, row) ->
            system
                .computeIfAbsent(row.getLong(1), _ -> new LinkedHashMap<>())
                .put(row.getString(2), json(row.getString(3), place(draft))));
    drafts.forEach((id, draft) ->
        OptunaTrials.end(
            draft,
            String.valueOf(states.get(id)),
            system.getOrDefault(id, Map.of()),
            place(draft)));
  }

  private static String place(Draft draft) {
    return "trial " + draft.number;
  }

  private long time(@Nullable String text, Draft draft) {
    return text == null ? 0 : trials.micros(text, place(draft));
  }

  /// What is done with a row of a trial's.
  private interface TrialRow {
    void read(Draft draft, ResultSet row) throws SQLException;
  }

  private void each(String table, String columns, String order, long study, TrialRow consumer) {
    database.rows(
        "SELECT trial_id, %s FROM %s WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = ?) ORDER BY trial_id, %s"
            .formatted(columns, table, order),
        row -> {
          var draft = drafts.get(row.getLong(1));
          if (draft != null) {
            consumer.read(draft, row);
          }
        },
        study);
  }

  private void param(Draft draft, ResultSet row) throws SQLException {
    trials.param(draft, row.getString(2), row.getDouble(3), row.getString(4));
  }

  private void value(Draft draft, ResultSet row) throws SQLException {
    draft.values.add(number(row, 2, row.getString(3)));
  }

  private void report(Draft draft, ResultSet row) throws SQLException {
    draft.reports.put(
        row.getLong(2), OptunaTrials.reported(number(row, 3, row.getString(4)), objectives));
  }

  private static double number(ResultSet row, int column, String type) throws SQLException {
    double value = row.getDouble(column);
    boolean absent = row.wasNull();
    return switch (type) {
      case "INF_POS" -> Double.POSITIVE_INFINITY;
      case "INF_NEG" -> Double.NEGATIVE_INFINITY;
      case "NAN" -> Double.NaN;
      case String _ -> absent ? Double.NaN : value;
    };
  }
}

package dev.assay.exchange;

import dev.assay.problem.Problem;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads Optuna's journal files: a line of JSON for each operation, which are done once more here.
final class OptunaJournal {
  private static final List<String> STATES =
      List.of("RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING");
  private static final int MAXIMIZE = 2;

  /// A study of the journal.
  private static final class Study {
    final String name;
    final List<String> directions = new ArrayList<>();
    final Map<String, @Nullable Object> user = new LinkedHashMap<>();
    final Map<String, @Nullable Object> system = new LinkedHashMap<>();
    final List<Trial> trials = new ArrayList<>();

    Study(String name) {
      this.name = name;
    }
  }

  /// A trial, and what its end depends on.
  private static final class Trial {
    final Draft draft;
    final int objectives;
    final Map<String, @Nullable Object> system = new LinkedHashMap<>();
    String state = "RUNNING";

    Trial(Draft draft, int objectives) {
      this.draft = draft;
      this.objectives = objectives;
    }

    boolean isFinished() {
      return !state.equals("RUNNING") && !state.equals("WAITING");
    }
  }

  private final Path path;
  private final OptunaTrials values = new OptunaTrials(ZoneOffset.UTC);
  private final Map<Long, Study> studies = new LinkedHashMap<>();
  private final Map<Long, Trial> trials = new HashMap<>();
  private long nextStudy;
  private int line;

  private OptunaJournal(Path path) {
    this.path = path;
  }

  /// @param study its name; null: the only one
  /// @param wanted as [OptunaTrials#objectives] has them
  static ForeignStudy read(Path path, @Nullable String study, List<Objective> wanted)
      throws IOException {
    var journal = new OptunaJournal(path);
    boolean torn = false;
    try (var lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        if (torn) {
          throw journal.unreadable("it is no JSON", null);
        }
        journal.line++;
        torn = !journal.apply(text);
      }
    } catch (CharacterCodingException e) {
      throw new Problem(
          "The journal is no text.",
          path + ", behind line " + journal.line + ": bytes that are no UTF-8",
          "Take another copy of it.",
          e);
    }
    return journal.study(study, wanted, torn);
  }

  /// @return whether the line is whole: the last one may be cut off by a process that died
  private boolean apply(String text) {
    if (text.isBlank()) {
      return true;
    }
    @Nullable Object json;
    try {
      json = ForeignJson.read(text);
    } catch (JacksonException e) {
      return false;
    }
    if (!(json instanceof Map<?, ?> map) || !(map.get("op_code") instanceof Number code)) {
      throw unreadable("it has no op_code", null);
    }
    try {
      apply(code.intValue(), Origin.map(map));
    } catch (NullPointerException | ClassCastException | IndexOutOfBoundsException e) {
      throw unreadable("a field of operation " + code + " is missing or of another kind", e);
    }
    return true;
  }

  private Problem unreadable(String why, @Nullable Exception cause) {
    return new Problem(
        "A line of the journal cannot be read.",
        path + ", line " + line + ": " + why,
        "Optuna could not read it either: remove the line, or take another copy.",
        cause);
  }

  private void apply(int code, Map<String, @Nullable Object> log) {
    switch (code) {
      case 0 -> create(log);
      case 1 -> studies.remove(whole(log, "study_id"));
      case 2 -> of(log).user.putAll(Origin.map(log.get("user_attr")));
      case 3 -> of(log).system.putAll(Origin.map(log.get("system_attr")));
      case 4 -> begin(log);
      case 5, 6, 7, 8, 9 -> {
        var trial = trials.get(whole(log, "trial_id"));
        if (trial != null && !trial.isFinished()) {
          change(code, trial, log);
        }
      }
      case 10 -> {
        // of another program, which Optuna passes over too
      }
      default -> throw unreadable("operation " + code + " is not known", null);
    }
  }

  private static long whole(Map<String, @Nullable Object> log, String key) {
    return ((Number) Objects.requireNonNull(log.get(key))).longValue();
  }

  /// One that was deleted meanwhile is changed all the same, and not looked at again.
  private Study of(Map<String, @Nullable Object> log) {
    var study = studies.get(whole(log, "study_id"));
    return study == null ? new Study("") : study;
  }

  private void create(Map<String, @Nullable Object> log) {
    var name = String.valueOf(log.get("study_name"));
    if (studies.values().stream().anyMatch(study -> study.name.equals(name))) {
      return; // two processes began it: the first counts
    }
    var study = new Study(name);
    for (var direction : (List<?>) Objects.requireNonNull(log.get("directions"))) {
      boolean up = direction instanceof Number number && number.intValue() == MAXIMIZE;
      study.directions.add(up ? "MAXIMIZE" : "MINIMIZE");
    }
    studies.put(nextStudy++, study);
  }

  private void begin(Map<String, @Nullable Object> log) {
    var study = studies.get(whole(log, "study_id"));
    if (study == null) {
      return;
    }
    var draft = new Draft(study.trials.size());
    var trial = new Trial(draft, study.directions.size());
    study.trials.add(trial);
    trials.put((long) trials.size(), trial);
    draft.startedMicros = time(log.get("datetime_start"));
    draft.endedMicros = time(log.get("datetime_complete"));
    if (log.get("state") instanceof Number state) {
      trial.state = STATES.get(state.intValue());
    }
    var distributions = Origin.map(log.get("distributions"));
    Origin.map(log.get("params"))
        .forEach((name, value) -> param(trial, name, value, distributions.get(name)));
    draft.attributes.putAll(Origin.map(log.get("user_attrs")));
    trial.system.putAll(Origin.map(log.get("system_attrs")));
    Origin.map(log.get("intermediate_values"))
        .forEach((step, value) -> report(trial, Long.parseLong(step), value));
    result(trial, log.get("values"), log.get("value"));
  }

  private void param(
      Trial trial, String name, @Nullable Object value, @Nullable Object distribution) {
    values.param(
        trial.draft,
        name,
        ((Number) Objects.requireNonNull(value)).doubleValue(),
        (String) distribution);
  }

  private static void report(Trial trial, long step, @Nullable Object value) {
    trial.draft.reports.put(step, OptunaTrials.reported(number(value), trial.objectives));
  }

  private static double number(@Nullable Object value) {
    return Objects.requireNonNullElse(ForeignJson.number(value), Double.NaN);
  }

  private static void result(Trial trial, @Nullable Object values, @Nullable Object value) {
    if (values instanceof List<?> list) {
      trial.draft.values = new ArrayList<>(list.stream().map(OptunaJournal::number).toList());
    } else if (value != null) {
      trial.draft.values = new ArrayList<>(List.of(number(value)));
    }
  }

  private long time(@Nullable Object text) {
    return text instanceof String time ? values.micros(time, path + ", line " + line) : 0;
  }

  private void change(int code, Trial trial, Map<String, @Nullable Object> log) {
    switch (code) {
      case 5 ->
          param(
              trial,
              String.valueOf(log.get("param_name")),
              log.get("param_value_internal"),
              log.get("distribution"));
      case 6 -> {
        trial.state = STATES.get((int) whole(log, "state"));
        if (log.containsKey("datetime_start")) {
          trial.draft.startedMicros = time(log.get("datetime_start"));
        }
        if (log.containsKey("datetime_complete")) {
          trial.draft.endedMicros = time(log.get("datetime_complete"));
        }
        result(trial, log.get("values"), null);
      }
      case 7 -> report(trial, whole(log, "step"), log.get("intermediate_value"));
      case 8 -> trial.draft.attributes.putAll(Origin.map(log.get("user_attr")));
      default -> trial.system.putAll(Origin.map(log.get("system_attr")));
    }
  }

  private ForeignStudy study(@Nullable String asked, List<Objective> wanted, boolean torn) {
    var name =
        OptunaDatabase.one(
            studies.values().stream().map(study -> study.name).toList(), asked, path);
    var study =
        studies.values().stream().filter(one -> one.name.equals(name)).findFirst().orElseThrow();
    var metrics = OptunaTrials.objectives(study.directions, study.system, wanted);
    var drafts = new ArrayList<Draft>();
    for (var trial : study.trials) {
      OptunaTrials.end(trial.draft, trial.state, trial.system, "trial " + trial.draft.number);
      drafts.add(trial.draft);
    }
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("user", ForeignJson.stored(study.user));
    facts.put("system", ForeignJson.stored(study.system));
    var remarks =
        torn
            ? List.of("The journal's last line is cut off, as by a process that died.")
            : List.<String>of();
    return new ForeignStudy("optuna", name, metrics, drafts, facts, remarks);
  }
}

package dev.assay.exchange;

import dev.assay.problem.Problem;
import dev.assay.space.Distribution;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialState;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Trials of Optuna's, whichever storage they are read from.
final class OptunaTrials {
  /// The study's system attribute with the names of its objectives.
  static final String METRIC_NAMES = "study:metric_names";

  /// The system attribute with what a trial had here before it was taken to Optuna: see
  /// [OptunaFile].
  static final String ASSAY = "assay";

  /// As Optuna's own databases have times, in UTC.
  static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private final ZoneId zone;

  /// Distributions that were read before, by their text: most trials have the same.
  private final Map<String, OptunaDistribution> known = new HashMap<>();

  private final Map<String, Distribution> spaces = new HashMap<>();

  /// @param zone of times that name none
  OptunaTrials(ZoneId zone) {
    this.zone = zone;
  }

  /// The objectives of a study.
  ///
  /// @param directions `MINIMIZE`, `MAXIMIZE`, in any case
  /// @param system the study's system attributes
  /// @param wanted as the user names them, those of each direction in the study's order; empty: as
  ///   the study has them
  static List<Objective> objectives(
      List<String> directions, Map<String, @Nullable Object> system, List<Objective> wanted) {
    var said = system.get(METRIC_NAMES) instanceof List<?> list ? list : List.of();
    var left = new ArrayList<>(wanted);
    var objectives = new ArrayList<Objective>();
    for (int i = 0; i < directions.size(); i++) {
      boolean up = directions.get(i).equalsIgnoreCase("MAXIMIZE");
      var direction = up ? Direction.MAXIMIZE : Direction.MINIMIZE;
      var name =
          said.size() == directions.size()
              ? String.valueOf(said.get(i))
              : directions.size() == 1 ? "value" : "value_" + i;
      var own = new Objective(name, direction);
      var named = left.stream().filter(one -> one.direction() == direction).findFirst();
      if (!wanted.isEmpty() && named.isEmpty()) {
        throw others(directions, wanted);
      }
      named.ifPresent(left::remove);
      objectives.add(named.orElse(own));
    }
    if (!left.isEmpty()) {
      throw others(directions, wanted);
    }
    return List.copyOf(objectives);
  }

  private static Problem others(List<String> directions, List<Objective> wanted) {
    return new Problem(
        "The study has other objectives.",
        String.join(", ", directions)
            + " there; here "
            + wanted.stream().map(one -> one.direction() + " " + one.metric()).toList(),
        "Name as many of each direction as there are, or none.");
  }

  void param(Draft draft, String name, double stored, @Nullable String json) {
    var place = "trial " + draft.number + ", parameter " + name;
    var text = String.valueOf(json);
    var distribution = known.get(text);
    if (distribution == null) {
      distribution = OptunaDistribution.read(json, place);
      known.put(text, distribution);
      try {
        spaces.put(text, distribution.distribution(place));
      } catch (Problem problem) {
        throw problem.at(place);
      }
    }
    draft.params.put(name, distribution.value(stored, place));
    draft.distributions.put(name, java.util.Objects.requireNonNull(spaces.get(text)));
    raw(draft, name, text);
  }

  /// The text of the distribution, which is kept where the space has another.
  private static void raw(Draft draft, String name, String json) {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.putAll(Origin.map(draft.origin.get(Origin.DISTRIBUTIONS)));
    all.put(name, json);
    draft.origin.put(Origin.DISTRIBUTIONS, all);
  }

  /// Microseconds since 1970.
  long micros(String time, String place) {
    try {
      var text = time.replace('T', ' ');
      var at =
          text.matches(".*(?:Z|[+-]\\d\\d:?\\d\\d)")
              ? java.time.OffsetDateTime.parse(text.replace(' ', 'T')).toInstant()
              : LocalDateTime.parse(text, TIME).atZone(zone).toInstant();
      return ChronoUnit.MICROS.between(java.time.Instant.EPOCH, at);
    } catch (DateTimeParseException e) {
      throw new Problem(
          "A time cannot be read.",
          "\"" + time + "\" (" + place + ")",
          "Somebody changed it, or the disk did: mend it, or take another copy.",
          e);
    }
  }

  /// Gives a trial that was read whole its end: what Optuna's state is here.
  ///
  /// @param state `COMPLETE`, `PRUNED`, `FAIL`, `RUNNING`, `WAITING`
  /// @param system its system attributes
  static void end(Draft draft, String state, Map<String, @Nullable Object> system, String place) {
    switch (state) {
      case "COMPLETE" -> complete(draft);
      case "PRUNED" -> draft.state = TrialState.PRUNED;
      case "FAIL" -> draft.fail(Cause.ERROR, OptunaFile.FAILED);
      case "RUNNING" -> {
        draft.fail(Cause.LOST, "was running in Optuna when it was imported");
        draft.origin.put(Origin.STATE, state);
      }
      case "WAITING" -> {
        draft.state = TrialState.WAITING;
        draft.params.putAll(Origin.map(system.get("fixed_params")));
      }
      case String _ ->
          throw new Problem(
              "A trial is in a state that is not known.",
              state + " (" + place + ")",
              "Known are COMPLETE, PRUNED, FAIL, RUNNING and WAITING.");
    }
    if (draft.state != TrialState.COMPLETE) {
      if (!draft.values.equals(expected(draft))) {
        draft.origin.put(Origin.VALUES, ForeignJson.stored(draft.values));
      }
      draft.values = List.of();
    }
    var own = new LinkedHashMap<String, @Nullable Object>(system);
    restore(draft, Origin.map(own.remove(ASSAY)));
    if (!own.isEmpty()) {
      draft.origin.put(Origin.SYSTEM, ForeignJson.stored(own));
    }
  }

  /// The values that Optuna gives a trial of this state: a pruned one has what it reported last.
  private static List<Double> expected(Draft draft) {
    if (draft.state != TrialState.PRUNED || draft.reports.isEmpty()) {
      return List.of();
    }
    var last = draft.reports.lastEntry().getValue();
    return last.size() == 1 && !Double.isNaN(last.getFirst()) ? last : List.of();
  }

  private static void complete(Draft draft) {
    boolean finite = !draft.values.isEmpty() && draft.values.stream().allMatch(Double::isFinite);
    if (finite) {
      draft.state = TrialState.COMPLETE;
    } else {
      draft.fail(Cause.NOT_FINITE, "its value is " + draft.values);
      draft.origin.put(Origin.STATE, "COMPLETE");
    }
  }

  /// What a trial had here before it was taken to Optuna.
  private static void restore(Draft draft, Map<String, @Nullable Object> assay) {
    if (assay.get("restarts") instanceof Number restarts) {
      draft.restarts = restarts.intValue();
    }
    if (draft.state == TrialState.FAILED
        && assay.get("cause") instanceof String cause
        && assay.get("detail") instanceof String detail) {
      try {
        draft.fail(Cause.valueOf(cause.toUpperCase(Locale.ROOT)), detail);
      } catch (IllegalArgumentException newer) {
        draft.detail = cause + ": " + detail;
      }
    }
    if (assay.get("reports") instanceof Map<?, ?> reports) {
      reports.forEach((step, list) -> {
        if (list instanceof List<?> numbers) {
          draft.reports.put(
              Long.parseLong(String.valueOf(step)),
              numbers.stream()
                  .map(number ->
                      java.util.Objects.requireNonNullElse(ForeignJson.number(number), Double.NaN))
                  .toList());
        }
      });
    }
  }

  /// Values that a trial of several objectives reported: Optuna has one for each step.
  static List<Double> reported(double value, int objectives) {
    var values = new ArrayList<Double>();
    values.add(value);
    for (int i = 1; i < objectives; i++) {
      values.add(Double.NaN);
    }
    return values;
  }
}

package dev.assay.exchange;

import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Drafts as trials of a space.
final class Records {
  private final SearchSpace space;

  /// Whether a distribution of the tool's, by parameter and text, is that of the space.
  private final Map<String, Boolean> same = new HashMap<>();

  Records(SearchSpace space) {
    this.space = space;
  }

  /// Whether every trial that ran to an end has all its parameters in the space, and no others.
  static boolean fit(List<Draft> drafts, SearchSpace space) {
    return drafts.stream().filter(Draft::isSettled).allMatch(draft -> misfit(draft, space) == null);
  }

  /// What of a trial does not fit into a space, in words; null where all does.
  static @Nullable String misfit(Draft draft, SearchSpace space) {
    var fitted = SpaceGuess.Fitted.of(space, draft.params);
    if (!fitted.unfit().isEmpty()) {
      return "trial " + draft.number + " has " + fitted.unfit();
    }
    return fitted.missing().isEmpty()
        ? null
        : "trial " + draft.number + " has no " + String.join(", ", fitted.missing());
  }

  /// The trials, waiting ones too, by number.
  List<TrialRecord> of(List<Draft> drafts) {
    return drafts.stream().map(this::of).toList();
  }

  private TrialRecord of(Draft draft) {
    var fitted = SpaceGuess.Fitted.of(space, draft.params);
    var configuration = space.read(fitted.values());
    var origin = new LinkedHashMap<String, @Nullable Object>(draft.origin);
    var changed = new LinkedHashMap<String, @Nullable Object>(fitted.unfit());
    fitted
        .values()
        .forEach((name, value) -> {
          if (value instanceof Double exact && !exact.equals(configuration.values().get(name))) {
            changed.put(name, value);
          }
        });
    putUnlessEmpty(origin, Origin.PARAMS, changed);
    boolean waits = draft.state == TrialState.WAITING;
    if (!fitted.missing().isEmpty() && !waits) {
      origin.put(Origin.MISSING, fitted.missing());
    }
    keepDistributions(origin);
    keepTimes(draft, origin);
    var reports = new ArrayList<Report>();
    draft.reports.forEach((step, values) -> reports.add(new Report(step, values)));
    return new TrialRecord(
        draft.number,
        draft.state,
        configuration,
        Map.of(),
        List.copyOf(reports),
        draft.values,
        draft.cause,
        draft.detail,
        attributes(draft, origin),
        waits ? 0 : draft.startedMicros / 1000,
        draft.seconds(),
        draft.restarts);
  }

  private static void putUnlessEmpty(
      Map<String, @Nullable Object> origin, String key, Map<String, @Nullable Object> map) {
    if (!map.isEmpty()) {
      origin.put(key, ForeignJson.stored(map));
    }
  }

  private static Map<String, @Nullable Object> attributes(
      Draft draft, Map<String, @Nullable Object> origin) {
    var attributes = new LinkedHashMap<String, @Nullable Object>();
    var exact = new LinkedHashMap<String, @Nullable Object>();
    draft.attributes.forEach((key, value) -> {
      var stored = ForeignJson.stored(value);
      boolean ours = key.equals(Origin.KEY);
      if (!ours) {
        attributes.put(key, stored);
      }
      if (ours || !Objects.equals(stored, value)) {
        exact.put(key, ForeignJson.write(value));
      }
    });
    putUnlessEmpty(origin, Origin.ATTRIBUTES, exact);
    if (!origin.isEmpty()) {
      attributes.put(Origin.KEY, origin);
    }
    return attributes;
  }

  private static void keepTimes(Draft draft, Map<String, @Nullable Object> origin) {
    if (draft.startedMicros % 1000 != 0) {
      put(origin, Origin.START, draft.startedMicros);
    }
    if (draft.startedMicros % 1000 != 0
        || draft.endedMicros % 1000 != 0
        || draft.startedMicros == 0) {
      put(origin, Origin.END, draft.endedMicros);
    }
  }

  private static void put(Map<String, @Nullable Object> origin, String key, long micros) {
    if (micros != 0) {
      origin.put(key, Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
    }
  }

  private void keepDistributions(Map<String, @Nullable Object> origin) {
    var other = new LinkedHashMap<String, @Nullable Object>();
    Origin.map(origin.remove(Origin.DISTRIBUTIONS))
        .forEach((name, json) -> {
          var text = String.valueOf(json);
          if (!same.computeIfAbsent(name + "\n" + text, _ -> isSame(name, text))) {
            other.put(name, text);
          }
        });
    putUnlessEmpty(origin, Origin.DISTRIBUTIONS, other);
  }

  private boolean isSame(String name, String json) {
    var ours =
        OptunaDistribution.of(space.parameters().get(space.requireIndex(name)).distribution());
    var theirs = OptunaDistribution.read(json, name);
    return ours.kind().equals(theirs.kind())
        && ours.attributes().entrySet().stream()
            .allMatch(entry -> isSame(entry.getValue(), theirs.attributes().get(entry.getKey())));
  }

  /// Bounds are equal as numbers, options only with their types.
  private static boolean isSame(@Nullable Object ours, @Nullable Object theirs) {
    return ours instanceof Number a && theirs instanceof Number b
        ? a.doubleValue() == b.doubleValue()
        : Objects.equals(ours, theirs);
  }

  /// @throws Problem for the first trial that does not fit
  static void requireFit(List<Draft> drafts, SearchSpace space, String file) {
    for (var draft : drafts) {
      var misfit = draft.isSettled() ? misfit(draft, space) : null;
      if (misfit != null) {
        throw new Problem(
            "A trial does not fit into the study file's space.",
            misfit + " (" + file + ")",
            "Widen the space, or name a file that is not there yet: it is written.");
      }
    }
  }
}

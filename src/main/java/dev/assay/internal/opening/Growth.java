package dev.assay.internal.opening;

import dev.assay.internal.storage.StudyCopy;
import dev.assay.internal.storage.StudyFacts;
import dev.assay.problem.Problem;
import dev.assay.storage.Storage;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study that goes on under another definition: with each of its trials as far as it fits.
///
/// A trial fits where its configuration is one of the space now (see [Projection]), and every
/// metric that is optimised now is known of it. What does not fit stays in the study that is put
/// aside.
public final class Growth {
  /// The fact with the changes of a study: a list of maps, see [#change].
  public static final String FACT = "changes";

  private static final int NAMED = 20;

  private final StudyDefinition now;
  private final List<String> differences;
  private final List<TrialRecord> fitting = new ArrayList<>();
  private final Map<Integer, String> misfits = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> facts;

  /// Why the first completed trial that does not fit does not.
  private @Nullable String reason;

  /// What would make the trial of the reason fit.
  private String mend = "";

  private int next;

  private Growth(
      StudyDefinition now, List<String> differences, Map<String, @Nullable Object> facts) {
    this.now = now;
    this.differences = differences;
    this.facts = facts;
  }

  /// What becomes of a stored study.
  ///
  /// @param differences of its definition and the one now, not empty
  /// @throws Problem where it has completed trials and none of them fits, with a reason
  public static Growth of(
      StoredStudy study,
      StudyDefinition now,
      List<String> differences,
      Projection projection,
      SearchTask task) {
    var then = study.definition();
    var facts = study.facts();
    var objectives = then.objectives();
    boolean sameSearch = then.hasSame(now, "space") && then.hasSame(now, "sampler");
    var growth = new Growth(now, differences, facts);
    study.load(
        StudyFacts.space(then, facts),
        trial -> {
          growth.next = Math.max(growth.next, trial.number() + 1);
          if (trial.state() == TrialState.DISCARDED) {
            growth.misfits.put(trial.number(), "it was discarded");
            return;
          }
          try {
            var values = projection.of(trial.configuration()).values();
            var read =
                trial.with(task.space().configuration(values)); // which keeps the constraints
            var judged = judged(read, objectives, task);
            // What a sampler noted means nothing to another one, or in another space.
            growth.fitting.add(sameSearch ? judged : judged.noted(Confirmation.note(judged)));
          } catch (Problem problem) {
            growth.leave(trial, problem);
          }
        });
    growth.requireSome();
    return growth;
  }

  private void leave(TrialRecord trial, Problem problem) {
    var words = problem.what() + " " + problem.value();
    misfits.put(trial.number(), words);
    if (reason == null && trial.state() == TrialState.COMPLETE) {
      reason = "trial " + trial.number() + ": " + words;
      mend = problem.mend();
    }
  }

  /// A search that knows of no value would begin anew, and nobody asked for that.
  private void requireSome() {
    boolean some = fitting.stream().anyMatch(trial -> trial.state() == TrialState.COMPLETE);
    if (reason != null && !some) {
      throw new Problem(
          "No completed trial of the study fits what it is to be now.",
          now.name() + ", " + reason,
          mend + " Or undo the change, or start anew (--fresh).");
    }
  }

  /// A trial under the objectives and bounds now.
  private static TrialRecord judged(
      TrialRecord trial, List<Objective> objectives, SearchTask task) {
    var values = new ArrayList<Double>();
    if (trial.state() == TrialState.COMPLETE) {
      for (var objective : task.objectives()) {
        var value = trial.metric(objective.metric(), objectives);
        if (value == null) {
          throw new Problem(
              "A metric is not known of it.", objective.metric(), "Run it once more.");
        }
        values.add(value);
      }
    }
    var reports = trial.reports().stream().map(r -> report(r, objectives, task)).toList();
    return trial.valued(values, reports).under(task.constraints(), task.objectives());
  }

  private static Report report(Report then, List<Objective> objectives, SearchTask task) {
    var metrics = objectives.stream().map(Objective::metric).toList();
    var values = new ArrayList<Double>();
    for (var objective : task.objectives()) {
      int place = metrics.indexOf(objective.metric());
      values.add(
          place >= 0 && place < then.values().size() ? then.values().get(place) : Double.NaN);
    }
    return new Report(then.step(), List.copyOf(values));
  }

  /// What differs, one line each.
  public List<String> differences() {
    return differences;
  }

  /// How many trials go on.
  public int fitting() {
    return fitting.size();
  }

  /// Why the others do not, by number.
  public Map<Integer, String> misfits() {
    return misfits;
  }

  /// Puts the study aside and goes on with what fits, at once: whoever is killed meanwhile finds
  /// one or the other.
  ///
  /// @param aside the name that the study has from now on
  public void store(Storage storage, String aside) {
    var successor = now.name() + " (change that began at " + moment() + " and did not end)";
    try (var log = storage.create(now.renamed(successor))) {
      log.together(() -> {
        facts.forEach((key, value) -> {
          if (value != null && !key.equals(StudyFacts.SPACE)) {
            log.putFact(key, value);
          }
        });
        fitting.forEach(trial -> StudyCopy.write(trial, log));
        var changes = new ArrayList<Object>(changes(facts));
        changes.add(change(aside));
        log.putFact(FACT, changes);
      });
    }
    storage.replace(now.name(), aside, successor);
  }

  private static String moment() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /// `{"trial": 40, "at": TIME, "differences": [...], "fitting": 28, "misfits": {"7": REASON},
  /// "aside": NAME}`: what was different from trial 40 on.
  private Map<String, Object> change(String aside) {
    var change = new LinkedHashMap<String, Object>();
    change.put("trial", next);
    change.put("at", moment());
    change.put("differences", differences);
    change.put("fitting", fitting.size());
    change.put("left", misfits.size());
    var named = new LinkedHashMap<String, Object>();
    misfits.entrySet().stream()
        .limit(NAMED)
        .forEach(entry -> named.put(entry.getKey().toString(), entry.getValue()));
    change.put("misfits", named);
    change.put("aside", aside);
    return change;
  }

  /// The changes of a study, the oldest first.
  public static List<Map<?, ?>> changes(Map<String, @Nullable Object> facts) {
    var changes = new ArrayList<Map<?, ?>>();
    if (facts.get(FACT) instanceof List<?> list) {
      for (var element : list) {
        if (element instanceof Map<?, ?> change) {
          changes.add(change);
        }
      }
    }
    return changes;
  }

  /// The reasons of those that do not fit, each once.
  public List<String> reasons() {
    return List.copyOf(new LinkedHashSet<>(misfits.values()));
  }
}

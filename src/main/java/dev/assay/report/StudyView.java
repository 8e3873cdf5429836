package dev.assay.report;

import dev.assay.internal.sampler.gp.Recommendations;
import dev.assay.internal.sampler.gp.SuccessChance;
import dev.assay.internal.storage.StudyFacts;
import dev.assay.internal.trial.ParetoFront;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.spec.ShownFile;
import dev.assay.storage.Overhead;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.study.Confirmed;
import dev.assay.study.Study;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Recommendation;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A study at one moment, as far as anybody who looks at it needs to know. Immutable.
///
/// @param trials by number
/// @param facts what is known of the study as a whole, by key
/// @param overhead time spent so far
/// @param sketch where only some of the trials are here, see [#sketch(StoredStudy)]; else null
public record StudyView(
    StudyDefinition definition,
    SearchSpace space,
    List<Objective> objectives,
    List<TrialRecord> trials,
    Map<String, @Nullable Object> facts,
    Overhead overhead,
    StoredStudy.@Nullable Sketch sketch) {

  /// The fact that names the back end that ran: a string.
  public static final String BACKEND = "backend";

  /// The fact with the text of the study file: a string.
  public static final String STUDY_FILE = "study file";

  /// The fact where the study file is: a string, absolute.
  public static final String STUDY_PATH = "study path";

  /// The fact with the `--set`s applied to the study file, in order: a list of strings.
  public static final String OVERRIDES = "overrides";

  /// The key of a study file that holds values that may be secrets.
  private static final String ENVIRONMENT = "env";

  /// The fact about versions, machine and commit: a map of any JSON values.
  public static final String PROVENANCE = "provenance";

  /// The fact with the parameters that are given and not chosen: names.
  public static final String CONTEXT = "kernel_context";

  public StudyView {
    objectives = List.copyOf(objectives);
    trials = List.copyOf(trials);
  }

  /// What a storage keeps of a study, running or not.
  public static StudyView of(StoredStudy log) {
    var facts = log.facts();
    var space = StudyFacts.space(log.definition(), facts);
    var trials = new ArrayList<TrialRecord>();
    log.load(space, trials::add);
    return of(log.definition(), space, trials, facts, StudyFacts.overhead(facts));
  }

  /// A stored study as far as a summary of it goes: of one with very many trials only those that a
  /// summary names, with the counts of all. Everything else (importances, curves, a page) is to be
  /// made of a view of all trials.
  public static StudyView sketch(StoredStudy log) {
    var sketched = sketch(log, Recommendations.MOST_TIED + 1);
    return sketched.sketch != null
            && Recommendations.mayHide(
                sketched.count(TrialState.COMPLETE), sketched.trials, log::mayRepeat)
        ? of(log)
        : sketched;
  }

  /// The same for a line in a list, which recommends none: of however many trials.
  public static StudyView line(StoredStudy log) {
    return sketch(log, 0);
  }

  private static StudyView sketch(StoredStudy log, int fewest) {
    var definition = log.definition();
    var objectives = definition.objectives();
    if (objectives.size() != 1 || !constraints(definition).isEmpty()) {
      return of(log);
    }
    var facts = log.facts();
    var space = StudyFacts.space(definition, facts);
    var sketch = log.sketch(space, objectives.getFirst().direction(), fewest).orElse(null);
    if (sketch == null || sketch.trials().stream().anyMatch(Confirmation::is)) {
      return of(log);
    }
    return new StudyView(
        definition,
        space,
        objectives,
        sketch.trials(),
        withoutSecrets(facts),
        StudyFacts.overhead(facts),
        sketch);
  }

  /// A stored study with its best complete trials by the first objective, and perhaps others.
  ///
  /// @param most how many are wanted, at least 1
  public static StudyView top(StoredStudy log, int most) {
    var definition = log.definition();
    if (!constraints(definition).isEmpty()) {
      return of(log);
    }
    var facts = log.facts();
    var space = StudyFacts.space(definition, facts);
    return log.top(space, definition.objectives().getFirst().direction(), most)
        .map(best -> of(definition, space, best, facts, StudyFacts.overhead(facts)))
        .orElseGet(() -> of(log));
  }

  /// An open study as it stands now.
  public static StudyView of(Study<?> study) {
    var space = study.space();
    var trials = new ArrayList<>(study.trials());
    if (space.isOpen()) { // each trial knows its own parameters only
      trials.replaceAll(trial -> trial.in(space));
    }
    return of(study.definition(), space, trials, study.facts(), study.overhead());
  }

  /// A view made by hand.
  ///
  /// @param trials in any order
  public static StudyView of(
      StudyDefinition definition,
      Collection<TrialRecord> trials,
      Map<String, @Nullable Object> facts) {
    var space = StudyFacts.space(definition, facts);
    return of(definition, space, trials, facts, StudyFacts.overhead(facts));
  }

  private static StudyView of(
      StudyDefinition definition,
      SearchSpace space,
      Collection<TrialRecord> trials,
      Map<String, @Nullable Object> facts,
      Overhead overhead) {
    var byNumber = new ArrayList<>(trials);
    byNumber.sort((a, b) -> Integer.compare(a.number(), b.number()));
    var objectives = definition.objectives();
    var constraints = constraints(definition);
    byNumber.replaceAll(trial -> trial.under(constraints, objectives));
    return new StudyView(
        definition, space, objectives, byNumber, withoutSecrets(facts), overhead, null);
  }

  /// Older versions kept study files as they were, with the values of environment variables.
  private static Map<String, @Nullable Object> withoutSecrets(Map<String, @Nullable Object> facts) {
    if (!(facts.get(STUDY_FILE) instanceof String text)) {
      return facts;
    }
    var overrides = overrides(facts);
    if (!text.contains(ENVIRONMENT) && overrides.stream().noneMatch(o -> o.contains(ENVIRONMENT))) {
      return facts;
    }
    var shown = new LinkedHashMap<String, @Nullable Object>(facts);
    try {
      var file = ShownFile.of(text, overrides);
      shown.put(STUDY_FILE, file.text());
      shown.put(OVERRIDES, file.overrides());
    } catch (Problem unreadable) { // nobody knows what is a secret in it
      shown.remove(STUDY_FILE);
      shown.remove(OVERRIDES);
    }
    return shown;
  }

  static List<OutcomeConstraint> constraints(StudyDefinition definition) {
    return definition.content().get("constraints") instanceof List<?> list
        ? list.stream().map(text -> OutcomeConstraint.parse(String.valueOf(text))).toList()
        : List.of();
  }

  /// The bounds on outcomes.
  public List<OutcomeConstraint> bounds() {
    return constraints(definition);
  }

  public String name() {
    return definition.name();
  }

  /// The same study with some of its trials, in some order.
  StudyView with(List<TrialRecord> some) {
    return new StudyView(definition, space, objectives, some, facts, overhead, null);
  }

  /// The same study, of which there are more trials than are here.
  StudyView sketched(StoredStudy.Sketch sketch) {
    return new StudyView(definition, space, objectives, trials, facts, overhead, sketch);
  }

  /// How many trials there are in all.
  public int size() {
    return sketch == null
        ? trials.size()
        : sketch.counts().values().stream().mapToInt(Integer::intValue).sum();
  }

  /// When something happened last, milliseconds since 1970; 0: never.
  public double lastMillis() {
    double millis = sketch == null ? 0 : sketch.lastMillis();
    for (var trial : trials) {
      millis = Math.max(millis, trial.startedMillis() + 1e3 * trial.seconds());
    }
    return millis;
  }

  /// The number of trials in a state.
  public int count(TrialState state) {
    if (sketch != null) {
      return sketch.counts().getOrDefault(state, 0);
    }
    return (int) trials.stream().filter(trial -> trial.state() == state).count();
  }

  /// The trial of a number, where it is here.
  public Optional<TrialRecord> trial(int number) {
    int row = row(number);
    return row < 0 ? Optional.empty() : Optional.of(trials.get(row));
  }

  /// The row of a trial, or a negative number.
  int row(int number) {
    return ByNumber.row(trials, number);
  }

  /// The best complete trial, or all that no other dominates where there are several objectives.
  public List<TrialRecord> best() {
    return ParetoFront.of(trials, objectives);
  }

  /// The trials that the search proposed or was given: all but those that confirm its finalists.
  public List<TrialRecord> searched() {
    return trials.stream().filter(trial -> !Confirmation.is(trial)).toList();
  }

  /// The finalists that were run again, best first; empty before any of these runs is complete.
  public List<Confirmed> confirmed() {
    return Confirmed.of(trials, objectives);
  }

  /// What confirms the defaults; null where nobody said any, or they were not run again.
  public @Nullable Confirmed confirmedDefault() {
    var defaults = Confirmation.reference(space());
    return defaults == null
        ? null
        : confirmed().stream()
            .filter(one -> one.trial().configuration().equals(defaults))
            .findFirst()
            .orElse(null);
  }

  /// The finalist that was confirmed as the best; before that, where trials showed noise or several
  /// share the best of rounded values, the trial whose value is expected to be best; else null.
  public @Nullable Recommendation recommended() {
    if (sketch != null) {
      return null; // there are too many trials for that, or nothing that speaks of noise
    }
    var confirmed = confirmed();
    return confirmed.isEmpty()
        ? Recommendations.of(trials, objectives)
        : confirmed.getFirst().recommendation();
  }

  /// The trials whose configurations are to be used: the one that was confirmed as the best, else
  /// the [#best].
  public List<TrialRecord> chosen() {
    var confirmed = confirmed();
    return confirmed.isEmpty() ? best() : List.of(confirmed.getFirst().trial());
  }

  /// The probability that a trial brings a value, as failures taught it; null where none did.
  public @Nullable SuccessChance successChance() {
    return SuccessChance.of(space, searched());
  }

  public @Nullable Long seed() {
    return definition.content().get("seed") instanceof Number seed ? seed.longValue() : null;
  }

  /// The name of the back end that ran, where it is known.
  public @Nullable String backend() {
    return facts.get(BACKEND) instanceof String backend ? backend : null;
  }

  /// The `--set`s applied to the study file, in order.
  public List<String> overrides() {
    return overrides(facts);
  }

  private static List<String> overrides(Map<String, @Nullable Object> facts) {
    return facts.get(OVERRIDES) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /// The study file's text, where it was kept.
  public @Nullable String studyFile() {
    return facts.get(STUDY_FILE) instanceof String text ? text : null;
  }

  /// The parameters that are given and not chosen, such as a size; empty where all are chosen, or
  /// several objectives have no best.
  public List<String> given() {
    return objectives().size() == 1 && facts().get(CONTEXT) instanceof List<?> names
        ? names.stream().map(String::valueOf).toList()
        : List.of();
  }

  /// The best complete trial for each value of what is [#given], in the order of the values.
  public List<TrialRecord> decisions() {
    var given = given();
    return given.isEmpty() ? List.of() : Decisions.of(this, given);
  }

  /// The best complete trial, by the first objective, for each value of some parameters, among
  /// those that keep bounds on outcomes; without parameters the one that is to be used, if any.
  ///
  /// @param by names of parameters
  public List<TrialRecord> decisions(List<String> by) {
    return by.isEmpty() && objectives().size() == 1
        ? chosen().stream().filter(TrialRecord::isFeasible).toList()
        : Decisions.of(this, by);
  }
}

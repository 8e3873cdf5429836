package dev.assay.study;

import dev.assay.internal.desk.Desk;
import dev.assay.internal.free.Binding;
import dev.assay.internal.opening.EarlierStudy;
import dev.assay.internal.opening.Growth;
import dev.assay.internal.problem.Require;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Pruner;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StoppingRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Collects what makes a study, then opens it: [#open] starts a new one, [#openOrCreate] goes on
/// with an existing one of the same definition.
///
/// @param <C> what a configuration is for the objective
public final class StudyBuilder<C> {
  final SearchSpace space;
  final Function<SearchTask, Binding<C>> binding;
  final List<Objective> objectives = new ArrayList<>();
  final List<OutcomeConstraint> constraints = new ArrayList<>();
  final List<EarlierStudy> earlierStudies = new ArrayList<>();
  final Map<String, @Nullable Object> fixed = new LinkedHashMap<>();
  final Map<String, @Nullable Object> was = new LinkedHashMap<>();
  final Map<String, @Nullable Object> marks = new LinkedHashMap<>();
  final List<StudyListener> listeners = new ArrayList<>();
  final List<Consumer<Study<C>>> starts = new ArrayList<>();
  final Map<String, @Nullable Object> description = new LinkedHashMap<>();
  String name = "study";
  @Nullable Storage storage;
  @Nullable Sampler sampler;
  Pruner pruner = Pruner.NONE;
  @Nullable StoppingRule stoppingRule;
  @Nullable Confirmation confirmation;
  long seed;
  int batch;
  int restarts = Integer.MAX_VALUE;

  StudyBuilder(SearchSpace space, Function<SearchTask, Binding<C>> binding) {
    this.space = space;
    this.binding = binding;
  }

  public StudyBuilder<C> named(String newName) {
    Require.named("study", "name", newName);
    name = newName;
    return this;
  }

  public StudyBuilder<C> minimize(String metric) {
    return objective(Objective.minimize(metric));
  }

  public StudyBuilder<C> maximize(String metric) {
    return objective(Objective.maximize(metric));
  }

  /// Adds an objective; several make the study multi-objective.
  public StudyBuilder<C> objective(Objective objective) {
    if (objectives.stream().anyMatch(o -> o.metric().equals(objective.metric()))) {
      throw new Problem(
          "A metric stands twice among the objectives.", objective.metric(), "Remove one.");
    }
    objectives.add(objective);
    return this;
  }

  /// Adds a bound on an outcome: `memory_gb <= 8`. Trials that keep all of them come first; the
  /// metric is one of the objectives, or a numeric attribute of the trial.
  public StudyBuilder<C> subjectTo(String constraint) {
    return subjectTo(OutcomeConstraint.parse(constraint));
  }

  /// Adds a bound on an outcome.
  public StudyBuilder<C> subjectTo(OutcomeConstraint constraint) {
    constraints.add(constraint);
    return this;
  }

  /// Gives parameters one value each in every trial: only the others are searched.
  ///
  /// @throws Problem for an unknown parameter, or a value that it cannot take
  public StudyBuilder<C> fix(Map<String, ? extends @Nullable Object> values) {
    var all = new LinkedHashMap<String, @Nullable Object>(fixed);
    all.putAll(values);
    space.fix(all);
    fixed.putAll(values);
    return this;
  }

  /// Shows the sampler the finished trials of an earlier study, over the same space and with the
  /// same objectives. They count neither as trials of this study nor in its budget; those that
  /// cannot be read under the parameters that are fixed here are left out. They are kept with this
  /// study: what becomes of the earlier one later does not matter.
  public StudyBuilder<C> warmStart(Storage earlier, String studyName) {
    return warmStart(
        studyName,
        () ->
            earlier
                .read(studyName)
                .orElseThrow(() ->
                    new Problem(
                        "There is no such study to start from.",
                        studyName,
                        Nearest.suggest(studyName, earlier.names()))));
  }

  /// As [#warmStart(Storage, String)].
  ///
  /// @param study opened when this study is, if it is a new one, and closed then
  public StudyBuilder<C> warmStart(String studyName, Supplier<StoredStudy> study) {
    Require.named("warm start", "study", studyName);
    if (space.isOpen()) {
      throw new Problem(
          "A study that is defined by running it starts from no other.",
          studyName,
          "Declare the space, or put configurations in line: start(Map.of(...)).");
    }
    earlierStudies.add(new EarlierStudy(studyName, study));
    return this;
  }

  /// Who proposes configurations; [Sampler#standard] if nothing is said.
  public StudyBuilder<C> sampler(Sampler newSampler) {
    sampler = newSampler;
    return this;
  }

  public StudyBuilder<C> pruner(Pruner newPruner) {
    pruner = newPruner;
    return this;
  }

  /// Ends the search when the rule says so; earlier than its budget, never later.
  public StudyBuilder<C> stopWhen(StoppingRule rule) {
    stoppingRule = rule;
    return this;
  }

  /// Runs finalists again when the budget of a run is used, for one objective. Not a part of the
  /// study's definition: a study that has ended can be confirmed later.
  public StudyBuilder<C> confirm(Confirmation newConfirmation) {
    confirmation = newConfirmation;
    return this;
  }

  /// Runs the best [Confirmation#FINALISTS] configurations so many times again.
  public StudyBuilder<C> confirm(int runs) {
    return confirm(new Confirmation(runs));
  }

  /// Where trials are kept; in memory if nothing is said. The storage stays the caller's to close.
  public StudyBuilder<C> storage(Storage newStorage) {
    storage = newStorage;
    return this;
  }

  public StudyBuilder<C> seed(long newSeed) {
    seed = newSeed;
    return this;
  }

  /// Trials are proposed in batches of this size, each from the outcomes of earlier batches only,
  /// so that the number of workers does not matter. 0, the default: every proposal sees all that is
  /// known.
  public StudyBuilder<C> batch(int size) {
    Require.atLeast("study", "batch", size, 0);
    batch = size;
    return this;
  }

  /// How often a trial is started again after the process that ran it died; then it fails as
  /// [dev.assay.trial.Cause#LOST]. Without a limit if nothing is said.
  public StudyBuilder<C> restarts(int most) {
    Require.atLeast("study", "restarts", most, 0);
    restarts = most;
    return this;
  }

  /// A configuration to try first; several are tried in the order given.
  public StudyBuilder<C> start(Map<String, ? extends @Nullable Object> values) {
    starts.add(study -> study.enqueue(values));
    return this;
  }

  /// A configuration to try first.
  public StudyBuilder<C> start(C configuration) {
    starts.add(study -> study.enqueue(configuration));
    return this;
  }

  /// Attributes that every trial gets which is run here, such as on which machine that was.
  ///
  /// @param attributes JSON values
  public StudyBuilder<C> attribute(Map<String, ? extends @Nullable Object> attributes) {
    marks.putAll(attributes);
    return this;
  }

  public StudyBuilder<C> listener(StudyListener listener) {
    listeners.add(listener);
    return this;
  }

  /// Adds a JSON value to the study's definition: what else must be the same for it to be
  /// continued. Maps may hold [dev.assay.storage.StudyDefinition.Undisclosed] ones.
  public StudyBuilder<C> describe(String key, @Nullable Object value) {
    Require.named("definition", "key", key);
    description.put(key, value);
    return this;
  }

  /// What would be stored as this study's definition.
  public StudyDefinition definition() {
    return new Opening<>(this).definition();
  }

  /// Refuses what [#open] would refuse before it stores anything: for callers that put an old study
  /// aside first.
  ///
  /// @throws Problem when the definition is incomplete, the sampler cannot search the space, the
  ///   pruner cannot judge the objectives, or an earlier study cannot be started from
  public StudyBuilder<C> check() {
    new Opening<>(this).check();
    return this;
  }

  /// Says what parameters were in the trials of a study that is gone on with, before there was a
  /// choice: see [#growth].
  ///
  /// @param values values of this space's parameters, by name
  public StudyBuilder<C> was(Map<String, ? extends @Nullable Object> values) {
    values.forEach((name, value) -> {
      space.requireIndex(name);
      was.put(name, value);
    });
    return this;
  }

  /// What becomes of the stored study of this name, where it has another definition; empty where
  /// there is none, or nothing differs.
  ///
  /// @throws Problem where none of its trials fits, or this study has no space
  public Optional<Growth> growth() {
    return new Opening<>(this).growth();
  }

  /// Goes on under this definition with what fits of the stored study, which is put aside: see
  /// [#growth].
  ///
  /// @param aside the name that it has from now on
  /// @throws Problem when somebody runs it
  public void grow(Growth growth, String aside) {
    growth.store(Objects.requireNonNull(storage, "a study that grows is stored"), aside);
  }

  /// Opens a new study.
  ///
  /// @throws Problem when the definition is incomplete, or the storage has a study of that name
  public Study<C> open() {
    return new Opening<>(this).open();
  }

  /// Goes on with the study of that name, or opens a new one where there is none.
  ///
  /// @throws Problem when the existing study has another definition, naming the differences
  public Study<C> openOrCreate() {
    return new Opening<>(this).openOrCreate();
  }

  /// Runs trials of a study that another process owns: this one keeps nothing of it.
  ///
  /// @param definition the study's own
  /// @param log has its facts
  /// @param desk where its trials are asked for and told
  public Study<C> openAt(
      StudyDefinition definition, StudyLog log, Function<SearchTask, Desk> desk) {
    return new Opening<>(this).openAt(definition, log, desk);
  }
}

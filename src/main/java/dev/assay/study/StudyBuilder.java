package dev.assay.study;

import dev.assay.problem.Problem;
import dev.assay.random.Streams;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Collects what makes a study, then opens it: [#open] starts a new one, [#openOrCreate] goes on
/// with an existing one of the same definition.
///
/// @param <C> what a configuration is for the objective
public final class StudyBuilder<C> {
  final SearchSpace space;
  final Function<Configuration, C> decoder;
  final List<Objective> objectives = new ArrayList<>();
  final List<StudyListener> listeners = new ArrayList<>();
  private final List<Map<String, ? extends @Nullable Object>> starts = new ArrayList<>();
  private final Map<String, @Nullable Object> description = new LinkedHashMap<>();
  private String name = "study";
  private @Nullable Storage storage;
  private @Nullable Sampler sampler;
  Pruner pruner = Pruner.NONE;
  private long seed;
  private int batch;
  int restarts = Integer.MAX_VALUE;

  StudyBuilder(SearchSpace space, Function<Configuration, C> decoder) {
    this.space = space;
    this.decoder = decoder;
  }

  public StudyBuilder<C> named(String newName) {
    if (newName.isBlank()) {
      throw new Problem("A study needs a name.", "\"" + newName + "\"", "Name it.");
    }
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

  public StudyBuilder<C> sampler(Sampler newSampler) {
    sampler = newSampler;
    return this;
  }

  public StudyBuilder<C> pruner(Pruner newPruner) {
    pruner = newPruner;
    return this;
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
    if (size < 0) {
      throw new Problem(
          "A batch has a size of 1 or more.", "batch " + size, "Give a whole number.");
    }
    batch = size;
    return this;
  }

  /// How often a trial is started again after the process that ran it died; then it fails as
  /// [Cause#LOST]. Without a limit if nothing is said.
  public StudyBuilder<C> restarts(int most) {
    if (most < 0) {
      throw new Problem(
          "The number of restarts cannot be negative.", "restarts " + most, "Give 0 for none.");
    }
    restarts = most;
    return this;
  }

  /// A configuration to try first; several are tried in the order given.
  public StudyBuilder<C> start(Map<String, ? extends @Nullable Object> values) {
    starts.add(values);
    return this;
  }

  public StudyBuilder<C> listener(StudyListener listener) {
    listeners.add(listener);
    return this;
  }

  /// Adds a JSON value to the study's definition: what else must be the same for it to be
  /// continued.
  public StudyBuilder<C> describe(String key, @Nullable Object value) {
    description.put(key, value);
    return this;
  }

  /// What would be stored as this study's definition.
  public StudyDefinition definition() {
    var settings = sampler().settings();
    var content = new LinkedHashMap<String, @Nullable Object>();
    content.put("space", SpaceDescription.of(space));
    content.put(
        "objectives",
        objectives.stream()
            .map(o -> Map.of("metric", o.metric(), "direction", o.direction().name()))
            .toList());
    content.put("sampler", Map.of("name", sampler().name(), "settings", settings));
    content.put("pruner", Map.of("name", pruner.name(), "settings", pruner.settings()));
    content.put("seed", seed);
    content.put("batch", batch);
    content.putAll(description);
    return new StudyDefinition(name, content);
  }

  /// Opens a new study.
  ///
  /// @throws Problem when the definition is incomplete, or the storage has a study of that name
  public Study<C> open() {
    var definition = definition();
    return start(
        definition, storage == null ? new Unlogged(definition) : storage.create(definition));
  }

  /// Goes on with the study of that name, or opens a new one where there is none.
  ///
  /// @throws Problem when the existing study has another definition, naming the differences
  public Study<C> openOrCreate() {
    var existing = storage == null ? Optional.<StudyLog>empty() : storage.open(name);
    if (existing.isEmpty()) {
      try {
        return open();
      } catch (Problem problem) {
        // Another process may have been faster: then this one joins it.
        existing = storage == null ? existing : storage.open(name);
        if (existing.isEmpty()) {
          throw problem;
        }
      }
    }
    var differences = existing.get().definition().differences(definition());
    if (!differences.isEmpty()) {
      existing.get().close();
      throw new Problem(
          "The study exists, and is another one.",
          name + ": " + String.join("; ", differences),
          "Undo the change, give the study another name, or start anew (--fresh).");
    }
    return new Study<>(this, definition(), existing.get());
  }

  private Study<C> start(StudyDefinition definition, StudyLog log) {
    var study = new Study<>(this, definition, log);
    starts.forEach(study::enqueue);
    return study;
  }

  Sampler sampler() {
    if (sampler == null) {
      throw new Problem("A study needs a sampler.", name, "Choose one: sampler(Samplers.auto()).");
    }
    return sampler;
  }

  /// What the sampler is opened for.
  SearchTask task() {
    if (objectives.isEmpty()) {
      throw new Problem("A study needs an objective.", name, "Say minimize(\"loss\").");
    }
    return new SearchTask(space, objectives, new Streams(seed), batch);
  }
}

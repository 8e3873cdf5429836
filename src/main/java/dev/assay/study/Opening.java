package dev.assay.study;

import dev.assay.internal.desk.Desk;
import dev.assay.internal.desk.Faults;
import dev.assay.internal.desk.Terms;
import dev.assay.internal.free.Binding;
import dev.assay.internal.free.GroupProposer;
import dev.assay.internal.opening.Adoption;
import dev.assay.internal.opening.EarlierStudy;
import dev.assay.internal.opening.EarlierTrials;
import dev.assay.internal.opening.Growth;
import dev.assay.internal.opening.Projection;
import dev.assay.internal.opening.Unlogged;
import dev.assay.internal.space.SpaceDescription;
import dev.assay.internal.storage.StudyFacts;
import dev.assay.problem.Problem;
import dev.assay.random.Streams;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Opens what a [StudyBuilder] collected: a new study, or one that is stored.
final class Opening<C> {
  private final StudyBuilder<C> builder;

  Opening(StudyBuilder<C> builder) {
    this.builder = builder;
  }

  /// What would be stored as the definition.
  StudyDefinition definition() {
    return described().stored();
  }

  private StudyDefinition described() {
    var settings = sampler().settings();
    var content = new LinkedHashMap<String, @Nullable Object>();
    content.put("space", SpaceDescription.of(builder.space));
    content.put("objectives", StudyDefinition.objectives(builder.objectives));
    if (!builder.constraints.isEmpty()) {
      content.put(
          "constraints", builder.constraints.stream().map(OutcomeConstraint::toString).toList());
    }
    if (!builder.fixed.isEmpty()) {
      content.put("fix", new LinkedHashMap<>(builder.fixed));
    }
    if (!builder.earlierStudies.isEmpty()) {
      content.put("warm_start", builder.earlierStudies.stream().map(EarlierStudy::name).toList());
    }
    content.put("sampler", Map.of("name", sampler().name(), "settings", settings));
    content.put(
        "pruner", Map.of("name", builder.pruner.name(), "settings", builder.pruner.settings()));
    content.put("seed", builder.seed);
    content.put("batch", builder.batch);
    content.putAll(builder.description);
    return new StudyDefinition(builder.name, content);
  }

  /// Refuses what [#open] would refuse before it stores anything.
  Opening<C> check() {
    var task = task();
    builder.earlierStudies.forEach(
        study -> study.trials(new Projection(builder.space, builder.was), task));
    if (!builder.space.isOpen()) {
      opened(task).close();
    }
    return this;
  }

  /// What becomes of the stored study, where it has another definition.
  Optional<Growth> growth() {
    var existing =
        builder.storage == null
            ? Optional.<StoredStudy>empty()
            : builder.storage.read(builder.name);
    if (existing.isEmpty() || Adoption.awaits(existing.get().definition())) {
      return Optional.empty();
    }
    try (var study = existing.get()) {
      var differences = study.definition().differences(described());
      if (differences.isEmpty()) {
        return Optional.empty();
      }
      if (builder.space.isOpen()) {
        throw new Problem(
            "A study that is defined by running it cannot be changed.",
            builder.name + ": " + String.join("; ", differences),
            "Declare the space, or give the study another name.");
      }
      var task = check().task();
      var projection = new Projection(task.space(), builder.was);
      return Optional.of(Growth.of(study, definition(), differences, projection, task));
    }
  }

  /// Opens a new study.
  Study<C> open() {
    var definition = check().definition();
    return start(
        definition,
        builder.storage == null ? new Unlogged(definition) : builder.storage.create(definition));
  }

  /// Goes on with the study of that name, or opens a new one.
  Study<C> openOrCreate() {
    var existing =
        builder.storage == null ? Optional.<StudyLog>empty() : builder.storage.open(builder.name);
    if (existing.isEmpty()) {
      try {
        return open();
      } catch (Problem problem) {
        // Another process may have been faster: then this one joins it.
        existing = builder.storage == null ? existing : builder.storage.open(builder.name);
        if (existing.isEmpty()) {
          throw problem;
        }
      }
    }
    if (Adoption.awaits(existing.get().definition())) {
      return adopt(existing.get());
    }
    var differences = existing.get().definition().differences(described());
    if (!differences.isEmpty()) {
      existing.get().close();
      throw new Problem(
          "The study exists, and is another one.",
          builder.name + ": " + String.join("; ", differences),
          "Undo the change, go on with the trials that fit (--adopt), give the study another name,"
              + " or start anew (--fresh).");
    }
    return new Study<>(this, definition(), existing.get(), null);
  }

  /// Runs trials of a study that another process owns.
  Study<C> openAt(StudyDefinition definition, StudyLog log, Function<SearchTask, Desk> desk) {
    return new Study<>(this, definition, log, desk);
  }

  /// Makes an imported study one of this definition.
  private Study<C> adopt(StudyLog log) {
    try {
      var definition = check().definition();
      Adoption.require(log, definition, task().space());
      log.define(definition);
      return start(definition, log);
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private Study<C> start(StudyDefinition definition, StudyLog log) {
    var study = new Study<>(this, definition, log, null);
    builder.starts.forEach(start -> start.accept(study));
    return study;
  }

  Sampler sampler() {
    if (builder.sampler == null) {
      builder.sampler = Sampler.standard();
    }
    return builder.sampler;
  }

  Sampler.Proposer opened(SearchTask task) {
    return Faults.named("sampler " + sampler().name(), "at its start", () -> sampler().open(task));
  }

  /// On which terms it is run.
  Terms terms(SearchTask task) {
    return new Terms(
        sampler(),
        () -> task.space().isOpen() ? new GroupProposer(sampler(), task) : opened(task),
        builder.pruner,
        builder.stoppingRule,
        builder.confirmation,
        builder.restarts);
  }

  /// What every trial gets that is run here.
  Map<String, @Nullable Object> marks() {
    return builder.marks;
  }

  List<StudyListener> listeners() {
    return builder.listeners;
  }

  /// What the sampler is opened for.
  SearchTask task() {
    return task(Map.of());
  }

  Binding<C> binding(SearchTask task) {
    return builder.binding.apply(task);
  }

  /// @param facts of the study that is continued
  SearchTask task(Map<String, @Nullable Object> facts) {
    if (builder.objectives.isEmpty()) {
      throw new Problem("A study needs an objective.", builder.name, "Say minimize(\"loss\").");
    }
    builder.pruner.check(builder.objectives);
    if (builder.confirmation != null) {
      builder.confirmation.check(sampler(), builder.objectives);
    }
    var searched =
        builder.space.isOpen() && facts.containsKey(StudyFacts.SPACE)
            ? StudyFacts.space(definition(), facts)
            : builder.space.fix(builder.fixed);
    return new SearchTask(
        searched,
        builder.objectives,
        builder.constraints,
        new Streams(builder.seed),
        builder.batch);
  }

  /// The trials of earlier studies: those that the log kept when this study began, so that a study
  /// that is continued sees the same.
  List<TrialRecord> earlier(StudyLog log, SearchTask task) {
    if (builder.earlierStudies.isEmpty()) {
      return List.of();
    }
    var kept = log.facts().get(StudyFacts.EARLIER);
    if (kept == null) {
      var trials = new ArrayList<TrialRecord>();
      builder.earlierStudies.forEach(
          study -> trials.addAll(study.trials(new Projection(builder.space, builder.was), task)));
      kept = EarlierTrials.write(trials);
      log.putFact(StudyFacts.EARLIER, kept);
    }
    return EarlierTrials.read(kept, task.space());
  }
}

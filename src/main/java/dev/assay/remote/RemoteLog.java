package dev.assay.remote;

import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The log of a study that another process owns, which keeps it: nothing is kept here.
final class RemoteLog implements StudyLog {
  private final StudyDefinition definition;
  private final Map<String, @Nullable Object> facts = new ConcurrentHashMap<>();
  private final List<Consumer<Problem>> losses = new CopyOnWriteArrayList<>();

  RemoteLog(StudyDefinition definition) {
    this.definition = definition;
  }

  /// The owner is gone for good.
  void lose(Problem problem) {
    losses.forEach(listener -> listener.accept(problem));
  }

  @Override
  public void whenLost(Consumer<Problem> listener) {
    losses.add(listener);
  }

  @Override
  public StudyDefinition definition() {
    return definition;
  }

  @Override
  public void load(SearchSpace space, Consumer<TrialRecord> consumer) {}

  @Override
  public Map<String, @Nullable Object> facts() {
    return Map.copyOf(facts);
  }

  @Override
  public void putFact(String key, Object value) {
    facts.put(key, value);
  }

  @Override
  public boolean begin(TrialRecord trial) {
    throw elsewhere();
  }

  @Override
  public void report(int trial, Report report) {
    throw elsewhere();
  }

  @Override
  public boolean end(TrialRecord trial) {
    throw elsewhere();
  }

  @Override
  public List<Integer> reclaim(int restarts) {
    return List.of();
  }

  @Override
  public boolean changed() {
    return false;
  }

  @Override
  public void follow(
      SearchSpace space, Collection<Integer> open, int next, Consumer<TrialRecord> consumer) {}

  @Override
  public void define(StudyDefinition newDefinition) {
    throw elsewhere();
  }

  private static IllegalStateException elsewhere() {
    return new IllegalStateException("the study's owner keeps it");
  }

  @Override
  public void close() {}
}

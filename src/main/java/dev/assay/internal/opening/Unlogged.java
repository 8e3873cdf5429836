package dev.assay.internal.opening;

import dev.assay.space.SearchSpace;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The log of a study without a storage: the study itself remembers its trials while it is open.
/// Facts are kept as long.
public class Unlogged implements StudyLog {
  private final StudyDefinition definition;
  private final Map<String, @Nullable Object> facts = new ConcurrentHashMap<>();

  public Unlogged(StudyDefinition definition) {
    this.definition = definition;
  }

  @Override
  public StudyDefinition definition() {
    return definition;
  }

  @Override
  public Map<String, @Nullable Object> facts() {
    return Map.copyOf(facts);
  }

  @Override
  public void load(SearchSpace space, Consumer<TrialRecord> consumer) {}

  @Override
  public boolean begin(TrialRecord trial) {
    return true;
  }

  @Override
  public void report(int trial, Report report) {}

  @Override
  public boolean end(TrialRecord trial) {
    return true;
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
    throw new IllegalStateException("nothing was stored that could be defined anew");
  }

  @Override
  public void putFact(String key, Object value) {
    facts.put(key, value);
  }

  @Override
  public void close() {}
}

package dev.assay.study;

import dev.assay.space.SearchSpace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The log of a study without a storage: the study itself remembers its trials while it is open.
record Unlogged(StudyDefinition definition, Map<String, @Nullable Object> facts)
    implements StudyLog {
  Unlogged(StudyDefinition definition) {
    this(definition, new ConcurrentHashMap<>());
  }

  @Override
  public void load(SearchSpace space, Consumer<TrialRecord> consumer) {}

  @Override
  public void begin(TrialRecord trial) {}

  @Override
  public void report(int trial, Report report) {}

  @Override
  public void end(TrialRecord trial) {}

  @Override
  public void putFact(String key, Object value) {
    facts.put(key, value);
  }

  @Override
  public void close() {}
}

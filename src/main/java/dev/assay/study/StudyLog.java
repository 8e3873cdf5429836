package dev.assay.study;

import dev.assay.space.SearchSpace;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a storage keeps of one study. Thread-safe. Every write is kept, once it returned, whatever
/// happens to the process.
public interface StudyLog extends AutoCloseable {
  StudyDefinition definition();

  /// Hands over every trial, finished ones first and in the order in which they ended, then the
  /// others by number.
  ///
  /// @param space the space to read configurations in
  void load(SearchSpace space, Consumer<TrialRecord> consumer);

  /// Stores a trial that waits or starts, replacing whatever its number had, reports included.
  void begin(TrialRecord trial);

  /// Adds a report to a running trial.
  void report(int trial, Report report);

  /// Stores the end of a trial. Its reports are kept as they were added.
  void end(TrialRecord trial);

  /// Facts about the study as a whole, by key: provenance, time spent.
  Map<String, @Nullable Object> facts();

  /// Sets or replaces one fact.
  ///
  /// @param value a JSON value
  void putFact(String key, Object value);

  @Override
  void close();
}

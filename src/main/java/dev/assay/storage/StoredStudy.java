package dev.assay.storage;

import dev.assay.space.SearchSpace;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a storage keeps of one study, for reading. Thread-safe. Several may read while one writes:
/// each call sees what was written before it.
public interface StoredStudy extends AutoCloseable {
  StudyDefinition definition();

  /// Hands over every trial, finished ones first and in the order in which they ended, then the
  /// others by number.
  ///
  /// @param space the space to read configurations in
  /// @throws dev.assay.problem.Problem when a stored trial is none of that space
  void load(SearchSpace space, Consumer<TrialRecord> consumer);

  /// Facts about the study as a whole, by key: provenance, time spent. A copy.
  Map<String, @Nullable Object> facts();

  /// Those who have the study open to run it, and those who are gone and were not missed yet; the
  /// oldest first. None where a storage keeps no account.
  default List<Runner> runners() {
    return List.of();
  }

  /// Ends the use; a second call does nothing.
  @Override
  void close();
}

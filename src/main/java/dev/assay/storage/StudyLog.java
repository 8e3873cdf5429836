package dev.assay.storage;

import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a storage keeps of one study, for one that runs it. Several may run it at the same time,
/// each with a log of its own: a running trial is in the hands of one of them. Every write is kept,
/// once it returned, whatever happens to the process; but see [#together].
///
/// JSON values (notes, attributes, facts) come back with whole numbers as Long and others as
/// Double.
public interface StudyLog extends StoredStudy {
  /// Stores a trial that waits or starts: a new one, or one that waits or is in this log's hands,
  /// whose reports are forgotten. A running trial is in this log's hands from now on.
  ///
  /// @return false, and nothing is stored, when another has taken the trial or its number
  /// @throws StorageBusy and nothing is stored, when that is impossible now
  boolean begin(TrialRecord trial);

  /// Lets a trial wait that is in this log's hands, as [#begin] does; while the medium cannot be
  /// written, it may be kept in memory alone.
  default boolean release(TrialRecord trial) {
    return begin(trial);
  }

  /// Adds a report to a running trial. While the medium cannot be written it may be kept in memory
  /// alone.
  void report(int trial, Report report);

  /// Whether a trial that this log began is still in its hands, as far as it knows: another may
  /// have been given it while this process gave no sign of life. Quick; what it wrote last may have
  /// told.
  default boolean holds(int trial) {
    return true;
  }

  /// Stores the end of a trial. Its reports are kept as they were added.
  ///
  /// @return false, and nothing is stored, when the trial is not in this log's hands any more
  /// @throws StorageBusy when it can be kept nowhere now, not even beside the medium
  boolean end(TrialRecord trial);

  /// Lets trials wait again that were in the hands of somebody who is gone; none while the medium
  /// cannot be written.
  ///
  /// @param restarts how often a trial may be started again; beyond that it fails as
  ///   [dev.assay.trial.Cause#LOST]
  /// @return their numbers
  List<Integer> reclaim(int restarts);

  /// Lets work write more cheaply, where nobody else has the storage open: what it writes may be
  /// kept only when this returns, all or nothing. For work of milliseconds that can be repeated,
  /// such as a simulation; whoever opens the storage meanwhile waits for its end.
  default void together(Runnable work) {
    work.run();
  }

  /// Does work that ends many trials at once: instead of each end, the last one waits until the
  /// disk has all of them. Each is written by itself as ever, so that nobody else is kept waiting
  /// and what cannot be written now waits.
  default void wave(Runnable work) {
    work.run();
  }

  /// The id of this log among the [#runners]; 0 where there is no account of them.
  default long runner() {
    return 0;
  }

  /// Notes how whoever has this log stands, for those who look at the [#runners].
  ///
  /// @param standing a JSON value
  default void stand(Map<String, @Nullable Object> standing) {}

  /// Whether others may have changed something since the last [#follow]; cheap.
  boolean changed();

  /// Hands over what others changed, by number.
  ///
  /// @param open those not finished when last seen, which this log does not have in its hands
  /// @param next the lowest number that is not known
  void follow(
      SearchSpace space, Collection<Integer> open, int next, Consumer<TrialRecord> consumer);

  /// Names one who is told, on some thread and once, that what this log writes is lost from now on:
  /// its medium was taken away.
  default void whenLost(Consumer<Problem> listener) {}

  /// Gives the study another definition, of the same name: what was imported is gone on with.
  void define(StudyDefinition definition);

  /// Sets or replaces one fact.
  ///
  /// @param value a JSON value
  void putFact(String key, Object value);
}

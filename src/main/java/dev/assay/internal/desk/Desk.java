package dev.assay.internal.desk;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.storage.Overhead;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where a study's trials are asked for and told, and looked up: in this process, or in another one
/// that owns the study. Thread-safe.
public interface Desk extends AutoCloseable {
  /// The next trial, if there is one now.
  ///
  /// @param given values of some parameters, instead of what would be proposed
  Answer next(Budget budget, Map<String, ? extends @Nullable Object> given);

  /// Makes the next proposal before anybody asks for it, if there is one to be made.
  void prepare(Budget budget);

  /// The time of the search is used: from now on there is only what confirms its finalists.
  ///
  /// @return whether there may be any
  boolean endByTime();

  /// Begins a trial of a configuration that somebody gave, or puts it in line.
  TrialRecord add(Proposal proposal, boolean runs);

  /// What kept the last trial that was asked for from beginning, though there was one; null where
  /// nothing did.
  @Nullable Problem storageProblem();

  /// Why there is no trial now, for those who cannot wait.
  Problem waits();

  /// Lets no new trial begin, or ends that.
  void setPaused(boolean value);

  boolean isPaused();

  /// Waits until [#next] may answer otherwise than that there is nothing now.
  void awaitChange(Duration most) throws InterruptedException;

  /// Ends a trial.
  ///
  /// @param used the parameters that it was run with
  /// @return the trial as it was stored; null when somebody else has it by now, whose outcome is
  ///   the one that counts
  /// @throws Problem when the trial was told before, or the number of values is wrong
  @Nullable TrialRecord end(Work work, Outcome outcome, Supplier<Configuration> used);

  /// Gives a trial back unfinished: it waits, and is run again under its own number.
  void release(Work work);

  /// Gives up a trial whose runner is gone: it waits, unless it was started again as often as the
  /// study allows.
  ///
  /// @return whether it waits
  boolean abandon(Work work);

  /// Whether a trial is still in the hands of whoever asked for it here.
  boolean isRunning(Work work);

  /// Takes up a trial that waits to be run again, or runs here.
  ///
  /// @return null where it was never begun before, has ended or is in the hands of another process
  Telling.@Nullable Taken takeUp(int number);

  /// Takes up a trial that waits to be run again, where nobody began it since it was interrupted.
  ///
  /// @param restarts how often it was interrupted when whoever asks for it had it last, and once
  ///   more
  /// @return null where that is not so
  Telling.@Nullable Taken takeUp(int number, int restarts);

  /// Takes a report of a trial that runs.
  ///
  /// @param values one for each objective; NaN where unknown
  Telling.Reported report(Work work, long step, double[] values);

  /// Lets sampler and pruner forget a trial that has ended, or know of it again. They begin anew
  /// with what is left.
  void discard(int number, boolean discarded);

  /// Every trial, by number.
  List<TrialRecord> trials();

  /// The trial of a number, or null.
  @Nullable TrialRecord trial(int number);

  /// The number of trials in a state.
  int count(TrialState state);

  /// Time spent, earlier runs included.
  Overhead overhead();

  /// Adds wall and idle time of a run, and stores the sums: of all processes and runs.
  void spend(double wallSeconds, double idleSeconds);

  @Override
  void close();
}

package dev.assay.track;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.util.Set;

/// A place where the trials of a study are logged. Used by one thread.
///
/// What a call could not do is done again by a later one: [#ended] tells all of a trial, whatever
/// was told before.
public interface Tracker extends AutoCloseable {
  /// Where it logs, for messages.
  String place();

  /// Begins, or goes on.
  ///
  /// @return the numbers of the trials whose ends are logged there already
  Set<Integer> open(TrackedStudy study) throws IOException;

  /// A trial runs.
  void started(TrialRecord trial) throws IOException;

  /// A running trial reported.
  void reported(int trial, Report report) throws IOException;

  /// A trial ended.
  void ended(TrialRecord trial) throws IOException;

  @Override
  void close() throws IOException;
}

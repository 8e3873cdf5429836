package dev.assay.study;

/// What a storage keeps of one study, for the one process that runs it. Every write is kept, once
/// it returned, whatever happens to the process.
///
/// JSON values (notes, attributes, facts) come back with whole numbers as Long and others as
/// Double.
public interface StudyLog extends StoredStudy {
  /// Stores a trial that waits or starts, replacing whatever its number had, reports included.
  void begin(TrialRecord trial);

  /// Adds a report to a running trial.
  void report(int trial, Report report);

  /// Stores the end of a trial. Its reports are kept as they were added.
  void end(TrialRecord trial);

  /// Sets or replaces one fact.
  ///
  /// @param value a JSON value
  void putFact(String key, Object value);
}

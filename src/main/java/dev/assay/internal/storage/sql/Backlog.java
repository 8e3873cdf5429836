package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What a log could not write during an [Outage]: reports and facts in memory, ends of trials in a
/// file of their own besides, so that they outlive the process. Thread-safe.
final class Backlog {
  private static final Logger LOG = Log.of(Backlog.class);

  private record WaitingReport(long trial, Report report, long worker) {}

  private record Release(TrialRecord trial, long worker) {}

  private final Path storage;
  private final long study;
  private final List<UnsavedFile> places;
  private final List<UnsavedTrial> trials = new ArrayList<>();
  private final List<WaitingReport> reports = new ArrayList<>();
  private final Map<Long, Release> releases = new LinkedHashMap<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();

  Backlog(Path storage, long study, long worker) {
    this.storage = storage;
    this.study = study;
    places = UnsavedFile.of(storage, study, worker);
  }

  synchronized boolean isEmpty() {
    return trials.isEmpty() && reports.isEmpty() && releases.isEmpty() && facts.isEmpty();
  }

  synchronized void add(long trial, Report report, long worker) {
    reports.add(new WaitingReport(trial, report, worker));
  }

  /// Lets a trial wait.
  synchronized void add(long id, TrialRecord waiting, long worker) {
    releases.put(id, new Release(waiting, worker));
  }

  synchronized void add(String fact, Object value) {
    facts.put(fact, value);
  }

  /// Facts as they will be.
  synchronized Map<String, Object> facts() {
    return Map.copyOf(facts);
  }

  /// Keeps the end of a trial.
  ///
  /// @return false when no place has room for it
  synchronized boolean add(UnsavedTrial trial) {
    for (var place : places) {
      try {
        place.add(trial);
        trials.add(trial);
        LOG.info("Trial {} ended and is kept in {}.", (int) trial.id(), place.path());
        return true;
      } catch (IOException e) {
        LOG.debug("No trial can be kept in {}.", place.path(), e);
      }
    }
    return false;
  }

  /// Writes everything, in one transaction.
  ///
  /// @return how many writes the writer counted
  synchronized long save(SqlWriter writer, boolean patiently) {
    if (isEmpty()) {
      return 0;
    }
    long writes = 1 + releases.size() + facts.size();
    var taken = new ArrayList<UnsavedTrial>();
    var trialWriter = new TrialWriter(writer);
    int _ =
        writer.transaction(
            connection -> {
              for (var trial : trials) {
                if (!trial.save(connection, writer.dialect())) {
                  taken.add(trial);
                }
              }
              saveReports(connection, writer.dialect());
              for (var release : releases.entrySet()) {
                var kept = release.getValue();
                boolean _ =
                    trialWriter.begin(release.getKey(), kept.trial(), kept.worker(), patiently);
              }
              for (var fact : facts.entrySet()) {
                trialWriter.putFact(study, fact.getKey(), fact.getValue(), patiently);
              }
              return 0;
            },
            patiently);
    taken.forEach(
        trial -> LOG.warn("Trial {} is in other hands by now: theirs counts.", (int) trial.id()));
    trials.clear();
    reports.clear();
    releases.clear();
    facts.clear();
    places.forEach(UnsavedFile::remove);
    return writes;
  }

  private void saveReports(Connection connection, SqlDialect dialect) throws SQLException {
    try (var insert =
        connection.prepareStatement(ReportRows.UNLESS_THERE.formatted(dialect.json()))) {
      for (var waiting : reports) {
        ReportRows.setUnlessThere(insert, waiting.trial(), waiting.report(), waiting.worker());
        insert.executeUpdate();
      }
    }
  }

  /// For whoever closes the study while nothing can be written: where its trials are.
  synchronized @Nullable Problem left() {
    return trials.isEmpty()
        ? null
        : new Problem(
            "Ends of trials wait for the storage.",
            trials.size() + " of them, beside " + storage,
            "They are taken over when the study goes on: keep the file there.");
  }

  /// Takes over what logs left that are not open any more.
  ///
  /// @param living workers whose logs may be open
  /// @return what is to be removed once the transaction is committed
  static List<UnsavedFile> takeOver(
      Connection connection, SqlDialect dialect, Path storage, long study, Set<Long> living)
      throws SQLException {
    var files = UnsavedFile.abandoned(storage, study, living);
    for (var file : files) {
      try {
        for (var trial : file.read()) {
          LOG.info(
              "Trial {} had ended while the storage could not be written: {}.",
              (int) trial.id(),
              trial.save(connection, dialect) ? "it is saved now" : "another end of it is stored");
        }
      } catch (IOException e) {
        throw new Problem(
            "Trials that wait to be stored cannot be read.",
            file.path() + ": " + e,
            "Make the file readable, or move it away to run them again.",
            e);
      }
    }
    return files;
  }
}

package dev.assay.storage;

import dev.assay.problem.Problem;
import dev.assay.study.Report;
import dev.assay.study.StudyDefinition;
import dev.assay.study.StudyLog;
import dev.assay.study.TrialRecord;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A study in a SQLite file, for the one process that runs it.
final class SqliteLog extends SqliteStudy implements StudyLog {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLog.class);

  private final SqliteWriter writer;
  private final StudyClaim claim;
  private final AtomicLong endings;
  private final AtomicBoolean closed = new AtomicBoolean();

  SqliteLog(
      SqliteFile file, long id, StudyDefinition definition, SqliteWriter writer, StudyClaim claim) {
    super(file, id, definition);
    this.writer = writer;
    this.claim = claim;
    endings = new AtomicLong(nextEnding());
  }

  private long nextEnding() {
    return writer.alone(connection -> {
      try (var query =
          connection.prepareStatement("SELECT max(ended) FROM trial WHERE id BETWEEN ? AND ?")) {
        query.setLong(1, key(0));
        query.setLong(2, key(Integer.MAX_VALUE));
        try (var rows = query.executeQuery()) {
          return rows.getLong(1) + 1;
        }
      }
    });
  }

  @Override
  public void begin(TrialRecord trial) {
    requireOpen();
    writer.begin(key(trial.number()), trial);
  }

  @Override
  public void report(int trial, Report report) {
    requireOpen();
    writer.report(key(trial), report);
  }

  @Override
  public void end(TrialRecord trial) {
    requireOpen();
    writer.end(key(trial.number()), trial, endings.getAndIncrement());
  }

  @Override
  public void putFact(String key, Object value) {
    requireOpen();
    writer.putFact(id, key, value);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw StorageProblems.closed(definition().name());
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        writer.putProcess(id, null);
      } catch (Problem e) {
        LOG.debug("The process that ran the study stays noted; only its lock counts.", e);
      } finally {
        file.run(claim::close);
      }
    }
  }
}

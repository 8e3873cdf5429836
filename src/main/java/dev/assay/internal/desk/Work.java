package dev.assay.internal.desk;

import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A trial that runs, and what was said of it since it began. Belongs to the thread that runs it.
public final class Work {
  private final TrialRecord record;
  private @Nullable List<Report> reports;
  private @Nullable Map<String, @Nullable Object> attributes;
  private long startedNanos = System.nanoTime();
  private double tookSeconds = Double.NaN;

  /// @param record as it began
  public Work(TrialRecord record) {
    this.record = record;
  }

  /// The trial as it began.
  public TrialRecord record() {
    return record;
  }

  public int number() {
    return record.number();
  }

  List<Report> reports() {
    return reports == null ? List.of() : reports;
  }

  void add(Report report) {
    if (reports == null) {
      reports = new ArrayList<>();
    }
    reports.add(report);
  }

  /// Attaches a JSON value to the trial.
  public void attribute(String key, @Nullable Object value) {
    if (attributes == null) {
      attributes = new LinkedHashMap<>();
    }
    attributes.put(key, value);
  }

  /// What was attached to the trial so far.
  public Map<String, @Nullable Object> attributes() {
    return attributes == null ? Map.of() : attributes;
  }

  /// Counts the trial's time from now on: what went before was waiting.
  public void restartClock() {
    startedNanos = System.nanoTime();
  }

  /// Whoever ran it measured its time itself.
  public void took(double seconds) {
    tookSeconds = seconds;
  }

  public double elapsedSeconds() {
    return Double.isNaN(tookSeconds) ? (System.nanoTime() - startedNanos) * 1e-9 : tookSeconds;
  }
}

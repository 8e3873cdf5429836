package dev.assay.report;

import dev.assay.storage.StoredStudy;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.TrialRecord;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A stored study of however many trials as a page needs it: read trial by trial, so that no more
/// than some are in memory, and followed while it grows. Not thread-safe.
public final class LargeStudy {
  /// More trials are not kept in memory for a page.
  private static final int MOST = 50_000;

  /// Trials that are read again though they have ended: their numbers may have been given out in
  /// another order than they were written in.
  private static final int RECENT = 256;

  /// Of more that are open, all are read.
  private static final int MOST_OPEN = 1000;

  private final StudyView empty;
  private final List<OutcomeConstraint> constraints;
  private final int most;

  /// Of the trials that are not read again.
  private final Gathered settled;

  /// Those before the last that have not ended.
  private final TreeMap<Integer, TrialRecord> open = new TreeMap<>();

  private final ArrayDeque<TrialRecord> recent = new ArrayDeque<>();
  private ReportData.Source source;

  private LargeStudy(StudyView empty, int most) {
    this.empty = empty;
    this.most = most;
    constraints = empty.bounds();
    settled = new Gathered(empty, most);
    source = ReportData.Source.of(empty);
  }

  /// Reads all of a study.
  public static LargeStudy of(StoredStudy study) {
    return read(study, MOST, null);
  }

  /// Reads all of a study that was read before.
  public static LargeStudy again(LargeStudy before, StoredStudy study) {
    return read(study, before.most, before.source);
  }

  /// @param most trials that are kept of all, beside those of the page
  /// @param before as it was; trials that did not change are the same objects
  static LargeStudy read(StoredStudy study, int most, ReportData.@Nullable Source before) {
    var empty = empty(study);
    var read = new LargeStudy(empty, most);
    study.each(
        empty.space(),
        stored -> {
          var trial = read.bounded(stored);
          read.next(before == null ? trial : shared(before, trial));
          return true;
        });
    read.look(study, empty);
    return read;
  }

  private static StudyView empty(StoredStudy study) {
    return StudyView.of(study.definition(), List.of(), study.facts());
  }

  private TrialRecord bounded(TrialRecord trial) {
    return trial.under(constraints, empty.objectives());
  }

  /// The trial as the object that it was.
  private static TrialRecord shared(ReportData.Source before, TrialRecord trial) {
    var known = ByNumber.shared(before.whole().trials(), trial);
    return known == trial ? ByNumber.shared(before.page().trials(), trial) : known;
  }

  /// As the study was when it was read last. Trials that did not change are the same objects each
  /// time.
  public ReportData.Source source() {
    return source;
  }

  /// Reads what has not ended since, the last [#RECENT] and what came after, and takes the others
  /// as they were.
  ///
  /// @return this, or what was read of all where that was necessary
  public LargeStudy since(StoredStudy study) {
    var now = empty(study);
    if (!now.definition().equals(empty.definition())
        || !now.given().equals(empty.given())
        || empty.space().isOpen()
        || open.size() > MOST_OPEN) {
      return again(this, study);
    }
    var before = List.copyOf(recent);
    int from = before.isEmpty() ? 0 : before.getFirst().number();
    var some = study.some(empty.space(), open.keySet(), from);
    recent.clear();
    for (var stored : some) {
      var trial = bounded(stored);
      if (trial.number() >= from) {
        next(ByNumber.shared(before, trial));
      } else {
        var known = open.remove(trial.number());
        settle(known != null && known.equals(trial) ? known : trial);
      }
    }
    look(study, now);
    return this;
  }

  /// Takes the next trial by number.
  private void next(TrialRecord trial) {
    recent.add(trial);
    if (recent.size() > RECENT) {
      settle(recent.remove());
    }
  }

  private void settle(TrialRecord trial) {
    if (trial.state().isFinished()) {
      settled.add(trial);
    } else {
      open.put(trial.number(), trial);
    }
  }

  private void look(StoredStudy study, StudyView now) {
    var all = new Gathered(now, settled);
    open.values().forEach(all::add);
    recent.forEach(all::add);
    source = all.source(study, now);
  }
}

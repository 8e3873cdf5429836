package dev.assay.trial;

import dev.assay.internal.problem.Require;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A trial that is a part of a training: it goes on from the checkpoint that another trial left,
/// with parameters of its own, and leaves a checkpoint itself. A sampler proposes it with [#notes];
/// whoever runs the trial asks [dev.assay.study.Trial#segment].
///
/// @param parent the trial that it goes on from; null: training begins with it
/// @param from steps that were trained before; 0 without a parent
/// @param to steps that are trained when it ends
/// @param whole steps of the whole training, where each is one of its own that may be paused for as
///   long as it is not through; null: of a population, whose members replace each other
public record Segment(@Nullable Integer parent, long from, long to, @Nullable Long whole) {
  private static final String NOTE = "segment";

  /// The attribute of a trial whose training turned out to have no further steps: true.
  public static final String THROUGH = "through";

  /// Of a population.
  public Segment(@Nullable Integer parent, long from, long to) {
    this(parent, from, to, null);
  }

  public Segment {
    if (parent != null) {
      Require.atLeast(NOTE, "parent", parent, 0);
    }
    Require.atLeast(NOTE, "from", from, 0);
    Require.atLeast(NOTE, "to", to, from);
    if (whole != null) {
      Require.atLeast(NOTE, "whole", whole, to);
    }
  }

  /// As notes of a proposal.
  public Map<String, @Nullable Object> notes() {
    var segment = new LinkedHashMap<String, @Nullable Object>();
    if (parent != null) {
      segment.put("parent", parent);
    }
    segment.put("from", from);
    segment.put("to", to);
    if (whole != null) {
      segment.put("whole", whole);
    }
    return Map.of(NOTE, segment);
  }

  /// What a trial is a part of; null: it is whole.
  public static @Nullable Segment of(TrialRecord trial) {
    if (!(trial.notes().get(NOTE) instanceof Map<?, ?> segment)
        || !(segment.get("from") instanceof Number from)
        || !(segment.get("to") instanceof Number to)) {
      return null;
    }
    var parent =
        segment.get("parent") instanceof Number number ? (Integer) number.intValue() : null;
    boolean possible =
        from.longValue() >= 0
            && to.longValue() >= from.longValue()
            && (parent == null || parent >= 0);
    var whole = segment.get("whole") instanceof Number number ? (Long) number.longValue() : null;
    possible &= whole == null || whole >= to.longValue();
    return !possible ? null : new Segment(parent, from.longValue(), to.longValue(), whole);
  }

  /// Whether a trial's training can be gone on with.
  public static boolean isPaused(TrialRecord trial) {
    var segment = of(trial);
    return segment != null
        && segment.whole != null
        && segment.to < segment.whole
        && trial.state() == TrialState.COMPLETE
        && !Boolean.TRUE.equals(trial.attributes().get(THROUGH));
  }

  /// The trials that together are one training, from its beginning to the end of this one.
  ///
  /// @param trials of the study
  public static List<TrialRecord> lineage(TrialRecord last, Collection<TrialRecord> trials) {
    var byNumber = new HashMap<Integer, TrialRecord>();
    trials.forEach(trial -> byNumber.put(trial.number(), trial));
    var lineage = new ArrayList<TrialRecord>();
    // A parent has a lower number: this ends, whatever is stored.
    for (TrialRecord trial = last; trial != null; ) {
      lineage.addFirst(trial);
      var segment = of(trial);
      var parent = segment == null ? null : segment.parent();
      trial = parent == null || parent >= trial.number() ? null : byNumber.get(parent);
    }
    return lineage;
  }

  /// The finished trials whose checkpoints may still be wanted: by trials that are not finished, or
  /// by ones to come: all that are paused and that no other trial went on from. Of a population
  /// these are the trials of the last two ends of segments, and, where none of the earlier one is
  /// complete, those before until one is.
  ///
  /// @param trials of the study, waiting and running ones too
  public static Set<Integer> wanted(List<TrialRecord> trials) {
    var wanted = new HashSet<Integer>();
    var ends = new java.util.TreeMap<Long, Boolean>();
    var left = new HashSet<Integer>();
    for (var trial : trials) {
      var segment = of(trial);
      if (segment == null) {
        continue;
      }
      if (segment.whole() == null) {
        ends.merge(segment.to(), trial.state() == TrialState.COMPLETE, Boolean::logicalOr);
      }
      if (segment.parent() != null && !trial.state().isFinished()) {
        wanted.add(segment.parent());
      } else if (segment.parent() != null) {
        left.add(segment.parent());
      }
    }
    long least = least(ends);
    for (var trial : trials) {
      var segment = of(trial);
      if (segment != null && trial.state() == TrialState.COMPLETE) {
        boolean mayBeWanted =
            segment.whole() == null
                ? segment.to() >= least
                : isPaused(trial) && !left.contains(trial.number());
        if (mayBeWanted) {
          wanted.add(trial.number());
        }
      }
    }
    return wanted;
  }

  /// @param ends where segments end, and whether a trial that ends there is complete
  private static long least(java.util.TreeMap<Long, Boolean> ends) {
    boolean first = true;
    for (var end : ends.descendingMap().entrySet()) {
      if (!first && end.getValue()) {
        return end.getKey();
      }
      first = false;
    }
    return Long.MIN_VALUE;
  }
}

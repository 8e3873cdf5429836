package dev.assay.report;

import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Trials as they are read one by one, so few of them that they can be kept in memory: all, or of
/// more a sample that depends on their numbers alone.
final class TrialSample {
  private final int most;
  private final List<TrialRecord> kept = new ArrayList<>();
  private int read;
  private long mask;

  /// @param most trials that are kept; of more trials about half as many or more are
  TrialSample(int most) {
    this.most = most;
  }

  /// A copy, which goes on by itself.
  TrialSample(TrialSample other) {
    this(other.most);
    kept.addAll(other.kept);
    read = other.read;
    mask = other.mask;
  }

  void add(TrialRecord trial) {
    read++;
    if ((mixed(trial.number()) & mask) == 0) {
      kept.add(trial);
    }
    if (kept.size() > most) {
      mask = 2 * mask + 1;
      kept.removeIf(other -> (mixed(other.number()) & mask) != 0);
    }
  }

  /// In the order in which they were added.
  List<TrialRecord> trials() {
    return Collections.unmodifiableList(kept);
  }

  /// How many trials were added.
  int read() {
    return read;
  }

  boolean isAll() {
    return mask == 0;
  }

  /// Bits that follow no pattern of the search, such as its batches (the finalizer of SplitMix64).
  private static long mixed(int number) {
    long z = number * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

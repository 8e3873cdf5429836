package dev.assay.report;

import dev.assay.trial.TrialRecord;
import java.util.List;

/// Finds trials in lists that are sorted by number.
final class ByNumber {
  private ByNumber() {}

  /// The place of a trial, or a negative number.
  static int row(List<TrialRecord> trials, int number) {
    int low = 0;
    int high = trials.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = trials.get(middle).number();
      if (found == number) {
        return middle;
      }
      if (found < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /// A trial, as the object that is in the list where that is equal.
  static TrialRecord shared(List<TrialRecord> trials, TrialRecord trial) {
    int row = row(trials, trial.number());
    return row >= 0 && trials.get(row).equals(trial) ? trials.get(row) : trial;
  }
}

package dev.assay.internal.desk;

import dev.assay.space.Configuration;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Trials by number, for few at a time that come at the end and go from the front: a study's
/// millions pass through without an object for any but themselves. Places are from 0 to before
/// [#size], and change with every trial that comes or goes.
final class OpenTrials {
  private TrialRecord[] trials = new TrialRecord[16];

  /// With which configuration each was proposed: where objectives ask for parameters while they
  /// run, that is not the one that it ends with, and who ended must not matter.
  private Configuration[] proposed = new Configuration[16];

  /// What each that runs reported.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private List<Report>[] reports = new List[16];

  private int first;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  TrialRecord at(int place) {
    return trials[first + place];
  }

  Configuration proposedAt(int place) {
    return proposed[first + place];
  }

  List<Report> reportsAt(int place) {
    return reports[first + place];
  }

  /// The trial of a number, or null.
  @Nullable TrialRecord find(int number) {
    int place = placeOf(number);
    return isAt(place, number) ? at(place) : null;
  }

  /// How many have a number below this one: its place, where it is there.
  int placeOf(int number) {
    if (size == 0 || number > at(size - 1).number()) {
      return size;
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).number() < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean isAt(int place, int number) {
    return place < size && at(place).number() == number;
  }

  /// Puts a trial in the place of the one of its number, if there is one; otherwise it was proposed
  /// with a configuration, and has reported nothing.
  ///
  /// @return the one before, or null
  @Nullable TrialRecord put(TrialRecord trial, Configuration proposal) {
    int place = placeOf(trial.number());
    if (!isAt(place, trial.number())) {
      makeRoom(place);
      trials[first + place] = trial;
      proposed[first + place] = proposal;
      reports[first + place] = List.of();
      return null;
    }
    var before = at(place);
    trials[first + place] = trial;
    if (trial.state() != TrialState.RUNNING) {
      reports[first + place] = List.of();
    }
    return before;
  }

  /// Takes note of all that a trial reported, where it is there.
  void report(int number, List<Report> all) {
    int place = placeOf(number);
    if (isAt(place, number)) {
      reports[first + place] = all;
    }
  }

  /// Takes out the trial at a place.
  void remove(int place) {
    if (place < size - 1 - place) {
      move(first, first + 1, place);
      clear(first++);
    } else {
      move(first + place + 1, first + place, size - 1 - place);
      clear(first + size - 1);
    }
    size--;
    if (size == 0) {
      first = 0;
    }
  }

  private void makeRoom(int place) {
    if (first + size == trials.length) {
      // What went from the front is used again once it is half of all.
      int room = first > size ? trials.length : 2 * trials.length;
      trials = Arrays.copyOf(Arrays.copyOfRange(trials, first, first + size), room);
      proposed = Arrays.copyOf(Arrays.copyOfRange(proposed, first, first + size), room);
      reports = Arrays.copyOf(Arrays.copyOfRange(reports, first, first + size), room);
      first = 0;
    }
    move(first + place, first + place + 1, size - place);
    size++;
  }

  private void move(int from, int to, int count) {
    System.arraycopy(trials, from, trials, to, count);
    System.arraycopy(proposed, from, proposed, to, count);
    System.arraycopy(reports, from, reports, to, count);
  }

  @SuppressWarnings("NullAway") // nobody looks at places that are free
  private void clear(int index) {
    trials[index] = null;
    proposed[index] = null;
    reports[index] = null;
  }
}

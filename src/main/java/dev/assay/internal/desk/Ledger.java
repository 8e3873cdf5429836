package dev.assay.internal.desk;

import dev.assay.space.Configuration;
import dev.assay.trial.Budget;
import dev.assay.trial.Confirmation;
import dev.assay.trial.History;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which trials there are, and which of them the sampler may know of. Guarded by the study's lock.
///
/// The batch rule: trial t is proposed from the outcomes of trials below B⌊t/B⌋ only. So a finished
/// trial becomes *visible* together with its whole batch, in the order of numbers; without a batch
/// rule it becomes visible at once. A proposal is the same whoever finished first.
final class Ledger {
  private final int batch;
  private final boolean finite;
  private TrialRecord[] visible = new TrialRecord[16];
  private int visibleSize;

  /// The visible without those that were discarded; the same array while none is.
  private TrialRecord[] known = visible;

  private int knownSize;

  /// How many of the visible are an earlier study's; they stand first.
  private int earlier;

  /// Trials that are not visible: waiting, running, or finished and held back by the batch rule.
  private final OpenTrials open = new OpenTrials();

  /// Trials of any state that confirm others. Samplers see nothing of them: the search goes on,
  /// should it, as if they had never been.
  private final OpenTrials confirmations = new OpenTrials();

  /// Histories look at it outside the lock: what is added meanwhile has a number that they ignore.
  private final Map<Configuration, Integer> taken = new ConcurrentHashMap<>();

  /// Of a space that is not finite nothing is kept.
  private static final Predicate<Configuration> NONE_TAKEN = _ -> false;

  private int nextNumber;
  private final int[] counts = new int[TrialState.values().length];

  /// @param finite whether the space is, so that repeats matter
  Ledger(int batch, boolean finite) {
    this.batch = batch;
    this.finite = finite;
  }

  /// Shows the sampler trials of an earlier study; before anything else.
  void remember(List<TrialRecord> trials) {
    trials.forEach(this::show);
    earlier = visibleSize;
  }

  /// Puts back a stored trial. Finished ones come first, as they ended.
  ///
  /// @param proposal the configuration that it was proposed with
  void restore(TrialRecord trial, Configuration proposal) {
    nextNumber = Math.max(nextNumber, trial.number() + 1);
    if (Confirmation.is(trial)) {
      put(trial);
      return;
    }
    take(trial);
    if (batch == 0 && trial.state().isFinished()) {
      counts[trial.state().ordinal()]++;
      show(trial);
    } else {
      put(trial, proposal);
    }
  }

  /// After the last [#restore], or a new number: only now is it known which batches are whole.
  void restored() {
    if (batch > 0) {
      settleBatches();
    }
  }

  /// Takes note of a trial that another process changed.
  void observe(TrialRecord trial) {
    if (trial.number() >= nextNumber) {
      nextNumber = trial.number() + 1;
      take(trial);
    }
    update(trial);
  }

  /// The numbers of trials that are not finished, except some.
  List<Integer> unfinishedExcept(IntPredicate some) {
    var numbers = new ArrayList<Integer>();
    for (var group : List.of(open, confirmations)) {
      for (int i = 0; i < group.size(); i++) {
        var trial = group.at(i);
        if (!trial.state().isFinished() && !some.test(trial.number())) {
          numbers.add(trial.number());
        }
      }
    }
    return numbers;
  }

  int nextNumber() {
    return nextNumber;
  }

  /// How many trials the search has proposed or been given.
  int searched() {
    return nextNumber - confirmations.size();
  }

  /// The numbers of the search's trials that run.
  List<Integer> searching() {
    return listed(open).stream()
        .filter(trial -> trial.state() == TrialState.RUNNING)
        .map(TrialRecord::number)
        .toList();
  }

  /// The complete trials of the search, by number, whether they are visible or not.
  List<TrialRecord> completeOfSearch() {
    return all().stream()
        .filter(trial -> trial.state() == TrialState.COMPLETE && !Confirmation.is(trial))
        .toList();
  }

  /// How many trials of the search have ended, whether they are visible or not.
  int endedOfSearch() {
    int held = (int) listed(open).stream().filter(trial -> trial.state().isFinished()).count();
    return settledSize() + held;
  }

  /// Trials of any state that confirm others, by number.
  List<TrialRecord> confirmations() {
    return listed(confirmations);
  }

  int count(TrialState state) {
    return counts[state.ordinal()];
  }

  /// The first trial that waits, or null.
  @Nullable TrialRecord firstWaiting() {
    if (count(TrialState.WAITING) == 0) {
      return null;
    }
    var one = firstWaiting(open);
    var other = firstWaitingConfirmation();
    return one == null || other != null && other.number() < one.number() ? other : one;
  }

  /// The first one that waits and confirms another, or null.
  @Nullable TrialRecord firstWaitingConfirmation() {
    return count(TrialState.WAITING) == 0 ? null : firstWaiting(confirmations);
  }

  private static @Nullable TrialRecord firstWaiting(OpenTrials trials) {
    for (int i = 0; i < trials.size(); i++) {
      if (trials.at(i).state() == TrialState.WAITING) {
        return trials.at(i);
      }
    }
    return null;
  }

  private static List<TrialRecord> listed(OpenTrials trials) {
    return IntStream.range(0, trials.size()).mapToObj(trials::at).toList();
  }

  /// A trial that has not ended, or is held back; null where there is none, or it is over.
  @Nullable TrialRecord open(int number) {
    var confirmation = confirmations.find(number);
    return confirmation == null ? open.find(number) : confirmation;
  }

  /// A trial of any state, or null.
  @Nullable TrialRecord find(int number) {
    var found = open(number);
    for (int i = visibleSize - 1; found == null && i >= earlier; i--) {
      found = visible[i].number() == number ? visible[i] : null;
    }
    return found;
  }

  /// Whether the next number may be proposed now: no trial of an earlier batch is under way.
  boolean mayPropose() {
    return batch == 0 || open.isEmpty() || open.at(0).number() >= nextNumber - nextNumber % batch;
  }

  /// A new trial, under the next number.
  void add(TrialRecord trial) {
    nextNumber = trial.number() + 1;
    take(trial);
    update(trial);
  }

  /// Replaces an open trial by its new state, and lets it and others become visible.
  void update(TrialRecord trial) {
    put(trial);
    if (Confirmation.is(trial)) {
      restored(); // its number may be the last of a batch
      return;
    }
    if (!trial.state().isFinished()) {
      return;
    }
    if (batch == 0) {
      open.remove(open.placeOf(trial.number()));
      show(trial);
    } else {
      settleBatches();
    }
  }

  private void take(TrialRecord trial) {
    if (finite && !Confirmation.is(trial)) {
      taken.putIfAbsent(trial.configuration(), trial.number());
    }
  }

  private void put(TrialRecord trial) {
    put(trial, trial.configuration());
  }

  /// @param proposal the configuration that it was proposed with, where it is new
  private void put(TrialRecord trial, Configuration proposal) {
    var before = (Confirmation.is(trial) ? confirmations : open).put(trial, proposal);
    if (before != null) {
      counts[before.state().ordinal()]--;
    }
    counts[trial.state().ordinal()]++;
  }

  /// Takes note of all that a trial that runs reported.
  void report(int number, List<Report> all) {
    open.report(number, batch == 0 ? all : List.of());
  }

  /// Shows every batch that is complete and finished, up to the first that is not.
  private void settleBatches() {
    while (!open.isEmpty()) {
      int first = open.at(0).number();
      int end = first - first % batch + batch;
      int members = open.placeOf(end);
      for (int i = 0; i < members; i++) {
        if (!open.at(i).state().isFinished()) {
          return;
        }
      }
      if (nextNumber < end) {
        return;
      }
      for (int i = 0; i < members; i++) {
        show(open.at(0));
        open.remove(0);
      }
    }
  }

  private void show(TrialRecord trial) {
    boolean shared = known == visible;
    if (visibleSize == visible.length) {
      // A new array: histories handed out keep the old one.
      visible = Arrays.copyOf(visible, 2 * visibleSize);
    }
    visible[visibleSize++] = trial;
    boolean counts = trial.state() != TrialState.DISCARDED;
    if (shared && counts) {
      known = visible;
      knownSize = visibleSize;
    } else if (shared) {
      learn();
    } else if (counts) {
      if (knownSize == known.length) {
        known = Arrays.copyOf(known, 2 * knownSize + 1);
      }
      known[knownSize++] = trial;
    }
  }

  /// Makes the list of what is known anew.
  private void learn() {
    known =
        Arrays.stream(visible, 0, visibleSize)
            .filter(trial -> trial.state() != TrialState.DISCARDED)
            .toArray(TrialRecord[]::new);
    knownSize = known.length;
  }

  /// Discards a trial of the study's own that has ended, or takes it back.
  ///
  /// @return whether there is such a trial, and it was not so before
  boolean discard(int number, boolean discarded) {
    var trial = find(number);
    if (trial == null || !trial.state().isFinished()) {
      return false;
    }
    var changed = trial.discarded(discarded);
    if (changed.state() == trial.state()) {
      return false;
    }
    if (open(number) != null) { // not visible
      put(changed);
      return true;
    }
    counts[trial.state().ordinal()]--;
    counts[changed.state().ordinal()]++;
    visible = visible.clone();
    visible[Arrays.asList(visible).indexOf(trial)] = changed;
    learn();
    return true;
  }

  /// What may be known when `trial` is proposed, under a budget: also the reports of trials that
  /// run, unless a batch rule hides them.
  History history(int trial, Budget budget) {
    return history(trial, 0, budget);
  }

  /// As [#history], without the trials of earlier studies: what may be known when `trial` is
  /// pruned.
  History ownHistory(int trial) {
    return history(trial, earlier, Budget.UNLIMITED);
  }

  private History history(int trial, int first, Budget budget) {
    return new History(
        known,
        first,
        knownSize - first,
        open.isEmpty() ? List.of() : pending(trial),
        finite
            ? configuration -> taken.getOrDefault(configuration, Integer.MAX_VALUE) < trial
            : NONE_TAKEN,
        budget);
  }

  private List<History.Pending> pending(int trial) {
    int below = open.placeOf(trial);
    var pending = new ArrayList<History.Pending>(below);
    for (int i = 0; i < below; i++) {
      pending.add(new History.Pending(open.at(i).number(), open.proposedAt(i), open.reportsAt(i)));
    }
    return pending;
  }

  /// Every trial, by number.
  List<TrialRecord> all() {
    var all = new ArrayList<>(settled());
    all.addAll(listed(open));
    all.addAll(listed(confirmations));
    all.sort(java.util.Comparator.comparingInt(TrialRecord::number));
    return all;
  }

  /// How many [#settled] are.
  int settledSize() {
    return visibleSize - earlier;
  }

  /// The i-th of [#settled].
  TrialRecord settled(int i) {
    return visible[earlier + i];
  }

  /// The study's own trials that are visible, in the order in which they became so.
  List<TrialRecord> settled() {
    return Arrays.asList(visible).subList(earlier, visibleSize);
  }
}

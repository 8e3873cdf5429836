package dev.assay.internal.desk;

import dev.assay.space.Configuration;
import dev.assay.trial.Confirmation;
import dev.assay.trial.History;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
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
  private final TreeMap<Integer, TrialRecord> open = new TreeMap<>();

  /// With which configuration each open trial was proposed: where objectives ask for parameters
  /// while they run, that is not the one that it ends with, and who ended must not matter.
  private final Map<Integer, Configuration> proposed = new HashMap<>();

  /// Trials of any state that confirm others. Samplers see nothing of them: the search goes on,
  /// should it, as if they had never been.
  private final TreeMap<Integer, TrialRecord> confirmations = new TreeMap<>();

  private final TreeSet<Integer> waiting = new TreeSet<>();

  /// Histories look at it outside the lock: what is added meanwhile has a number that they ignore.
  private final Map<Configuration, Integer> taken = new ConcurrentHashMap<>();

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
    proposed.put(trial.number(), proposal);
    take(trial);
    if (batch == 0) {
      update(trial);
    } else {
      put(trial);
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
  List<Integer> unfinishedExcept(java.util.Set<Integer> some) {
    var numbers = new ArrayList<Integer>();
    for (var group : List.of(open, confirmations)) {
      for (var trial : group.values()) {
        if (!trial.state().isFinished() && !some.contains(trial.number())) {
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
    return open.values().stream()
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
    int held = (int) open.values().stream().filter(trial -> trial.state().isFinished()).count();
    return settledSize() + held;
  }

  /// Trials of any state that confirm others, by number.
  List<TrialRecord> confirmations() {
    return List.copyOf(confirmations.values());
  }

  int count(TrialState state) {
    return counts[state.ordinal()];
  }

  /// The first trial that waits, or null.
  @Nullable TrialRecord firstWaiting() {
    return waiting.isEmpty() ? null : open(waiting.first());
  }

  /// The first one that waits and confirms another, or null.
  @Nullable TrialRecord firstWaitingConfirmation() {
    for (int number : waiting) {
      if (confirmations.containsKey(number)) {
        return open(number);
      }
    }
    return null;
  }

  /// A trial that has not ended, or is held back; null where there is none, or it is over.
  @Nullable TrialRecord open(int number) {
    var confirmation = confirmations.get(number);
    return confirmation == null ? open.get(number) : confirmation;
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
    return batch == 0 || open.isEmpty() || open.firstKey() >= nextNumber - nextNumber % batch;
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
      open.remove(trial.number());
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
    boolean confirms = Confirmation.is(trial);
    if (!confirms) {
      proposed.putIfAbsent(trial.number(), trial.configuration());
    }
    var before = (confirms ? confirmations : open).put(trial.number(), trial);
    if (before != null) {
      counts[before.state().ordinal()]--;
    }
    counts[trial.state().ordinal()]++;
    if (trial.state() == TrialState.WAITING) {
      waiting.add(trial.number());
    } else {
      waiting.remove(trial.number());
    }
  }

  /// Shows every batch that is complete and finished, up to the first that is not.
  private void settleBatches() {
    while (!open.isEmpty()) {
      int end = open.firstKey() - open.firstKey() % batch + batch;
      var members = open.headMap(end);
      if (nextNumber < end || members.values().stream().anyMatch(t -> !t.state().isFinished())) {
        return;
      }
      members.values().forEach(this::show);
      members.clear();
    }
  }

  private void show(TrialRecord trial) {
    proposed.remove(trial.number());
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
    if (open.containsKey(number) || confirmations.containsKey(number)) { // not visible
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

  /// What may be known when `trial` is proposed.
  ///
  /// @param running the reports of trials that run, by number; ignored where a batch rule hides
  ///   them
  History history(int trial, Map<Integer, List<Report>> running) {
    return history(trial, running, 0);
  }

  /// As [#history], without the trials of earlier studies: what may be known when `trial` is
  /// pruned.
  History ownHistory(int trial, Map<Integer, List<Report>> running) {
    return history(trial, running, earlier);
  }

  private History history(int trial, Map<Integer, List<Report>> running, int first) {
    return new History(
        known,
        first,
        knownSize - first,
        open.isEmpty() ? List.of() : pending(trial, running),
        configuration -> taken.getOrDefault(configuration, Integer.MAX_VALUE) < trial);
  }

  private List<History.Pending> pending(int trial, Map<Integer, List<Report>> running) {
    var below = open.headMap(trial);
    var pending = new ArrayList<History.Pending>(below.size());
    for (var other : below.values()) {
      var reports =
          batch == 0 ? running.getOrDefault(other.number(), List.of()) : List.<Report>of();
      var configuration = proposed.getOrDefault(other.number(), other.configuration());
      pending.add(new History.Pending(other.number(), configuration, reports));
    }
    return pending;
  }

  /// Every trial, by number.
  List<TrialRecord> all() {
    var all = new ArrayList<>(settled());
    all.addAll(open.values());
    all.addAll(confirmations.values());
    all.sort(java.util.Comparator.comparingInt(TrialRecord::number));
    return all;
  }

  /// How many [#settled] are.
  int settledSize() {
    return visibleSize - earlier;
  }

  /// The study's own trials that are visible, in the order in which they became so.
  List<TrialRecord> settled() {
    return Arrays.asList(visible).subList(earlier, visibleSize);
  }
}

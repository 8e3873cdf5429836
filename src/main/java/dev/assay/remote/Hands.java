package dev.assay.remote;

import dev.assay.internal.desk.Work;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The trials that a worker runs and ran. Thread-safe.
final class Hands {
  private static final Logger LOG = Log.of(Hands.class);

  private final Map<Integer, Hand> hands = new ConcurrentHashMap<>();

  /// What this worker ran, without reports.
  private final Map<Integer, TrialRecord> ended = new TreeMap<>();

  void add(Hand hand) {
    hands.put(hand.trial.number(), hand);
  }

  /// @throws Problem where the trial was told before
  Hand of(Work work) {
    var hand = find(work);
    if (hand == null) {
      throw new Problem(
          "The trial is not running.",
          "trial " + work.number(),
          "Tell each trial once; ask for a new one.");
    }
    return hand;
  }

  @Nullable Hand find(Work work) {
    var hand = hands.get(work.number());
    return hand != null && hand.trial == work.record() ? hand : null;
  }

  Collection<Hand> all() {
    return hands.values();
  }

  /// What the owner is told that this worker has.
  List<Messages.Held> held() {
    return hands.values().stream().filter(hand -> !hand.lost).map(Hand::held).toList();
  }

  void remove(Hand hand) {
    hands.remove(hand.trial.number(), hand);
  }

  void end(TrialRecord trial) {
    synchronized (ended) {
      ended.put(trial.number(), trial.withReports(List.of()));
    }
  }

  void lose(int trial) {
    var hand = hands.get(trial);
    if (hand != null) {
      lose(hand);
    }
  }

  /// Others run it.
  static void lose(Hand hand) {
    if (!hand.lost) {
      hand.lost = true;
      LOG.warn(
          "Trial {} is lost: the study's owner took this worker for gone, and others run it.",
          hand.trial.number());
    }
  }

  /// Another owner has taken this worker in.
  ///
  /// @param kept what it goes on with
  void renew(List<Messages.Held> kept) {
    var epochs = new TreeMap<Integer, Integer>();
    kept.forEach(held -> epochs.put(held.trial(), held.epoch()));
    for (var hand : hands.values()) {
      var epoch = epochs.get(hand.trial.number());
      if (epoch == null) {
        lose(hand);
      } else {
        hand.renew(epoch);
      }
    }
  }

  /// By number.
  List<TrialRecord> trials() {
    var all = new TreeMap<Integer, TrialRecord>();
    hands.values().forEach(hand -> all.put(hand.trial.number(), hand.trial));
    synchronized (ended) {
      all.putAll(ended);
    }
    return new ArrayList<>(all.values());
  }
}

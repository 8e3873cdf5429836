package dev.assay.serve;

import dev.assay.space.Configuration;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The trials that clients asked for and have not told. A client that vanishes would keep its trial
/// for ever; with a lease the trial is taken back when nothing was heard of it for so long.
final class HeldTrials {
  private static final Logger LOG = LoggerFactory.getLogger(HeldTrials.class);

  private final Study<Configuration> study;
  private final @Nullable Duration lease;
  private final LongSupplier nanoTime;

  /// Those first of which nothing was heard for longest.
  private final Map<Integer, Held> trials = new LinkedHashMap<>(16, 0.75F, true);

  private static final class Held {
    final Trial<Configuration> trial;
    long heardNanos;

    Held(Trial<Configuration> trial) {
      this.trial = trial;
    }
  }

  /// @param lease null: for ever
  HeldTrials(Study<Configuration> study, @Nullable Duration lease, LongSupplier nanoTime) {
    this.study = study;
    this.lease = lease;
    this.nanoTime = nanoTime;
  }

  void add(Trial<Configuration> trial) {
    trials.put(trial.number(), new Held(trial));
    var _ = find(trial.number());
  }

  /// A trial of which a client speaks, whose lease begins anew; null where nobody has it.
  @Nullable Trial<Configuration> find(int number) {
    var held = trials.get(number);
    if (held == null) {
      return null;
    }
    held.heardNanos = nanoTime.getAsLong();
    return held.trial;
  }

  void remove(Trial<Configuration> trial) {
    trials.remove(trial.number());
  }

  /// Takes back what was not heard of for longer than a lease.
  void endLeases() {
    if (lease == null) {
      return;
    }
    long now = nanoTime.getAsLong();
    for (var all = trials.values().iterator(); all.hasNext(); ) {
      var held = all.next();
      if (now - held.heardNanos <= lease.toNanos()) {
        return; // and so are all after it
      }
      all.remove();
      LOG.warn(
          "Nothing was heard of trial {} for more than {} s: it is taken back.",
          held.trial.number(),
          lease.toSeconds());
      study.abandon(held.trial);
    }
  }
}

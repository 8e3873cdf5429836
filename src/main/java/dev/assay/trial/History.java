package dev.assay.trial;

import dev.assay.space.Configuration;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/// What may be known when a trial is proposed or pruned. Immutable.
///
/// Finished trials stand in the order in which they became known, which never changes: in batch
/// mode by number, otherwise as they ended. A longer history of the same study begins with the
/// shorter one. Trials taken over from an earlier study stand before all others and have numbers
/// below 0; only samplers see them.
public final class History {
  private final TrialRecord[] records;
  private final int first;
  private final int size;
  private final List<Pending> pending;
  private final Predicate<Configuration> taken;
  private final Budget budget;

  /// What is left of the budget where this is a part of what is known; NaN: as its trials say.
  private final double left;

  /// A trial whose outcome is not known (yet, or by the batch rule).
  ///
  /// @param reports empty where the batch rule hides them
  public record Pending(int number, Configuration configuration, List<Report> reports) {}

  /// @param records owned by the study, which never changes those from `first` to `first + size`
  public History(
      TrialRecord[] records,
      int first,
      int size,
      List<Pending> pending,
      Predicate<Configuration> taken) {
    this(records, first, size, pending, taken, Budget.UNLIMITED);
  }

  /// @param records as above
  /// @param budget as of [#budget]
  public History(
      TrialRecord[] records,
      int first,
      int size,
      List<Pending> pending,
      Predicate<Configuration> taken,
      Budget budget) {
    this(records, first, size, pending, taken, budget, Double.NaN);
  }

  private History(
      TrialRecord[] records,
      int first,
      int size,
      List<Pending> pending,
      Predicate<Configuration> taken,
      Budget budget,
      double left) {
    this.records = records;
    this.first = first;
    this.size = size;
    this.pending = pending;
    this.taken = taken;
    this.budget = budget;
    this.left = left;
  }

  /// The same under a budget.
  public History under(Budget other) {
    return new History(records, first, size, pending, taken, other, Double.NaN);
  }

  /// The same under the budget of a history that this is a part of, of which all of its trials
  /// take.
  ///
  /// @param trial the number of what is to be proposed, among all
  public History under(History whole, int trial) {
    return new History(records, first, size, pending, taken, whole.budget, whole.budgetLeft(trial));
  }

  /// When the search will end, as far as that is known: its time is that of all trials of the
  /// study, those of earlier runs included, on one worker's clock.
  public Budget budget() {
    return budget;
  }

  /// The share of the budget that is left, from 1 to 0: of its trials or of its time, as far as
  /// finished trials tell, whichever is less. Those under way share the time.
  ///
  /// @param trial the number of what is to be proposed
  public double budgetLeft(int trial) {
    if (!Double.isNaN(left)) {
      return left;
    }
    double share = 1;
    var time = budget.time();
    if (time != null) {
      double seconds = 0;
      for (var record : finished()) {
        seconds += record.number() >= 0 ? record.seconds() : 0;
      }
      share = 1 - seconds / (1 + pending.size()) / (time.toNanos() * 1e-9);
    }
    var trials = budget.trials();
    if (trials != null) {
      share = Math.min(share, 1 - (double) trial / trials);
    }
    return Math.clamp(share, 0, 1);
  }

  /// A history made by hand, for tests and for samplers outside a study.
  public static History of(List<TrialRecord> finished, List<Pending> pending) {
    return new History(
        finished.toArray(new TrialRecord[0]),
        0,
        finished.size(),
        List.copyOf(pending),
        configuration ->
            finished.stream()
                    .anyMatch(t -> t.number() >= 0 && t.configuration().equals(configuration))
                || pending.stream().anyMatch(t -> t.configuration().equals(configuration)));
  }

  /// n, the number of finished trials.
  public int size() {
    return size;
  }

  /// The i-th finished trial.
  public TrialRecord get(int i) {
    return records[first + Objects.checkIndex(i, size)];
  }

  /// The finished trials.
  public List<TrialRecord> finished() {
    return new AbstractList<>() {
      @Override
      public TrialRecord get(int i) {
        return History.this.get(i);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  /// The same with each run of a trial that was several as a trial ([TrialRecord#runs]), for models
  /// that learn from each what noise it has.
  public History runs() {
    boolean any = false;
    for (var trial : finished()) {
      any |= trial.attributes().containsKey(TrialRecord.RUNS);
    }
    if (!any) {
      return this;
    }
    var runs =
        finished().stream().flatMap(trial -> trial.runs().stream()).toArray(TrialRecord[]::new);
    return new History(runs, 0, runs.length, pending, taken, budget, left);
  }

  /// Trials that were proposed before and whose outcome is not known.
  public List<Pending> pending() {
    return pending;
  }

  /// Whether a trial of this study, finished or pending, has this configuration.
  public boolean contains(Configuration configuration) {
    return taken.test(configuration);
  }
}

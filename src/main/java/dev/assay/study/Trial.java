package dev.assay.study;

import dev.assay.internal.desk.Work;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A running trial, in the hands of whoever runs it. Belongs to one thread.
///
/// @param <C> what a configuration is for the objective
public final class Trial<C> {
  /// What a report is answered with.
  ///
  /// @param prune whether the trial should end now, as [dev.assay.trial.Outcome#pruned]
  public record Decision(boolean prune) {}

  private final RunningStudy<C> study;
  private @Nullable C configuration;
  private @Nullable FreeConfiguration asking;

  /// What the study is told of.
  final Work work;

  Trial(RunningStudy<C> study, TrialRecord record) {
    this.study = study;
    work = new Work(record);
  }

  public int number() {
    return work.number();
  }

  /// What the objective is given.
  ///
  /// @throws dev.assay.problem.Problem when a record's constructor refuses the values
  public C configuration() {
    if (configuration == null) {
      configuration = study.binding.configuration(work.record());
    }
    return configuration;
  }

  /// The configuration as parameters and values.
  public Configuration parameters() {
    return work.record().configuration();
  }

  /// A value for a parameter that the trial asks for while it runs, in a study over an open space.
  /// Asking again gives the same value, also after the trial was interrupted and begun again.
  ///
  /// @return a Double, a Long, or an option
  /// @throws dev.assay.problem.Problem where the space was declared before, or the name stands for
  ///   another distribution
  public @Nullable Object suggest(String name, Distribution distribution) {
    if (asking == null) {
      asking = study.binding.asking(work.record());
    }
    return asking.suggest(name, distribution);
  }

  /// Whether it was asked for nothing so far: [#suggest].
  public boolean hasAskedNothing() {
    return asking == null;
  }

  /// A seed of the trial's own: the same whenever and wherever the trial runs.
  public long seed() {
    return study.seedOf(number());
  }

  /// The part of a training that the trial is; null: it is whole.
  public @Nullable Segment segment() {
    return Segment.of(work.record());
  }

  /// The number of the finalist that the trial is run to confirm; null: it is one of the search.
  public @Nullable Integer confirms() {
    return Confirmation.confirmed(work.record());
  }

  /// The notes that whoever runs the trial needs, wherever that is.
  public Map<String, @Nullable Object> marks() {
    var segment = segment();
    return segment == null ? Confirmation.note(work.record()) : segment.notes();
  }

  /// How often the trial was started before and interrupted.
  public int restarts() {
    return work.record().restarts();
  }

  /// Counts the trial's time from now on: what went before was waiting.
  public void restartClock() {
    work.restartClock();
  }

  /// The trial ran elsewhere, where its time was measured.
  public void took(double seconds) {
    work.took(seconds);
  }

  /// Reports intermediate values and asks whether to go on.
  ///
  /// @param step how far the trial is; larger than at the report before
  /// @param values one for each objective; NaN where unknown
  public Decision report(long step, double... values) {
    return study.report(this, step, values);
  }

  /// Attaches a JSON value to the trial.
  public void attribute(String key, @Nullable Object value) {
    work.attribute(key, value);
  }

  /// The parameters that it was run with, as known by now.
  Configuration used() {
    return asking == null ? study.binding.used(work.record(), configuration) : asking.asked();
  }
}

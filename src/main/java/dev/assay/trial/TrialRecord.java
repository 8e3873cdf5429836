package dev.assay.trial;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything known of a trial at one moment. Immutable.
///
/// @param number from 0, in the order of proposal
/// @param notes what the sampler wants to find again beside the proposal
/// @param reports intermediate values, by ascending step
/// @param values one for each objective; empty unless complete
/// @param constraints g, one for each outcome constraint: how far its metric lies beyond the bound,
///   0 or less where it is kept; empty unless complete
/// @param cause why it failed; null unless failed
/// @param detail what a person needs to know about the failure; empty unless failed
/// @param attributes whatever the objective attached: fold scores, fit times, device
/// @param startedMillis when it was last started, milliseconds since 1970; 0 while waiting
/// @param seconds how long it ran; 0 until finished
/// @param restarts how often it was started again after an interruption or crash
public record TrialRecord(
    int number,
    TrialState state,
    Configuration configuration,
    Map<String, @Nullable Object> notes,
    List<Report> reports,
    List<Double> values,
    List<Double> constraints,
    @Nullable Cause cause,
    String detail,
    Map<String, @Nullable Object> attributes,
    long startedMillis,
    double seconds,
    int restarts) {
  /// The detail of a trial that was given up because nobody who ran it lived to tell.
  public static final String LOST = "the process that ran it was gone each time";

  /// The attribute with what a program reported beside its objectives: a map from metrics to
  /// numbers.
  public static final String METRICS = "metrics";

  /// The attribute of a trial that was several runs with seeds of its own: how many. Its reports
  /// are their values.
  public static final String RUNS = "runs";

  /// A trial of a study without outcome constraints.
  public TrialRecord(
      int number,
      TrialState state,
      Configuration configuration,
      Map<String, @Nullable Object> notes,
      List<Report> reports,
      List<Double> values,
      @Nullable Cause cause,
      String detail,
      Map<String, @Nullable Object> attributes,
      long startedMillis,
      double seconds,
      int restarts) {
    this(
        number,
        state,
        configuration,
        notes,
        reports,
        values,
        List.of(),
        cause,
        detail,
        attributes,
        startedMillis,
        seconds,
        restarts);
  }

  /// When it ended, milliseconds since 1970. Whole ones, since the start is: with the fraction of
  /// [#seconds] added to a start that was cut, a trial could seem to have ended after another that
  /// began later and ended in the same millisecond.
  public long endedMillis() {
    return startedMillis + (long) (1000 * seconds + 1e-6);
  }

  /// A trial that waits to be run.
  public static TrialRecord waiting(int number, Proposal proposal) {
    return proposed(number, TrialState.WAITING, proposal, 0);
  }

  /// A trial that was proposed and started at once.
  public static TrialRecord running(int number, Proposal proposal, long nowMillis) {
    return proposed(number, TrialState.RUNNING, proposal, nowMillis);
  }

  private static TrialRecord proposed(
      int number, TrialState state, Proposal proposal, long startedMillis) {
    return new TrialRecord(
        number,
        state,
        proposal.configuration(),
        proposal.notes(),
        List.of(),
        List.of(),
        null,
        "",
        Map.of(),
        startedMillis,
        0,
        0);
  }

  /// This trial, started now.
  public TrialRecord running(long nowMillis) {
    return new TrialRecord(
        number,
        TrialState.RUNNING,
        configuration,
        notes,
        List.of(),
        List.of(),
        null,
        "",
        attributes,
        nowMillis,
        0,
        restarts);
  }

  /// This ended trial, discarded, or taken back to the state that it ended in.
  public TrialRecord discarded(boolean discarded) {
    var other = discarded ? TrialState.DISCARDED : stateAtItsEnd();
    return with(number, other, configuration, notes, reports, values, constraints);
  }

  private TrialState stateAtItsEnd() {
    if (cause != null) {
      return TrialState.FAILED;
    }
    return values.isEmpty() ? TrialState.PRUNED : TrialState.COMPLETE;
  }

  /// This trial, to be run once more under its own number.
  public TrialRecord interrupted() {
    return new TrialRecord(
        number,
        TrialState.WAITING,
        configuration,
        notes,
        List.of(),
        List.of(),
        null,
        "",
        attributes,
        0,
        0,
        restarts + 1);
  }

  /// This trial, given up: those who ran it were gone each time.
  public TrialRecord lost() {
    return ended(TrialState.FAILED, reports, List.of(), Cause.LOST, LOST, attributes, 0);
  }

  /// This trial, ended.
  public TrialRecord ended(
      Outcome outcome,
      List<Report> reports,
      Map<String, @Nullable Object> attributes,
      double seconds) {
    return switch (outcome) {
      case Outcome.Complete(var values) ->
          ended(TrialState.COMPLETE, reports, values, null, "", attributes, seconds);
      case Outcome.Pruned() ->
          ended(TrialState.PRUNED, reports, List.of(), null, "", attributes, seconds);
      case Outcome.Failed(var cause, var detail) ->
          ended(TrialState.FAILED, reports, List.of(), cause, detail, attributes, seconds);
    };
  }

  /// This ended trial, failed after all.
  public TrialRecord failed(Cause newCause, String newDetail) {
    return ended(TrialState.FAILED, reports, List.of(), newCause, newDetail, attributes, seconds);
  }

  private TrialRecord ended(
      TrialState state,
      List<Report> reports,
      List<Double> values,
      @Nullable Cause cause,
      String detail,
      Map<String, @Nullable Object> attributes,
      double seconds) {
    return new TrialRecord(
        number,
        state,
        configuration,
        notes,
        reports,
        values,
        cause,
        detail,
        attributes,
        startedMillis,
        seconds,
        restarts);
  }

  /// This trial with other reports.
  public TrialRecord withReports(List<Report> newReports) {
    return with(number, state, configuration, notes, List.copyOf(newReports), values, constraints);
  }

  /// This trial, its configuration read in another space.
  public TrialRecord in(SearchSpace space) {
    return with(space.read(configuration.values()));
  }

  /// This trial with the values and reports of other objectives.
  public TrialRecord valued(List<Double> newValues, List<Report> newReports) {
    return with(number, state, configuration, notes, newReports, List.copyOf(newValues), List.of());
  }

  /// Each run of a trial that was several, as a trial that is complete, with its share of the time;
  /// otherwise this one. Runs that a pruner did not wait for are none.
  public List<TrialRecord> runs() {
    if (!(attributes.get(RUNS) instanceof Number count)
        || count.intValue() != reports.size()
        || state != TrialState.COMPLETE && state != TrialState.PRUNED) {
      return List.of(this);
    }
    return reports.stream()
        .map(report ->
            new TrialRecord(
                number,
                TrialState.COMPLETE,
                configuration,
                notes,
                List.of(),
                report.values(),
                constraints,
                cause,
                detail,
                attributes,
                startedMillis,
                seconds / count.intValue(),
                restarts))
        .toList();
  }

  /// This trial with another configuration.
  public TrialRecord with(Configuration other) {
    return with(number, state, other, notes, reports, values, constraints);
  }

  /// This trial under another number.
  public TrialRecord numbered(int other) {
    return with(other, state, configuration, notes, reports, values, constraints);
  }

  /// This trial with other notes.
  public TrialRecord noted(Map<String, @Nullable Object> newNotes) {
    return with(number, state, configuration, newNotes, reports, values, constraints);
  }

  /// This trial under a study's outcome constraints, judged by its values and attributes.
  ///
  /// @return this trial where it is not complete, or a metric is unknown
  public TrialRecord under(List<OutcomeConstraint> bounds, List<Objective> objectives) {
    if (bounds.isEmpty() || state != TrialState.COMPLETE) {
      return this;
    }
    var excesses = new ArrayList<Double>(bounds.size());
    for (var bound : bounds) {
      var metric = metric(bound.metric(), objectives);
      if (metric == null) {
        return this;
      }
      excesses.add(bound.excess(metric));
    }
    return excesses.equals(constraints)
        ? this
        : with(number, state, configuration, notes, reports, values, List.copyOf(excesses));
  }

  private TrialRecord with(
      int number,
      TrialState state,
      Configuration configuration,
      Map<String, @Nullable Object> notes,
      List<Report> reports,
      List<Double> values,
      List<Double> constraints) {
    return new TrialRecord(
        number,
        state,
        configuration,
        notes,
        reports,
        values,
        constraints,
        cause,
        detail,
        attributes,
        startedMillis,
        seconds,
        restarts);
  }

  /// The value of a metric: of an objective, of a numeric attribute, or in [#METRICS]; null where
  /// unknown.
  public @Nullable Double metric(String name, List<Objective> objectives) {
    for (int i = 0; i < values.size(); i++) {
      if (objectives.get(i).metric().equals(name)) {
        return values.get(i);
      }
    }
    if (attributes.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    return attributes.get(METRICS) instanceof Map<?, ?> metrics
            && metrics.get(name) instanceof Number number
        ? number.doubleValue()
        : null;
  }

  /// By how much the outcome constraints are broken in all; 0 where they are kept.
  public double violation() {
    double sum = 0;
    for (double excess : constraints) {
      sum += Math.max(0, excess);
    }
    return sum;
  }

  /// Whether the outcome constraints are kept.
  public boolean isFeasible() {
    return violation() == 0;
  }

  /// The value of the first objective; the trial must be complete.
  public double value() {
    return values.getFirst();
  }
}

package dev.assay.sampler;

import dev.assay.random.Streams;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Report;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Spaces, trials and searches for the samplers' tests.
public final class Trials {
  /// Every kind of parameter, two levels of conditions, a constraint.
  public static final SearchSpace MIXED =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-4, 1))
          .add("momentum", new FloatRange(0, 0.99))
          .add("dropout", new FloatRange(0, 0.5, false, 0.1))
          .add("hidden", IntRange.log(16, 256))
          .add("batch", new IntRange(16, 128, false, 16))
          .add("size", Choice.ordered("small", "medium", "large"))
          .add("optimizer", Choice.of("sgd", "adam", "rmsprop"))
          .add("nesterov", Choice.of(true, false), Condition.when("optimizer", "sgd"))
          .add("damping", new FloatRange(0, 1), Condition.when("nesterov", false))
          .add("beta", new FloatRange(0.9, 0.9999), Condition.when("optimizer", "adam"))
          .where("batch <= 2 * hidden")
          .build();

  /// 4 + 2 · 3 configurations of 10 satisfy nothing but themselves; the constraint leaves 8.
  public static final SearchSpace FINITE =
      SearchSpace.builder()
          .add("kind", Choice.of("a", "b"))
          .add("level", new IntRange(0, 3), Condition.when("kind", "a"))
          .add("flag", Choice.of(true, false), Condition.when("kind", "b"))
          .add("depth", new IntRange(1, 3), Condition.when("kind", "b"))
          .where("level != 2")
          .where("depth != 2 or flag")
          .build();

  private Trials() {}

  public static SearchTask task(SearchSpace space, long seed, Objective... objectives) {
    return new SearchTask(
        space,
        objectives.length == 0 ? List.of(Objective.minimize("loss")) : List.of(objectives),
        new Streams(seed),
        0);
  }

  public static TrialRecord complete(int number, Proposal proposal, double... values) {
    var boxed = new ArrayList<Double>();
    for (double value : values) {
      boxed.add(value);
    }
    return trial(number, proposal, TrialState.COMPLETE, List.of(), boxed);
  }

  /// The trial, had it run so long.
  public static TrialRecord lasting(double seconds, TrialRecord t) {
    return new TrialRecord(
        t.number(),
        t.state(),
        t.configuration(),
        t.notes(),
        t.reports(),
        t.values(),
        t.cause(),
        t.detail(),
        t.attributes(),
        t.startedMillis(),
        seconds,
        t.restarts());
  }

  public static TrialRecord failed(int number, Proposal proposal) {
    return trial(number, proposal, TrialState.FAILED, List.of(), List.of());
  }

  public static TrialRecord pruned(int number, Proposal proposal, double... reported) {
    var reports = new ArrayList<Report>();
    for (int i = 0; i < reported.length; i++) {
      reports.add(new Report(i + 1, List.of(reported[i])));
    }
    return trial(number, proposal, TrialState.PRUNED, reports, List.of());
  }

  private static TrialRecord trial(
      int number, Proposal proposal, TrialState state, List<Report> reports, List<Double> values) {
    return new TrialRecord(
        number,
        state,
        proposal.configuration(),
        proposal.notes(),
        reports,
        values,
        state == TrialState.FAILED ? Cause.ERROR : null,
        "",
        Map.of(),
        1,
        1,
        0);
  }

  /// A smooth loss of the units of the active parameters, with its minimum near 0.3.
  public static double bowl(Configuration configuration) {
    double sum = 0;
    for (double x : configuration.space().toUnit(configuration)) {
      sum += Double.isNaN(x) ? 0.01 : (x - 0.3) * (x - 0.3);
    }
    return sum;
  }

  /// The trials of a search of one trial at a time; fewer where the space is exhausted.
  public static List<TrialRecord> search(
      Sampler sampler, SearchTask task, int trials, Function<Proposal, double[]> objective) {
    var finished = new ArrayList<TrialRecord>();
    try (var proposer = sampler.open(task)) {
      for (int t = 0; t < trials; t++) {
        var proposal = proposer.propose(t, History.of(finished, List.of()));
        if (proposal == null) {
          return finished;
        }
        finished.add(complete(t, proposal, objective.apply(proposal)));
      }
    }
    return finished;
  }

  public static List<Configuration> configurations(List<TrialRecord> trials) {
    return trials.stream().map(TrialRecord::configuration).toList();
  }
}

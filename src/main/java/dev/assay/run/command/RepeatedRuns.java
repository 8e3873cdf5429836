package dev.assay.run.command;

import dev.assay.run.Repeats;
import dev.assay.space.Configuration;
import dev.assay.study.Trial;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;

/// The runs of one trial, and what they come to: the mean of each value. Each run's values are a
/// report of the trial, its number the step, which pruners judge.
final class RepeatedRuns {
  private final Repeats repeats;
  private final List<Objective> objectives;
  private final Trial<Configuration> trial;
  private final List<List<Double>> values = new ArrayList<>();
  private final Map<String, List<Double>> others = new LinkedHashMap<>();

  /// Runs the program once.
  @FunctionalInterface
  interface Run {
    /// @param run from 1
    /// @param seed the run's
    Outcome once(int run, long seed) throws InterruptedException;
  }

  RepeatedRuns(Repeats repeats, List<Objective> objectives, Trial<Configuration> trial) {
    this.repeats = repeats;
    this.objectives = objectives;
    this.trial = trial;
  }

  /// @param run its other metrics are those of `found`
  Outcome outcome(Run run, TrialValues found) throws InterruptedException {
    for (int number = 1; number <= repeats.runs(); number++) {
      var outcome = run.once(number, repeats.seed(number, trial.seed()));
      if (!(outcome instanceof Outcome.Complete(var all))) {
        return outcome instanceof Outcome.Failed(var cause, var detail)
            ? Outcome.failed(cause, "run " + number + " of " + repeats.runs() + ": " + detail)
            : outcome;
      }
      values.add(all);
      found
          .others()
          .forEach(
              (name, value) -> others.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
      attach();
      boolean hopeless =
          trial.report(number, all.stream().mapToDouble(Double::doubleValue).toArray()).prune();
      if (hopeless && number < repeats.runs()) {
        return Outcome.pruned();
      }
    }
    return Outcome.complete(means());
  }

  private double[] means() {
    var means = new double[objectives.size()];
    for (int k = 0; k < means.length; k++) {
      means[k] = StatUtils.mean(of(k));
    }
    return means;
  }

  private double[] of(int objective) {
    return values.stream().mapToDouble(all -> all.get(objective)).toArray();
  }

  private void attach() {
    if (repeats.seeds().isEmpty()) {
      trial.attribute(TrialRecord.RUNS, values.size());
    }
    if (values.size() > 1) {
      var scores = new LinkedHashMap<String, Map<String, Double>>();
      for (int k = 0; k < objectives.size(); k++) {
        double deviation = Math.sqrt(StatUtils.variance(of(k)));
        scores.put(objectives.get(k).metric(), Map.of("sd", deviation));
      }
      trial.attribute("scores", scores);
    }
    if (!others.isEmpty()) {
      var means = new LinkedHashMap<String, Double>();
      others.forEach((name, all) ->
          means.put(name, StatUtils.mean(all.stream().mapToDouble(Double::doubleValue).toArray())));
      trial.attribute(TrialRecord.METRICS, means);
    }
  }

  /// Whether there were several runs, and all came to the same.
  boolean areEqual() {
    return values.size() > 1 && values.stream().distinct().count() == 1;
  }
}

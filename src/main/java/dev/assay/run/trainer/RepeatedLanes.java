package dev.assay.run.trainer;

import dev.assay.run.Repeats;
import dev.assay.space.Configuration;
import dev.assay.study.Trial;
import dev.assay.train.FoldResult;
import dev.assay.train.TrainResult;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The trainings of one trial with a seed each, and what they come to: the mean of each value. Each
/// training's values are a report of the trial, its number the step, which pruners judge in the
/// order of numbers.
final class RepeatedLanes {
  private final Repeats repeats;
  private final Trial<Configuration> trial;
  private final TrialScores scores;

  /// What ended, by number.
  private final TreeMap<Integer, Ended> ended = new TreeMap<>();

  private int reported;
  private boolean over;

  private record Ended(TrainResult result, List<FoldResult> training) {}

  RepeatedLanes(Repeats repeats, Trial<Configuration> trial, TrialScores scores) {
    this.repeats = repeats;
    this.trial = trial;
    this.scores = scores;
  }

  /// Numbers of the trainings that begin with the trial: the first alone where it may be hopeless.
  int first() {
    return repeats.race() ? 1 : repeats.runs();
  }

  int count() {
    return repeats.runs();
  }

  long seed(int number) {
    return repeats.seed(number, trial.seed());
  }

  /// Whether the trial's outcome is known: trainings of it that are left are nobody's.
  boolean isOver() {
    return over;
  }

  /// Takes a training that has ended.
  ///
  /// @param training scores of the training rows; empty where they are not wanted
  /// @return what the trial has come to; null while trainings are left
  @Nullable Outcome end(int number, TrainResult result, List<FoldResult> training) {
    ended.put(number, new Ended(result, training));
    if (scores.outcome(result) instanceof Outcome.Failed(Cause cause, String detail)) {
      return over(Outcome.failed(cause, "run " + number + " of " + repeats.runs() + ": " + detail));
    }
    while (ended.get(reported + 1) instanceof Ended next) {
      reported++;
      attach();
      boolean hopeless = trial.report(reported, scores.values(next.result)).prune();
      if (hopeless && reported < repeats.runs()) {
        return over(Outcome.pruned());
      }
    }
    return reported < repeats.runs() ? null : over(scores.outcome(together()));
  }

  private Outcome over(Outcome outcome) {
    over = true;
    attach();
    return outcome;
  }

  private void attach() {
    if (repeats.seeds().isEmpty() && reported > 0) {
      trial.attribute(TrialRecord.RUNS, reported);
    }
    var training = new ArrayList<FoldResult>();
    ended.values().forEach(run -> training.addAll(run.training));
    scores.attach(trial, together(), training);
  }

  /// The folds of all trainings.
  private TrainResult together() {
    var folds = new ArrayList<FoldResult>();
    ended.values().forEach(run -> folds.addAll(run.result.folds()));
    return new TrainResult(folds);
  }
}

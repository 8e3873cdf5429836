package dev.assay.bench.quality;

import dev.assay.study.Budget;
import dev.assay.study.Outcome;
import dev.assay.study.Sampler;
import dev.assay.study.Study;
import java.util.Arrays;

/// One search: a sampler on a problem with a seed.
///
/// @param regrets the best so far minus the optimum, after each trial
/// @param milliseconds of one core for each proposal
@SuppressWarnings("ArrayRecordComponent")
record SearchRun(String sampler, String problem, long seed, double[] regrets, double milliseconds) {

  /// Runs it through the loop that `tune` uses, one worker, nothing stored.
  ///
  /// @param label what the sampler is called in the results
  static SearchRun of(String label, Sampler sampler, SearchProblem problem, long seed, int trials) {
    var timed = new TimedSampler(sampler);
    var regrets = new double[trials];
    Arrays.fill(regrets, Double.NaN);
    try (var study =
        Study.over(problem.space()).minimize("value").sampler(timed).seed(seed).open()) {
      study.run(
          (configuration, _) -> Outcome.complete(problem.objective().applyAsDouble(configuration)),
          Budget.trials(trials));
      double best = Double.POSITIVE_INFINITY;
      for (var trial : study.trials()) {
        if (!trial.values().isEmpty()) {
          best = Math.min(best, trial.values().getFirst());
        }
        regrets[trial.number()] = best - problem.optimum();
      }
      for (int t = 1; t < trials; t++) { // a finite space may be exhausted before
        regrets[t] = Double.isNaN(regrets[t]) ? regrets[t - 1] : regrets[t];
      }
    }
    return new SearchRun(label, problem.name(), seed, regrets, timed.millisecondsEach());
  }

  /// After so many trials.
  double regret(int trials) {
    return regrets[trials - 1];
  }
}

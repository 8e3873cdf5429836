package dev.assay.bench.quality;

import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Budget;
import dev.assay.trial.Sampler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// One search: a sampler on a problem with a seed.
///
/// @param regrets the true value of the best observed so far minus the optimum, after each trial;
///   infinite while there is none; where regret is looked at ([SearchProblem#marks]), of what would
///   be recommended
/// @param crashes so far, after each trial
/// @param distinct configurations so far, after each trial
/// @param milliseconds of one core for each proposal
@SuppressWarnings("ArrayRecordComponent")
record SearchRun(
    String sampler,
    String problem,
    long seed,
    double[] regrets,
    int[] crashes,
    int[] distinct,
    double milliseconds) {

  /// Runs it through a study as `tune` does, one proposal at a time, nothing stored.
  ///
  /// @param label what the sampler is called in the results
  static SearchRun of(String label, Sampler sampler, SearchProblem problem, long seed, int trials) {
    return new Search(sampler, problem, seed, trials).run(label);
  }

  /// After so many trials.
  double regret(int trials) {
    return regrets[trials - 1];
  }

  double figure(Aim.Figure figure, int trials) {
    return switch (figure) {
      case REGRET -> regrets[trials - 1];
      case CRASHES -> crashes[trials - 1];
      case DISTINCT -> distinct[trials - 1];
    };
  }

  /// A search under way.
  private static final class Search {
    private final TimedSampler sampler;
    private final SearchProblem problem;
    private final long seed;
    private final double[] regrets;
    private final int[] crashes;
    private final int[] distinct;
    private final List<Integer> marks;
    private final HashSet<Configuration> seen = new HashSet<>();
    private double best = Double.POSITIVE_INFINITY;
    private double regret = Double.POSITIVE_INFINITY;
    private int crashed;
    private int filled;

    Search(Sampler sampler, SearchProblem problem, long seed, int trials) {
      this.sampler = new TimedSampler(sampler);
      this.problem = problem;
      this.seed = seed;
      regrets = new double[trials];
      crashes = new int[trials];
      distinct = new int[trials];
      marks = problem.marks(trials);
    }

    SearchRun run(String label) {
      try (var study =
          Study.over(problem.space()).minimize("value").sampler(sampler).seed(seed).open()) {
        var running = new ArrayDeque<Trial<Configuration>>();
        int ended = 0;
        while (true) {
          while (running.size() < problem.plan().pending() && !isOver(ended + running.size())) {
            if (!(study.tryAsk(Budget.trials(regrets.length))
                instanceof Asked.Ready<Configuration>(var trial))) {
              break; // the space is exhausted
            }
            running.add(trial);
          }
          var trial = running.poll();
          if (trial == null) {
            break;
          }
          fill(study, slots(++ended) - 1);
          end(study, trial);
          fill(study, slots(ended));
        }
        fill(study, regrets.length);
      }
      return new SearchRun(
          label, problem.name(), seed, regrets, crashes, distinct, sampler.millisecondsEach());
    }

    /// Where time is the budget, trials are as many as fit into it beside their proposals.
    private int slots(int trials) {
      double each = problem.plan().trialMilliseconds();
      return each == 0 ? trials : (int) (trials + sampler.milliseconds() / each);
    }

    private boolean isOver(int trials) {
      return slots(trials) >= regrets.length;
    }

    private void end(Study<Configuration> study, Trial<Configuration> trial) {
      double each = problem.plan().trialMilliseconds();
      if (each > 0) { // samplers may look at what trials take
        LockSupport.parkNanos(Duration.ofNanos((long) (each * 1e6)).toNanos());
      }
      var configuration = trial.configuration();
      var told = study.tell(trial, problem.outcome(configuration, seed, trial.number()));
      seen.add(configuration);
      if (told.values().isEmpty()) {
        crashed++;
      } else if (told.values().getFirst() < best) {
        best = told.values().getFirst();
        regret = regret(configuration);
      }
    }

    /// What is known after a trial stands until the next.
    private void fill(Study<Configuration> study, int upTo) {
      int end = Math.min(upTo, regrets.length);
      if (end > filled) {
        Arrays.fill(regrets, filled, end, regret);
        Arrays.fill(crashes, filled, end, crashed);
        Arrays.fill(distinct, filled, end, seen.size());
        for (int mark : marks) {
          if (mark > filled && mark <= end) {
            regrets[mark - 1] = recommendedRegret(study);
          }
        }
        filled = end;
      }
    }

    /// Of what would be recommended now: the best observed, unless the sampler knows better. Asked
    /// only where it is looked at: the answer may take a model of all trials.
    private double recommendedRegret(Study<Configuration> study) {
      var recommended = study.recommended();
      return recommended == null ? regret : regret(recommended.trial().configuration());
    }

    private double regret(Configuration configuration) {
      return problem.truth().of(configuration, seed) - problem.optimum();
    }
  }
}

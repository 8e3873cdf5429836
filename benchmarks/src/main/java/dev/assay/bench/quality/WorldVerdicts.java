package dev.assay.bench.quality;

import dev.assay.internal.statistics.SignedRank;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/// What was aimed at on a set of the [World], whether it was reached, and where not. An aim whose
/// samplers or problems were not run, or for which no tool has a figure, is left out.
record WorldVerdicts(ProblemSet set, SearchRuns runs, Peers peers) {
  /// Regrets below this count as equal.
  private static final double TIED = 1e-3;

  /// `auto` may be this much worse than the best sampler or tool.
  private static final double FACTOR = 1.5;

  private static final double LEVEL = 0.05;
  private static final String AUTO = "auto";
  private static final String TPE = "tpe";

  /// What a sampler is held against.
  private record Rival(String sampler, String tool) {}

  private static final List<Rival> RIVALS =
      List.of(
          new Rival(AUTO, "optuna-gp"),
          new Rival(AUTO, "optuna-tpe"),
          new Rival(TPE, "optuna-tpe"));

  /// A line for each aim.
  List<String> lines() {
    var lines = new ArrayList<String>();
    set.problems().forEach(problem -> problem.aims().forEach(aim -> aimed(problem, aim, lines)));
    for (int trials : set.budgets()) {
      var problems = set.at(trials).names();
      RIVALS.forEach(rival -> rival(rival, problems, trials, lines));
      near(problems, trials, lines);
      List.of("random", TPE).forEach(other -> notWorse(other, problems, trials, lines));
    }
    return lines;
  }

  private void aimed(SearchProblem problem, Aim aim, List<String> lines) {
    double median = runs.median(aim.sampler(), problem.name(), aim.figure(), aim.trials());
    if (!Double.isNaN(median)) {
      lines.add(
          Verdicts.line(
              aim.isMet(median),
              String.format(
                  Locale.ROOT,
                  "%s: %s of %s after %d trials %s %.3g (%.3g)",
                  problem.name(),
                  aim.figure().words(),
                  aim.sampler(),
                  aim.trials(),
                  aim.bound(),
                  aim.limit(),
                  median),
              List.of()));
    }
  }

  private void rival(Rival rival, List<String> problems, int trials, List<String> lines) {
    compare(
        problems,
        p -> runs.median(rival.sampler(), p, trials),
        p -> peers.median(rival.tool(), p, trials).orElse(Double.NaN),
        limit -> limit,
        rival.sampler() + " at most " + rival.tool() + after(trials),
        lines);
  }

  private void near(List<String> problems, int trials, List<String> lines) {
    compare(
        problems,
        p -> runs.median(AUTO, p, trials),
        p -> best(p, trials),
        best -> FACTOR * best,
        "auto nowhere above 1.5 times the best" + after(trials),
        lines);
  }

  private static String after(int trials) {
    return " after " + trials + " trials";
  }

  /// A figure of a problem; NaN where there is none.
  @FunctionalInterface
  private interface Of {
    double problem(String name);
  }

  private static void compare(
      List<String> problems,
      Of ours,
      Of theirs,
      DoubleUnaryOperator limit,
      String aim,
      List<String> lines) {
    var losses = new ArrayList<String>();
    int known = 0;
    for (var problem : problems) {
      double our = ours.problem(problem);
      double most = limit.applyAsDouble(Math.max(TIED, theirs.problem(problem)));
      if (!Double.isNaN(our) && !Double.isNaN(most)) {
        known++;
        if (our > most) {
          losses.add(Verdicts.compared(problem, our, ">", most));
        }
      }
    }
    if (known > 0) {
      lines.add(
          Verdicts.line(
              losses.isEmpty(), aim + ": on " + (known - losses.size()) + " of " + known, losses));
    }
  }

  /// Of the samplers that were run and the tools.
  private double best(String problem, int trials) {
    double best = Double.NaN;
    for (var sampler : set.samplers()) {
      best = smaller(best, runs.median(sampler, problem, trials));
    }
    for (var tool : peers.tools(List.of(problem))) {
      best = smaller(best, peers.median(tool, problem, trials).orElse(Double.NaN));
    }
    return best;
  }

  private static double smaller(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
  }

  /// Wilcoxon's test over the seeds of each problem.
  private void notWorse(String other, List<String> problems, int trials, List<String> lines) {
    var worse = new ArrayList<String>();
    int better = 0;
    int known = 0;
    for (var problem : problems) {
      var differences = runs.differences(AUTO, other, problem, trials);
      if (differences.length > 0) {
        known++;
        var test = SignedRank.of(differences);
        if (test.p() <= LEVEL && test.positive() < test.negative()) {
          better++;
        } else if (test.p() <= LEVEL) {
          worse.add(problem);
        }
      }
    }
    if (known > 0) {
      lines.add(
          Verdicts.line(
              worse.isEmpty(),
              String.format(
                  "auto better than %s or equal%s (signed rank, 5 %%): better on %d of %d",
                  other, after(trials), better, known),
              worse));
    }
  }
}

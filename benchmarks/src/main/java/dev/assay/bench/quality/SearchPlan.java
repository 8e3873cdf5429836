package dev.assay.bench.quality;

import java.util.List;

/// How a problem is searched.
///
/// @param budgets trials after which regret is looked at, ascending
/// @param seeds searches of each kind
/// @param pending trials that run at a time: a proposal knows the outcomes of all but the newest
/// @param trialMilliseconds where time is the budget: what a trial takes beside its proposal, and
///   what the budgets count in; else 0
/// @param samplers by the names and options that the command takes
record SearchPlan(
    List<Integer> budgets,
    int seeds,
    int pending,
    double trialMilliseconds,
    List<String> samplers) {

  /// How other tools were measured on the reference problems.
  static final SearchPlan REFERENCE =
      new SearchPlan(
          List.of(50, 100),
          20,
          1,
          0,
          List.of("auto", "gp", "gp{\"model\":\"single\"}", "tpe", "cmaes", "random"));

  static final SearchPlan WORLD =
      new SearchPlan(List.of(30, 60), 10, 1, 0, List.of("auto", "tpe", "cmaes", "random"));

  SearchPlan trials(Integer... other) {
    return new SearchPlan(List.of(other), seeds, pending, trialMilliseconds, samplers);
  }

  SearchPlan seeds(int other) {
    return new SearchPlan(budgets, other, pending, trialMilliseconds, samplers);
  }

  SearchPlan pending(int other) {
    return new SearchPlan(budgets, seeds, other, trialMilliseconds, samplers);
  }

  SearchPlan timed(double milliseconds) {
    return new SearchPlan(budgets, seeds, pending, milliseconds, samplers);
  }

  /// What it does in a fraction of the time: three searches each, to the first budget.
  SearchPlan quick() {
    return new SearchPlan(
        budgets.subList(0, 1), Math.min(seeds, 3), pending, trialMilliseconds, samplers);
  }
}

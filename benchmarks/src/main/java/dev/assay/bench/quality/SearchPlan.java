package dev.assay.bench.quality;

import java.util.List;

/// How a problem is searched.
///
/// @param budgets trials after which regret is looked at, ascending
/// @param seeds searches of each kind by samplers that model
/// @param more times as many by the others, whose proposals cost next to nothing: medians over ten
///   seeds differ by half from one ten to the next
/// @param pending trials that run at a time: a proposal knows the outcomes of all but the newest
/// @param trialMilliseconds where time is the budget: what a trial takes beside its proposal, and
///   what the budgets count in; else 0
/// @param samplers by the names and options that the command takes
record SearchPlan(
    List<Integer> budgets,
    int seeds,
    int more,
    int pending,
    double trialMilliseconds,
    List<String> samplers) {

  /// How other tools were measured on the reference problems.
  static final SearchPlan REFERENCE =
      new SearchPlan(
          List.of(50, 100),
          20,
          1,
          1,
          0,
          List.of("auto", "gp", "gp{\"model\":\"single\"}", "tpe", "cmaes", "random"));

  static final SearchPlan WORLD =
      new SearchPlan(List.of(30, 60), 10, 4, 1, 0, List.of("auto", "tpe", "cmaes", "random"));

  SearchPlan trials(Integer... other) {
    return new SearchPlan(List.of(other), seeds, more, pending, trialMilliseconds, samplers);
  }

  SearchPlan seeds(int other) {
    return new SearchPlan(budgets, other, more, pending, trialMilliseconds, samplers);
  }

  /// As many of each kind by every sampler.
  SearchPlan seedsOfAll(int other) {
    return new SearchPlan(budgets, other, 1, pending, trialMilliseconds, samplers);
  }

  SearchPlan pending(int other) {
    return new SearchPlan(budgets, seeds, more, other, trialMilliseconds, samplers);
  }

  SearchPlan timed(double milliseconds) {
    return new SearchPlan(budgets, seeds, more, pending, milliseconds, samplers);
  }

  /// How many searches a sampler makes.
  int seedsOf(String sampler) {
    boolean models = sampler.startsWith("auto") || sampler.startsWith("gp");
    return models ? seeds : more * seeds;
  }

  /// What it does in a fraction of the time: three searches each, to the first budget.
  SearchPlan quick() {
    return new SearchPlan(
        budgets.subList(0, 1), Math.min(seeds, 3), 1, pending, trialMilliseconds, samplers);
  }
}

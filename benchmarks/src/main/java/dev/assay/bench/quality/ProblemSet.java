package dev.assay.bench.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Problems that are looked at together.
///
/// @param name of a group that [SearchProblems] knows
record ProblemSet(String name, List<SearchProblem> problems) {
  /// Each problem in its set, both in the order in which they come first.
  ///
  /// @param change what becomes of each problem's plan
  static List<ProblemSet> of(List<SearchProblem> problems, UnaryOperator<SearchPlan> change) {
    var sets = new LinkedHashMap<String, List<SearchProblem>>();
    for (var problem : problems) {
      sets.computeIfAbsent(SearchProblems.setOf(problem.name()), _ -> new ArrayList<>())
          .add(problem.planned(change.apply(problem.plan())));
    }
    return sets.entrySet().stream().map(e -> new ProblemSet(e.getKey(), e.getValue())).toList();
  }

  List<String> names() {
    return problems.stream().map(SearchProblem::name).toList();
  }

  /// Whether its problems are of the [World].
  boolean isWorld() {
    return World.sets().containsKey(name);
  }

  /// Trials after which some of its problems are looked at, ascending.
  List<Integer> budgets() {
    var budgets = new TreeSet<Integer>();
    problems.forEach(p -> budgets.addAll(p.plan().budgets()));
    return List.copyOf(budgets);
  }

  List<String> samplers() {
    var samplers = new LinkedHashSet<String>();
    problems.forEach(p -> samplers.addAll(p.plan().samplers()));
    return List.copyOf(samplers);
  }

  /// Those that are looked at after so many trials.
  ProblemSet at(int budget) {
    return new ProblemSet(
        name, problems.stream().filter(p -> p.plan().budgets().contains(budget)).toList());
  }
}

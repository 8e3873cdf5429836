package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// What is said of constraints that nothing was found to satisfy.
final class Unsatisfied {
  private Unsatisfied() {}

  static Problem problem(DerivedSolutions solutions, List<Constraint> constraints) {
    return solutions.isProvedEmpty() ? proved(solutions) : notFound(constraints);
  }

  /// Not that there is nothing: only that nothing was found.
  static Problem notFound(List<Constraint> constraints) {
    return new Problem(
        "No configuration was found that satisfies the constraints.",
        constraints.stream().map(Constraint::name).toList()
            + ", "
            + ValidConfigurations.DRAWS
            + " draws tried",
        "Loosen the constraints or widen the parameters.");
  }

  private static Problem proved(DerivedSolutions solutions) {
    var names = clash(solutions, solutions.provedEmpty());
    return names.size() == 1
        ? new Problem(
            "Nothing satisfies the constraint.",
            names.getFirst(),
            "Its bounds exclude each other: loosen it or widen the parameters.")
        : new Problem(
            "Nothing satisfies these constraints together.",
            String.join(" against ", names),
            "Loosen one of them or widen the parameters.");
  }

  /// Constraints of which each is needed for that nothing is left: what can be left out without a
  /// solution coming back, is left out.
  private static SequencedSet<String> clash(DerivedSolutions solutions, Component component) {
    var names = new LinkedHashSet<String>();
    component.clauses().forEach(clause -> names.add(clause.name()));
    for (var name : new ArrayList<>(names)) {
      var part =
          component.with(clause -> names.contains(clause.name()) && !clause.name().equals(name));
      if (names.size() > 1 && solutions.isProvedEmpty(part)) {
        names.remove(name);
      }
    }
    return names;
  }
}

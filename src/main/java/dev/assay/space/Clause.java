package dev.assay.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// One of the conjuncts that the written constraints of a space fall into.
///
/// @param name the constraint that it is part of
/// @param root what must not be 0
/// @param named the parameters that the whole constraint names: where one of them is inactive, the
///   constraint holds, and so does each of its parts
record Clause(String name, Expression root, List<Integer> named) {
  /// The conjuncts of a constraint. Each may be settled by itself, as soon as its own parameters
  /// are.
  static List<Clause> of(Constraint.Written constraint) {
    var clauses = new ArrayList<Clause>();
    split(constraint, constraint.root(), clauses);
    return clauses;
  }

  private static void split(Constraint.Written constraint, Expression root, List<Clause> clauses) {
    if (root instanceof Expression.Logic(var all, var parts) && all) {
      parts.forEach(part -> split(constraint, part, clauses));
    } else {
      clauses.add(new Clause(constraint.name(), root, constraint.named()));
    }
  }

  boolean holds(double[] codes) {
    for (int index : named) {
      if (Double.isNaN(codes[index])) {
        return true;
      }
    }
    return root.value(codes) != 0;
  }

  /// Whether all of them hold.
  static boolean hold(List<Clause> clauses, double[] codes) {
    for (var clause : clauses) {
      if (!clause.holds(codes)) {
        return false;
      }
    }
    return true;
  }

  /// The parameters that its own expression names.
  Set<Integer> variables() {
    var variables = new TreeSet<Integer>();
    collect(root, variables);
    return variables;
  }

  private static void collect(Expression expression, Set<Integer> variables) {
    switch (expression) {
      case Expression.Constant _ -> {}
      case Expression.Variable(var index, _) -> variables.add(index);
      case Expression.IsOption(var index, _) -> variables.add(index);
      case Expression.Arithmetic(_, var left, var right) -> {
        collect(left, variables);
        collect(right, variables);
      }
      case Expression.Comparison(_, var left, var right) -> {
        collect(left, variables);
        collect(right, variables);
      }
      case Expression.Absolute(var inner) -> collect(inner, variables);
      case Expression.Floor(var inner) -> collect(inner, variables);
      case Expression.Log2(var inner) -> collect(inner, variables);
      case Expression.Not(var inner) -> collect(inner, variables);
      case Expression.Logic(_, var parts) -> parts.forEach(part -> collect(part, variables));
    }
  }
}

package dev.assay.space;

import dev.assay.space.Expression.Relation;
import java.util.List;

/// By how much constraints are broken: 0 where they hold, and the smaller the nearer the numbers
/// that they compare are to where they would.
final class Violation {
  private static final double LARGEST = 1e300;

  /// Of what is true or false and nothing between.
  private static final double TRUTH = 1;

  private Violation() {}

  static double of(List<Clause> clauses, double[] codes) {
    double sum = 0;
    for (var clause : clauses) {
      if (!clause.holds(codes)) {
        sum += Math.log1p(of(clause.root(), true, codes));
      }
    }
    return sum;
  }

  /// @param wanted what the expression should be
  private static double of(Expression expression, boolean wanted, double[] codes) {
    return switch (expression) {
      case Expression.Not(var inner) -> of(inner, !wanted, codes);
      case Expression.Logic(var all, var parts) -> {
        boolean every = all == wanted;
        double result = every ? 0 : LARGEST;
        for (var part : parts) {
          double own = of(part, wanted, codes);
          result = every ? Math.min(LARGEST, result + own) : Math.min(result, own);
        }
        yield result;
      }
      case Expression.Comparison comparison ->
          (comparison.value(codes) != 0) == wanted
              ? 0
              : distance(
                  comparison.relation(),
                  wanted,
                  comparison.left().value(codes) - comparison.right().value(codes));
      case Expression.Constant _,
          Expression.Variable _,
          Expression.IsOption _,
          Expression.Arithmetic _,
          Expression.Absolute _,
          Expression.Floor _,
          Expression.Log2 _ ->
          (expression.value(codes) != 0) == wanted ? 0 : TRUTH;
    };
  }

  /// Of a comparison that is not as wanted, by the difference of its sides. Equal sides are the
  /// smallest distance from being different.
  private static double distance(Relation relation, boolean wanted, double difference) {
    if (Double.isNaN(difference)) {
      return LARGEST;
    }
    return switch (relation) {
      case LESS, AT_MOST, AT_LEAST, GREATER ->
          Math.clamp(Math.abs(difference), Double.MIN_NORMAL, LARGEST);
      case EQUAL, NOT_EQUAL ->
          (relation == Relation.EQUAL) == wanted
              ? Math.clamp(Math.abs(difference), Double.MIN_NORMAL, LARGEST)
              : Double.MIN_NORMAL;
    };
  }
}

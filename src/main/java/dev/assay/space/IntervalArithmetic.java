package dev.assay.space;

import dev.assay.space.Expression.Operator;

/// Bounds of what is computed of bounded numbers (Moore 1966). An interval whose ends are equal, or
/// not numbers, is one known value, and is computed exactly as values are.
///
/// Holds the last result, so that nothing is allocated.
final class IntervalArithmetic {
  private double low;
  private double high;

  double low() {
    return low;
  }

  double high() {
    return high;
  }

  private void put(double from, double to) {
    low = from;
    high = to;
  }

  private void everything() {
    put(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  static boolean isKnown(double from, double to) {
    return from == to || Double.isNaN(from);
  }

  /// [a, b] and [c, d].
  void arithmetic(Operator operator, double a, double b, double c, double d) {
    if (isKnown(a, b) && isKnown(c, d)) {
      double value = operator.apply(a, c);
      put(value, value);
    } else if (operator == Operator.DIVIDE && !(c > 0 || d < 0)) {
      everything();
    } else if (operator == Operator.REMAINDER) {
      remainder(a, b, c, d);
    } else {
      corners(operator, a, b, c, d);
    }
  }

  /// The others are monotone in each argument, or bilinear: extremes lie in the corners.
  private void corners(Operator operator, double a, double b, double c, double d) {
    double p = operator.apply(a, c);
    double q = operator.apply(a, d);
    double r = operator.apply(b, c);
    double s = operator.apply(b, d);
    put(Math.min(Math.min(p, q), Math.min(r, s)), Math.max(Math.max(p, q), Math.max(r, s)));
    if (Double.isNaN(low)) {
      everything();
    }
  }

  /// The remainder has the divisor's sign and is smaller, but for what rounding adds.
  private void remainder(double a, double b, double c, double d) {
    if (!(c > 0)) {
      everything();
    } else if (a >= 0 && b < c) {
      put(a, b);
    } else {
      double error = 2 * Math.ulp(Math.max(Math.max(Math.abs(a), Math.abs(b)), d));
      put(-error, d + error);
    }
  }

  void absolute(double a, double b) {
    double nearest = Math.min(Math.abs(a), Math.abs(b));
    put(a < 0 && b > 0 ? 0 : nearest, Math.max(Math.abs(a), Math.abs(b)));
  }

  /// Monotone and exact.
  void floor(double a, double b) {
    put(Math.floor(a), Math.floor(b));
  }

  /// One unit in the last place is allowed for: the logarithm is not monotone to the last bit.
  void log2(double a, double b) {
    if (isKnown(a, b)) {
      double value = Expression.Log2.log2(a);
      put(value, value);
    } else if (a > 0) {
      put(Math.nextDown(Expression.Log2.log2(a)), Math.nextUp(Expression.Log2.log2(b)));
    } else {
      everything();
    }
  }

  /// Comparisons with what is not a number are false; where that may be, bounds are infinite, so
  /// that nothing is certain.
  void less(double a, double b, double c, double d) {
    truth(b < c, a < d);
  }

  void atMost(double a, double b, double c, double d) {
    truth(b <= c, a <= d);
  }

  void equal(double a, double b, double c, double d) {
    truth(isKnown(a, b) && isKnown(c, d) && a == c, a <= d && c <= b);
  }

  void notEqual(double a, double b, double c, double d) {
    boolean known = isKnown(a, b) && isKnown(c, d);
    truth(b < c || a > d, !known || a < c || a > c);
  }

  void truth(boolean certain, boolean possible) {
    put(certain ? 1 : 0, possible ? 1 : 0);
  }

  void not(double a, double b) {
    put(1 - b, 1 - a);
  }

  void and(double a, double b, double c, double d) {
    put(Math.min(a, c), Math.min(b, d));
  }

  void or(double a, double b, double c, double d) {
    put(Math.max(a, c), Math.max(b, d));
  }

  void value(double from, double to) {
    put(from, to);
  }
}

package dev.assay.space;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A constraint's syntax tree, bound to the parameters of a space.
///
/// Every node is a number; truth is 1 or 0. Comparisons with NaN (0/0) are false.
sealed interface Expression {
  /// The value under these codes, in which every named parameter is active.
  double value(double[] codes);

  /// Bounds of [#value] over all configurations in which every named parameter is active.
  Interval range();

  /// Bounds of a number.
  record Interval(double low, double high) {
    static final Interval EVERYTHING =
        new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    static final Interval UNKNOWN_TRUTH = new Interval(0, 1);

    static Interval truth(boolean canBeTrue, boolean canBeFalse) {
      return new Interval(canBeFalse ? 0 : 1, canBeTrue ? 1 : 0);
    }

    /// The hull of some numbers; everything when one of them is not a number.
    static Interval hull(double... values) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double value : values) {
        if (Double.isNaN(value)) {
          return EVERYTHING;
        }
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      return new Interval(low, high);
    }
  }

  record Constant(double number) implements Expression {
    @Override
    public double value(double[] codes) {
      return number;
    }

    @Override
    public Interval range() {
      return new Interval(number, number);
    }
  }

  /// A parameter's value.
  ///
  /// @param table the numbers behind a choice's codes; null where the code is the value
  record Variable(int index, double @Nullable [] table, Interval range) implements Expression {
    @Override
    public double value(double[] codes) {
      return table == null ? codes[index] : table[(int) codes[index]];
    }
  }

  /// Whether a choice has a given option.
  record IsOption(int index, double code) implements Expression {
    @Override
    public double value(double[] codes) {
      return codes[index] == code ? 1 : 0;
    }

    @Override
    public Interval range() {
      return Interval.UNKNOWN_TRUTH;
    }
  }

  enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    REMAINDER("%"),
    MIN("min"),
    MAX("max");

    final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    double apply(double a, double b) {
      return switch (this) {
        case ADD -> a + b;
        case SUBTRACT -> a - b;
        case MULTIPLY -> a * b;
        case DIVIDE -> a / b;
        case REMAINDER -> a - b * Math.floor(a / b);
        case MIN -> Math.min(a, b);
        case MAX -> Math.max(a, b);
      };
    }
  }

  record Arithmetic(Operator operator, Expression left, Expression right) implements Expression {
    @Override
    public double value(double[] codes) {
      return operator.apply(left.value(codes), right.value(codes));
    }

    @Override
    public Interval range() {
      var a = left.range();
      var b = right.range();
      if (operator == Operator.DIVIDE && b.low() <= 0 && b.high() >= 0) {
        return Interval.EVERYTHING;
      }
      if (operator == Operator.REMAINDER) {
        return b.low() > 0 ? new Interval(0, b.high()) : Interval.EVERYTHING;
      }
      // The others are monotone in each argument, or bilinear: extremes lie in the corners.
      return Interval.hull(
          operator.apply(a.low(), b.low()),
          operator.apply(a.low(), b.high()),
          operator.apply(a.high(), b.low()),
          operator.apply(a.high(), b.high()));
    }
  }

  record Absolute(Expression inner) implements Expression {
    @Override
    public double value(double[] codes) {
      return Math.abs(inner.value(codes));
    }

    @Override
    public Interval range() {
      var x = inner.range();
      double low =
          x.low() <= 0 && x.high() >= 0 ? 0 : Math.min(Math.abs(x.low()), Math.abs(x.high()));
      return new Interval(low, Math.max(Math.abs(x.low()), Math.abs(x.high())));
    }
  }

  record Log2(Expression inner) implements Expression {
    private static double log2(double x) {
      // Exact for powers of two, which is what kernels' constraints ask about.
      int exponent = Math.getExponent(x);
      return x == Math.scalb(1.0, exponent) ? exponent : StrictMath.log(x) / StrictMath.log(2);
    }

    @Override
    public double value(double[] codes) {
      return log2(inner.value(codes));
    }

    @Override
    public Interval range() {
      var x = inner.range();
      return x.low() > 0 ? new Interval(log2(x.low()), log2(x.high())) : Interval.EVERYTHING;
    }
  }

  enum Relation {
    LESS,
    AT_MOST,
    EQUAL,
    NOT_EQUAL,
    AT_LEAST,
    GREATER
  }

  record Comparison(Relation relation, Expression left, Expression right) implements Expression {
    @Override
    public double value(double[] codes) {
      double a = left.value(codes);
      double b = right.value(codes);
      boolean holds =
          switch (relation) {
            case LESS -> a < b;
            case AT_MOST -> a <= b;
            case EQUAL -> a == b;
            case NOT_EQUAL -> a < b || a > b;
            case AT_LEAST -> a >= b;
            case GREATER -> a > b;
          };
      return holds ? 1 : 0;
    }

    @Override
    public Interval range() {
      var a = left.range();
      var b = right.range();
      boolean overlap = a.low() <= b.high() && b.low() <= a.high();
      boolean samePoint = a.low() == a.high() && b.low() == b.high() && a.low() == b.low();
      return switch (relation) {
        case LESS -> Interval.truth(a.low() < b.high(), a.high() >= b.low());
        case AT_MOST -> Interval.truth(a.low() <= b.high(), a.high() > b.low());
        case EQUAL -> Interval.truth(overlap, !samePoint);
        case NOT_EQUAL -> Interval.truth(!samePoint, overlap);
        case AT_LEAST -> Interval.truth(a.high() >= b.low(), a.low() < b.high());
        case GREATER -> Interval.truth(a.high() > b.low(), a.low() <= b.high());
      };
    }
  }

  record Not(Expression inner) implements Expression {
    @Override
    public double value(double[] codes) {
      return 1 - inner.value(codes);
    }

    @Override
    public Interval range() {
      return new Interval(1 - inner.range().high(), 1 - inner.range().low());
    }
  }

  /// `and`, or `or`, of truths.
  record Logic(boolean all, List<Expression> parts) implements Expression {
    @Override
    public double value(double[] codes) {
      double decisive = all ? 0 : 1;
      for (var part : parts) {
        if (part.value(codes) == decisive) {
          return decisive;
        }
      }
      return 1 - decisive;
    }

    @Override
    public Interval range() {
      double low = all ? 1 : 0;
      double high = low;
      for (var part : parts) {
        var x = part.range();
        low = all ? Math.min(low, x.low()) : Math.max(low, x.low());
        high = all ? Math.min(high, x.high()) : Math.max(high, x.high());
      }
      return new Interval(low, high);
    }
  }
}

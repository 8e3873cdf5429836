package dev.assay.space;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A constraint's syntax tree, bound to the parameters of a space.
///
/// Every node is a number; truth is 1 or 0. Comparisons with NaN (0/0) are false.
sealed interface Expression {
  /// The value under these codes, in which every named parameter is active.
  double value(double[] codes);

  record Constant(double number) implements Expression {
    @Override
    public double value(double[] codes) {
      return number;
    }
  }

  /// A parameter's value.
  ///
  /// @param table the numbers behind a choice's codes; null where the code is the value
  record Variable(int index, double @Nullable [] table) implements Expression {
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
  }

  record Absolute(Expression inner) implements Expression {
    @Override
    public double value(double[] codes) {
      return Math.abs(inner.value(codes));
    }
  }

  /// The smallest whole number that is no smaller.
  static Expression ceil(Expression inner) {
    var zero = new Constant(0);
    var floor = new Floor(new Arithmetic(Operator.SUBTRACT, zero, inner));
    return new Arithmetic(Operator.SUBTRACT, zero, floor);
  }

  /// The largest whole number that is no larger.
  record Floor(Expression inner) implements Expression {
    @Override
    public double value(double[] codes) {
      return Math.floor(inner.value(codes));
    }
  }

  record Log2(Expression inner) implements Expression {
    static double log2(double x) {
      // Exact for powers of two, which is what kernels' constraints ask about.
      int exponent = Math.getExponent(x);
      return x == Math.scalb(1.0, exponent) ? exponent : StrictMath.log(x) / StrictMath.log(2);
    }

    @Override
    public double value(double[] codes) {
      return log2(inner.value(codes));
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
  }

  record Not(Expression inner) implements Expression {
    @Override
    public double value(double[] codes) {
      return 1 - inner.value(codes);
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
  }
}

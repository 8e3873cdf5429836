package dev.assay.run.function;

import static dev.assay.run.function.TestFunction.inCube;
import static dev.assay.run.function.TestFunctions.even;
import static java.lang.Math.PI;
import static java.lang.Math.abs;
import static java.lang.Math.cos;
import static java.lang.Math.exp;
import static java.lang.Math.pow;
import static java.lang.Math.sin;
import static java.lang.Math.sqrt;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// Test functions of more than two variables, most of them of any number.
final class SumFunctions {
  private SumFunctions() {}

  private static double sum(double[] x, DoubleUnaryOperator term) {
    double sum = 0;
    for (double v : x) {
      sum += term.applyAsDouble(v);
    }
    return sum;
  }

  static TestFunction sphere(int d) {
    return even("sphere", d, -5.12, 5.12, 0, x -> sum(x, v -> v * v));
  }

  static TestFunction sumSquares(int d) {
    return even(
        "sum_squares",
        d,
        -10,
        10,
        0,
        x -> {
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            sum += (i + 1) * x[i] * x[i];
          }
          return sum;
        });
  }

  /// A curved valley.
  static TestFunction rosenbrock(int d) {
    return even(
        "rosenbrock",
        d,
        -5,
        10,
        1,
        x -> {
          double sum = 0;
          for (int i = 0; i + 1 < x.length; i++) {
            sum += 100 * pow(x[i + 1] - x[i] * x[i], 2) + pow(1 - x[i], 2);
          }
          return sum;
        });
  }

  static TestFunction zakharov(int d) {
    return even(
        "zakharov",
        d,
        -5,
        10,
        0,
        x -> {
          double weighted = 0;
          for (int i = 0; i < x.length; i++) {
            weighted += 0.5 * (i + 1) * x[i];
          }
          return sum(x, v -> v * v) + weighted * weighted + pow(weighted, 4);
        });
  }

  static TestFunction dixonPrice(int d) {
    var minimizer = new double[d];
    for (int i = 0; i < d; i++) {
      minimizer[i] = pow(2, pow(2, -i) - 1);
    }
    return inCube(
        "dixon_price" + d,
        -10,
        10,
        minimizer,
        x -> {
          double sum = pow(x[0] - 1, 2);
          for (int i = 1; i < x.length; i++) {
            sum += (i + 1) * pow(2 * x[i] * x[i] - x[i - 1], 2);
          }
          return sum;
        });
  }

  /// A bowl full of holes, all of one width.
  static TestFunction rastrigin(int d) {
    return even(
        "rastrigin", d, -5.12, 5.12, 0, x -> sum(x, v -> 10 + v * v - 10 * cos(2 * PI * v)));
  }

  /// A plain full of holes around a funnel.
  static TestFunction ackley(int d) {
    return even(
        "ackley",
        d,
        -32.768,
        32.768,
        0,
        x ->
            -20 * exp(-0.2 * sqrt(sum(x, v -> v * v) / x.length))
                - exp(sum(x, v -> cos(2 * PI * v)) / x.length)
                + 20
                + Math.E);
  }

  static TestFunction griewank(int d) {
    return even(
        "griewank",
        d,
        -600,
        600,
        0,
        x -> {
          double product = 1;
          for (int i = 0; i < x.length; i++) {
            product *= cos(x[i] / sqrt(i + 1));
          }
          return sum(x, v -> v * v) / 4000 - product + 1;
        });
  }

  static TestFunction levy(int d) {
    return even(
        "levy",
        d,
        -10,
        10,
        1,
        x -> {
          double first = 1 + (x[0] - 1) / 4;
          double last = 1 + (x[x.length - 1] - 1) / 4;
          double sum =
              pow(sin(PI * first), 2) + pow(last - 1, 2) * (1 + pow(sin(2 * PI * last), 2));
          for (int i = 0; i + 1 < x.length; i++) {
            double w = 1 + (x[i] - 1) / 4;
            sum += (w - 1) * (w - 1) * (1 + 10 * pow(sin(PI * w + 1), 2));
          }
          return sum;
        });
  }

  /// The minimum lies far from the second best.
  static TestFunction schwefel(int d) {
    return even(
        "schwefel",
        d,
        -500,
        500,
        420.96874635998,
        x -> 418.9828872724338 * x.length - sum(x, v -> v * sin(sqrt(abs(v)))));
  }

  static TestFunction styblinskiTang(int d) {
    return even(
        "styblinski_tang",
        d,
        -5,
        5,
        -2.903534027771,
        x -> 0.5 * sum(x, v -> pow(v, 4) - 16 * v * v + 5 * v));
  }

  /// Valleys of zero slope, steeper with every dimension.
  static TestFunction michalewicz(int d) {
    var minimizer = new double[d];
    for (int i = 0; i < d; i++) {
      int number = i + 1;
      minimizer[i] = smallest(v -> valley(v, number), 0, PI);
    }
    return inCube(
        "michalewicz" + d,
        0,
        PI,
        minimizer,
        x -> {
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            sum += valley(x[i], i + 1);
          }
          return sum;
        });
  }

  private static double valley(double x, int number) {
    return -sin(x) * pow(sin(number * x * x / PI), 20);
  }

  /// The smallest value of a function of one variable: the best of a fine grid, then a golden
  /// section about it.
  private static double smallest(DoubleUnaryOperator f, double low, double high) {
    int cells = 100_000;
    double cell = (high - low) / cells;
    double best = low;
    for (int i = 0; i <= cells; i++) {
      double x = low + i * cell;
      best = f.applyAsDouble(x) < f.applyAsDouble(best) ? x : best;
    }
    double a = Math.max(low, best - cell);
    double b = Math.min(high, best + cell);
    double golden = (sqrt(5) - 1) / 2;
    for (int i = 0; i < 60; i++) {
      double left = b - golden * (b - a);
      double right = a + golden * (b - a);
      if (f.applyAsDouble(left) < f.applyAsDouble(right)) {
        b = right;
      } else {
        a = left;
      }
    }
    return (a + b) / 2;
  }

  private static final double[] HARTMANN_WEIGHTS = {1, 1.2, 3, 3.2};

  static TestFunction hartmann3() {
    double[][] a = {{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}};
    double[][] p = {
      {0.3689, 0.1170, 0.2673},
      {0.4699, 0.4387, 0.7470},
      {0.1091, 0.8732, 0.5547},
      {0.0381, 0.5743, 0.8828}
    };
    double[] minimizer = {0.1145888802, 0.5556488949, 0.8525469852};
    return inCube("hartmann3", 0, 1, minimizer, x -> hartmann(x, a, p));
  }

  static TestFunction hartmann6() {
    double[][] a = {
      {10, 3, 17, 3.5, 1.7, 8},
      {0.05, 10, 17, 0.1, 8, 14},
      {3, 3.5, 1.7, 10, 17, 8},
      {17, 8, 0.05, 10, 0.1, 14}
    };
    double[][] p = {
      {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
      {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
      {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
      {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
    };
    double[] minimizer = {
      0.2016895096, 0.1500106955, 0.4768739742, 0.2753324345, 0.3116516201, 0.6573005341
    };
    return inCube("hartmann6", 0, 1, minimizer, x -> hartmann(x, a, p));
  }

  private static double hartmann(double[] x, double[][] a, double[][] p) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double exponent = 0;
      for (int j = 0; j < x.length; j++) {
        exponent += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
      }
      sum -= HARTMANN_WEIGHTS[i] * exp(-exponent);
    }
    return sum;
  }

  /// Ten foxholes in four dimensions.
  static TestFunction shekel() {
    double[] beta = {0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5};
    // The holes' centres repeat: coordinates 0 and 2 are alike, and 1 and 3.
    double[] even = {4, 1, 8, 6, 3, 2, 5, 8, 6, 7};
    double[] odd = {4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6};
    double[] minimizer = {4.0007468700, 3.9995094800, 4.0007468700, 3.9995094800};
    return inCube(
        "shekel",
        0,
        10,
        minimizer,
        x -> {
          double sum = 0;
          for (int i = 0; i < beta.length; i++) {
            double distance = beta[i];
            for (int j = 0; j < 4; j++) {
              distance += pow(x[j] - (j % 2 == 0 ? even : odd)[i], 2);
            }
            sum -= 1 / distance;
          }
          return sum;
        });
  }

  static TestFunction colville() {
    var ones = new double[4];
    Arrays.fill(ones, 1);
    return inCube(
        "colville",
        -10,
        10,
        ones,
        x ->
            100 * pow(x[0] * x[0] - x[1], 2)
                + pow(x[0] - 1, 2)
                + pow(x[2] - 1, 2)
                + 90 * pow(x[2] * x[2] - x[3], 2)
                + 10.1 * (pow(x[1] - 1, 2) + pow(x[3] - 1, 2))
                + 19.8 * (x[1] - 1) * (x[3] - 1));
  }
}

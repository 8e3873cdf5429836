package dev.assay.run.function;

import static dev.assay.run.function.TestFunction.inCube;
import static java.lang.Math.PI;
import static java.lang.Math.abs;
import static java.lang.Math.cos;
import static java.lang.Math.exp;
import static java.lang.Math.pow;
import static java.lang.Math.sin;
import static java.lang.Math.sqrt;

/// Test functions of two variables, x and y.
final class PlaneFunctions {
  private PlaneFunctions() {}

  /// A formula of two variables.
  private interface Plane {
    double at(double x, double y);
  }

  private static TestFunction square(String name, double bound, double x, double y, Plane formula) {
    return inCube(name, -bound, bound, new double[] {x, y}, p -> formula.at(p[0], p[1]));
  }

  private static TestFunction box(
      String name, double[] low, double[] high, double[] minimizer, Plane formula) {
    double optimum = formula.at(minimizer[0], minimizer[1]);
    return new TestFunction(name, low, high, optimum, minimizer, p -> formula.at(p[0], p[1]));
  }

  /// Three equal minima.
  static TestFunction branin() {
    return box(
        "branin",
        new double[] {-5, 0},
        new double[] {10, 15},
        new double[] {PI, 2.275},
        (x, y) -> {
          double ridge = y - 5.1 / (4 * PI * PI) * x * x + 5 / PI * x - 6;
          return ridge * ridge + 10 * (1 - 1 / (8 * PI)) * cos(x) + 10;
        });
  }

  /// Six humps, two equal minima.
  static TestFunction camel() {
    return box(
        "camel",
        new double[] {-3, -2},
        new double[] {3, 2},
        new double[] {0.0898420189, -0.7126564003},
        (x, y) -> (4 - 2.1 * x * x + pow(x, 4) / 3) * x * x + x * y + (4 * y * y - 4) * y * y);
  }

  static TestFunction threeHumpCamel() {
    return square(
        "three_hump_camel",
        5,
        0,
        0,
        (x, y) -> 2 * x * x - 1.05 * pow(x, 4) + pow(x, 6) / 6 + x * y + y * y);
  }

  static TestFunction goldsteinPrice() {
    return square(
        "goldstein_price",
        2,
        0,
        -1,
        (x, y) -> {
          double a = pow(x + y + 1, 2) * (19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y);
          double b =
              pow(2 * x - 3 * y, 2) * (18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y);
          return (1 + a) * (30 + b);
        });
  }

  static TestFunction beale() {
    return square(
        "beale",
        4.5,
        3,
        0.5,
        (x, y) ->
            pow(1.5 - x + x * y, 2)
                + pow(2.25 - x + x * y * y, 2)
                + pow(2.625 - x + x * y * y * y, 2));
  }

  static TestFunction booth() {
    return square("booth", 10, 1, 3, (x, y) -> pow(x + 2 * y - 7, 2) + pow(2 * x + y - 5, 2));
  }

  static TestFunction matyas() {
    return square("matyas", 10, 0, 0, (x, y) -> 0.26 * (x * x + y * y) - 0.48 * x * y);
  }

  static TestFunction mccormick() {
    return box(
        "mccormick",
        new double[] {-1.5, -3},
        new double[] {4, 4},
        new double[] {0.5 - PI / 3, -0.5 - PI / 3},
        (x, y) -> sin(x + y) + (x - y) * (x - y) - 1.5 * x + 2.5 * y + 1);
  }

  /// A needle in a plain.
  static TestFunction easom() {
    return square(
        "easom",
        100,
        PI,
        PI,
        (x, y) -> -cos(x) * cos(y) * exp(-(x - PI) * (x - PI) - (y - PI) * (y - PI)));
  }

  static TestFunction bohachevsky() {
    return square(
        "bohachevsky",
        100,
        0,
        0,
        (x, y) -> x * x + 2 * y * y - 0.3 * cos(3 * PI * x) - 0.4 * cos(4 * PI * y) + 0.7);
  }

  /// A narrow, curved valley with many local minima.
  static TestFunction bukin6() {
    return box(
        "bukin6",
        new double[] {-15, -3},
        new double[] {-5, 3},
        new double[] {-10, 1},
        (x, y) -> 100 * sqrt(abs(y - 0.01 * x * x)) + 0.01 * abs(x + 10));
  }

  static TestFunction dropWave() {
    return square(
        "drop_wave",
        5.12,
        0,
        0,
        (x, y) -> {
          double r2 = x * x + y * y;
          return -(1 + cos(12 * sqrt(r2))) / (0.5 * r2 + 2);
        });
  }

  static TestFunction crossInTray() {
    double at = 1.3494066;
    return square(
        "cross_in_tray",
        10,
        at,
        at,
        (x, y) -> {
          double wave = sin(x) * sin(y) * exp(abs(100 - sqrt(x * x + y * y) / PI));
          return -0.0001 * pow(abs(wave) + 1, 0.1);
        });
  }

  static TestFunction holderTable() {
    return square(
        "holder_table",
        10,
        8.0550234604,
        9.6645900055,
        (x, y) -> -abs(sin(x) * cos(y) * exp(abs(1 - sqrt(x * x + y * y) / PI))));
  }

  /// Very rugged; the minimum lies on the border.
  static TestFunction eggholder() {
    return square(
        "eggholder",
        512,
        512,
        404.2318054,
        (x, y) -> -(y + 47) * sin(sqrt(abs(y + x / 2 + 47))) - x * sin(sqrt(abs(x - (y + 47)))));
  }
}

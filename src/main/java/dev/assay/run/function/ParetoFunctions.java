package dev.assay.run.function;

import static java.lang.Math.PI;
import static java.lang.Math.cos;
import static java.lang.Math.exp;
import static java.lang.Math.pow;
import static java.lang.Math.sin;
import static java.lang.Math.sqrt;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Test functions of several objectives by name: ZDT (Zitzler, Deb and Thiele 2000, "Comparison of
/// multiobjective evolutionary algorithms: empirical results"), DTLZ (Deb, Thiele, Laumanns and
/// Zitzler 2002, "Scalable multi-objective optimization test problems"), Fonseca and Fleming 1995,
/// Kursawe 1991.
///
/// A dimension other than the usual one stands behind the name: `zdt1_6`. f: values. g: how far a
/// point is from the Pareto set.
public final class ParetoFunctions {
  private static final Pattern NAME = Pattern.compile("([a-z_]*[a-z][0-9]?)(?:_([0-9]{1,4}))?");

  /// @param usual the usual dimension
  /// @param least the smallest
  private record Family(int usual, int least, IntFunction<ParetoFunction> maker) {}

  private static final Map<String, Family> FAMILIES = families();

  private ParetoFunctions() {}

  private static Map<String, Family> families() {
    var map = new LinkedHashMap<String, Family>();
    map.put("zdt1", new Family(30, 2, d -> zdt("zdt1", d, (f, g) -> 1 - sqrt(f / g))));
    map.put("zdt2", new Family(30, 2, d -> zdt("zdt2", d, (f, g) -> 1 - pow(f / g, 2))));
    map.put(
        "zdt3",
        new Family(
            30, 2, d -> zdt("zdt3", d, (f, g) -> 1 - sqrt(f / g) - f / g * sin(10 * PI * f))));
    map.put("zdt4", new Family(10, 2, ParetoFunctions::zdt4));
    map.put("zdt6", new Family(10, 2, ParetoFunctions::zdt6));
    map.put("dtlz1", new Family(7, 3, ParetoFunctions::dtlz1));
    map.put("dtlz2", new Family(12, 3, d -> sphere("dtlz2", d, ParetoFunctions::squares)));
    map.put("dtlz3", new Family(12, 3, d -> sphere("dtlz3", d, ParetoFunctions::waves)));
    map.put("dtlz7", new Family(22, 3, ParetoFunctions::dtlz7));
    map.put("fonseca_fleming", new Family(3, 1, ParetoFunctions::fonsecaFleming));
    map.put("kursawe", new Family(3, 2, ParetoFunctions::kursawe));
    return Collections.unmodifiableMap(map);
  }

  /// The names, without dimensions.
  public static List<String> names() {
    return new ArrayList<>(FAMILIES.keySet());
  }

  /// The function of a name; null when there is none.
  ///
  /// @throws Problem for a dimension that it cannot have
  static @Nullable ParetoFunction find(String name) {
    var match = NAME.matcher(name);
    var family = match.matches() ? FAMILIES.get(match.group(1)) : null;
    if (family == null) {
      return null;
    }
    int d = match.group(2) == null ? family.usual() : Integer.parseInt(match.group(2));
    if (d < family.least() || d > 1000) {
      throw new Problem(
          "The test function has no such dimension.",
          name,
          "Give it " + family.least() + " to 1000: " + match.group(1) + "_" + family.usual() + ".");
    }
    return family.maker().apply(d);
  }

  /// h of ZDT: f₂ = g·h(f₁, g).
  private interface Shape {
    double of(double f, double g);
  }

  private static ParetoFunction inCube(
      String name, int d, double low, double high, int m, UnaryOperator<double[]> formula) {
    var lows = new double[d];
    var highs = new double[d];
    Arrays.fill(lows, low);
    Arrays.fill(highs, high);
    return new ParetoFunction(name, lows, highs, m, formula);
  }

  private static ParetoFunction zdt(String name, int d, Shape shape) {
    return inCube(
        name,
        d,
        0,
        1,
        2,
        x -> {
          double g = 1 + 9 * tail(x, 1) / (x.length - 1);
          return new double[] {x[0], g * shape.of(x[0], g)};
        });
  }

  private static double tail(double[] x, int from) {
    return Arrays.stream(x, from, x.length).sum();
  }

  /// Many local fronts.
  private static ParetoFunction zdt4(int d) {
    var low = new double[d];
    var high = new double[d];
    Arrays.fill(low, 1, d, -5);
    Arrays.fill(high, 1, d, 5);
    high[0] = 1;
    return new ParetoFunction(
        "zdt4",
        low,
        high,
        2,
        x -> {
          double g = 1 + rastrigin(x, 1, 0, 10, 4);
          return new double[] {x[0], g * (1 - sqrt(x[0] / g))};
        });
  }

  /// Σ (a + z² − a·cos(wπz)), z = x − c.
  private static double rastrigin(double[] x, int from, double c, double a, double w) {
    double sum = 0;
    for (int i = from; i < x.length; i++) {
      double z = x[i] - c;
      sum += a + z * z - a * cos(w * PI * z);
    }
    return sum;
  }

  /// A front on which solutions are spread unevenly.
  private static ParetoFunction zdt6(int d) {
    return inCube(
        "zdt6",
        d,
        0,
        1,
        2,
        x -> {
          double f = 1 - exp(-4 * x[0]) * pow(sin(6 * PI * x[0]), 6);
          double g = 1 + 9 * pow(tail(x, 1) / (x.length - 1), 0.25);
          return new double[] {f, g * (1 - pow(f / g, 2))};
        });
  }

  /// A flat front, and many local ones.
  private static ParetoFunction dtlz1(int d) {
    return inCube(
        "dtlz1",
        d,
        0,
        1,
        3,
        x -> {
          double half = 0.5 * (1 + waves(x));
          return new double[] {
            half * x[0] * x[1], half * x[0] * (1 - x[1]), half * (1 - x[0]),
          };
        });
  }

  /// g of DTLZ2.
  private static double squares(double[] x) {
    return Arrays.stream(x, 2, x.length).map(v -> (v - 0.5) * (v - 0.5)).sum();
  }

  /// g of DTLZ1 and DTLZ3.
  private static double waves(double[] x) {
    return 100 * rastrigin(x, 2, 0.5, 1, 20);
  }

  /// The front is an eighth of a sphere.
  private static ParetoFunction sphere(
      String name, int d, java.util.function.ToDoubleFunction<double[]> distance) {
    return inCube(
        name,
        d,
        0,
        1,
        3,
        x -> {
          double radius = 1 + distance.applyAsDouble(x);
          double a = x[0] * PI / 2;
          double b = x[1] * PI / 2;
          return new double[] {
            radius * cos(a) * cos(b), radius * cos(a) * sin(b), radius * sin(a),
          };
        });
  }

  /// A front of four pieces.
  private static ParetoFunction dtlz7(int d) {
    return inCube(
        "dtlz7",
        d,
        0,
        1,
        3,
        x -> {
          double g = 1 + 9 * tail(x, 2) / (x.length - 2);
          double h = 3;
          for (int i = 0; i < 2; i++) {
            h -= x[i] / (1 + g) * (1 + sin(3 * PI * x[i]));
          }
          return new double[] {x[0], x[1], (1 + g) * h};
        });
  }

  private static ParetoFunction fonsecaFleming(int d) {
    return inCube(
        "fonseca_fleming",
        d,
        -4,
        4,
        2,
        x -> {
          double centre = 1 / sqrt(x.length);
          double plus = Arrays.stream(x).map(v -> pow(v - centre, 2)).sum();
          double minus = Arrays.stream(x).map(v -> pow(v + centre, 2)).sum();
          return new double[] {1 - exp(-plus), 1 - exp(-minus)};
        });
  }

  private static ParetoFunction kursawe(int d) {
    return inCube(
        "kursawe",
        d,
        -5,
        5,
        2,
        x -> {
          double first = 0;
          for (int i = 0; i + 1 < x.length; i++) {
            first += -10 * exp(-0.2 * sqrt(x[i] * x[i] + x[i + 1] * x[i + 1]));
          }
          double second =
              Arrays.stream(x).map(v -> pow(Math.abs(v), 0.8) + 5 * sin(v * v * v)).sum();
          return new double[] {first, second};
        });
  }
}

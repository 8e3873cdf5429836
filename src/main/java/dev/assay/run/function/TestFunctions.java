package dev.assay.run.function;

import static dev.assay.run.function.TestFunction.inCube;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Test functions by name. Domains and minima as in Surjanovic and Bingham, "Virtual library of
/// simulation experiments: test functions and datasets"; Hansen et al. 2009 (BBOB) and Jamil and
/// Yang 2013 ("A literature survey of benchmark functions") agree on those that they share.
///
/// Functions of any dimension take it behind their name: `rosenbrock4`; two if nothing is said.
/// Those that have their minimum in the middle of the domain, where some samplers begin, can be had
/// with it elsewhere: `ackley5_shifted`.
public final class TestFunctions {
  private static final Pattern NAME = Pattern.compile("([a-z_]+?)_?([0-9]*)");
  private static final int LARGEST = 1000;
  private static final String SHIFTED = "_shifted";

  /// The minimum of a shifted function is at most this share of the domain away from the middle.
  private static final double REACH = 0.25;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /// Functions that exist in one dimension only; the name may end in digits.
  private static final Map<String, Supplier<TestFunction>> FIXED = fixed();

  private static final Map<String, IntFunction<TestFunction>> SCALABLE = scalable();

  private TestFunctions() {}

  private static Map<String, Supplier<TestFunction>> fixed() {
    var map = new LinkedHashMap<String, Supplier<TestFunction>>();
    map.put("branin", PlaneFunctions::branin);
    map.put("camel", PlaneFunctions::camel);
    map.put("six_hump_camel", PlaneFunctions::camel);
    map.put("three_hump_camel", PlaneFunctions::threeHumpCamel);
    map.put("goldstein_price", PlaneFunctions::goldsteinPrice);
    map.put("beale", PlaneFunctions::beale);
    map.put("booth", PlaneFunctions::booth);
    map.put("matyas", PlaneFunctions::matyas);
    map.put("mccormick", PlaneFunctions::mccormick);
    map.put("easom", PlaneFunctions::easom);
    map.put("bohachevsky", PlaneFunctions::bohachevsky);
    map.put("bukin6", PlaneFunctions::bukin6);
    map.put("drop_wave", PlaneFunctions::dropWave);
    map.put("cross_in_tray", PlaneFunctions::crossInTray);
    map.put("holder_table", PlaneFunctions::holderTable);
    map.put("eggholder", PlaneFunctions::eggholder);
    map.put("hartmann3", SumFunctions::hartmann3);
    map.put("hartmann6", SumFunctions::hartmann6);
    map.put("shekel", SumFunctions::shekel);
    map.put("colville", SumFunctions::colville);
    return Collections.unmodifiableMap(map);
  }

  private static Map<String, IntFunction<TestFunction>> scalable() {
    var map = new LinkedHashMap<String, IntFunction<TestFunction>>();
    map.put("sphere", SumFunctions::sphere);
    map.put("sum_squares", SumFunctions::sumSquares);
    map.put("rosenbrock", SumFunctions::rosenbrock);
    map.put("zakharov", SumFunctions::zakharov);
    map.put("dixon_price", SumFunctions::dixonPrice);
    map.put("rastrigin", SumFunctions::rastrigin);
    map.put("ackley", SumFunctions::ackley);
    map.put("griewank", SumFunctions::griewank);
    map.put("levy", SumFunctions::levy);
    map.put("schwefel", SumFunctions::schwefel);
    map.put("styblinski_tang", SumFunctions::styblinskiTang);
    map.put("michalewicz", SumFunctions::michalewicz);
    return Collections.unmodifiableMap(map);
  }

  /// The names, those of any dimension without it.
  public static List<String> names() {
    var names = new ArrayList<>(FIXED.keySet());
    names.addAll(SCALABLE.keySet());
    return names;
  }

  /// Whether a name, dimension included, means a function, be the dimension right or not.
  static boolean has(String name) {
    if (name.endsWith(SHIFTED)) {
      return has(plain(name));
    }
    var match = NAME.matcher(name);
    return FIXED.containsKey(name)
        || match.matches()
            && (SCALABLE.containsKey(match.group(1)) || FIXED.containsKey(match.group(1)));
  }

  /// The function of a name.
  ///
  /// @throws Problem when there is none
  public static TestFunction named(String name) {
    if (name.endsWith(SHIFTED)) {
      return shifted(name, named(plain(name)));
    }
    var fixed = FIXED.get(name);
    if (fixed != null) {
      return fixed.get();
    }
    var match = NAME.matcher(name);
    if (match.matches()) {
      var base = match.group(1);
      int d = dimension(match.group(2));
      if (SCALABLE.containsKey(base)) {
        if (d < 1 || d > LARGEST) {
          throw new Problem(
              "The test function has no such dimension.",
              name,
              "Give it 1 to " + LARGEST + ": " + base + "4.");
        }
        return SCALABLE.get(base).apply(d);
      }
      // branin2 means branin, where the dimension is right.
      if (FIXED.containsKey(base) && FIXED.get(base).get().dimension() == d) {
        return FIXED.get(base).get();
      }
    }
    throw new Problem("There is no such test function.", name, Nearest.suggest(name, names()));
  }

  private static String plain(String shifted) {
    return shifted.substring(0, shifted.length() - SHIFTED.length());
  }

  /// Coordinate j moves by a share of the domain that the golden ratio's multiples choose: they
  /// spread evenly, and no two are alike.
  private static TestFunction shifted(String name, TestFunction plain) {
    var offset = new double[plain.dimension()];
    for (int j = 0; j < offset.length; j++) {
      double size = plain.high()[j] - plain.low()[j];
      double middle = plain.low()[j] + size / 2;
      if (Math.abs(plain.minimizer()[j] - middle) > 1e-9 * size) {
        throw new Problem(
            "Only a function with its minimum in the middle is shifted.",
            name,
            "Write " + plain(name) + ".");
      }
      double turns = (j + 1) * GOLDEN;
      offset[j] = 2 * REACH * size * (turns - Math.floor(turns) - 0.5);
    }
    var moved = plain.shifted(offset);
    return new TestFunction(
        name, moved.low(), moved.high(), moved.optimum(), moved.minimizer(), moved.formula());
  }

  private static int dimension(String digits) {
    return digits.isEmpty() ? 2 : digits.length() > 6 ? LARGEST + 1 : Integer.parseInt(digits);
  }

  /// A function whose minimizer has equal coordinates.
  static TestFunction even(
      String name,
      int d,
      double low,
      double high,
      double coordinate,
      java.util.function.ToDoubleFunction<double[]> formula) {
    var minimizer = new double[d];
    Arrays.fill(minimizer, coordinate);
    return inCube(name + d, low, high, minimizer, formula);
  }
}

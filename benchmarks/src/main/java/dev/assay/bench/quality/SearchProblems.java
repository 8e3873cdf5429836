package dev.assay.bench.quality;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.run.function.TestFunction;
import dev.assay.run.function.TestFunctions;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The problems by name, and groups of them.
///
/// `reference`: eight exact functions. `rotated`: two of these turned, so that they are no sums
/// over coordinates. `holdout`: functions on which nothing was tuned. `world`: the sets of [World],
/// each of which is a group too.
final class SearchProblems {
  private static final Map<String, List<String>> GROUPS =
      Map.of(
          "reference",
          List.of(
              "branin2",
              "camel2",
              "hartmann6",
              "rosenbrock4",
              "rastrigin4",
              "ackley5",
              "mixed6",
              "svc_digits"),
          "rotated",
          List.of("rastrigin4-rotated", "ackley5-rotated"),
          "holdout",
          List.of(
              "hartmann3",
              "shekel",
              "goldstein_price",
              "styblinski_tang5",
              "levy6",
              "griewank4-shifted",
              "michalewicz5",
              "schwefel3",
              "zakharov4",
              "dixon_price5",
              "mixed7"));

  private static final String WORLD = "world";

  private static final double[] RASTRIGIN_SHIFT = {1.1, -2.3, 0.7, -1.6};
  private static final double[] ACKLEY_SHIFT = {5.3, -7.1, 11.9, -3.7, 8.2};

  private SearchProblems() {}

  /// The problems of some names and groups.
  static List<SearchProblem> named(List<String> names) {
    var problems = new ArrayList<SearchProblem>();
    var sets = World.sets();
    for (var name : names) {
      if (name.equals(WORLD)) {
        sets.values().forEach(problems::addAll);
      } else if (sets.containsKey(name)) {
        problems.addAll(sets.get(name));
      } else if (GROUPS.containsKey(name)) {
        GROUPS.get(name).forEach(member -> problems.add(named(member)));
      } else {
        problems.add(
            sets.values().stream()
                .flatMap(List::stream)
                .filter(p -> p.name().equals(name))
                .findAny()
                .orElseGet(() -> named(name)));
      }
    }
    return problems;
  }

  /// The set that a problem belongs to; `functions` where it is in none.
  static String setOf(String problem) {
    for (var set : World.sets().entrySet()) {
      if (set.getValue().stream().anyMatch(p -> p.name().equals(problem))) {
        return set.getKey();
      }
    }
    for (var group : GROUPS.entrySet()) {
      if (group.getValue().contains(problem)) {
        return group.getKey();
      }
    }
    return "functions";
  }

  /// A problem that is not of the [World].
  static SearchProblem named(String name) {
    return switch (name) {
      case "rastrigin4" -> SearchProblem.of(rastrigin()).named(name);
      case "ackley5" -> SearchProblem.of(ackley()).named(name);
      case "rastrigin4-rotated" ->
          SearchProblem.of(rastrigin().rotated(rotation(4, 1))).named(name);
      case "ackley5-rotated" -> SearchProblem.of(ackley().rotated(rotation(5, 2))).named(name);
      case "griewank4-shifted" ->
          SearchProblem.of(TestFunctions.named("griewank4").shifted(130, -210, 70, -330));
      case "mixed6" -> mixed6();
      case "mixed7" -> mixed7();
      case "svc_digits" -> SvcDigits.problem();
      default -> function(name);
    };
  }

  private static SearchProblem function(String name) {
    try {
      return SearchProblem.of(TestFunctions.named(name)).named(name);
    } catch (Problem e) {
      var known = new TreeSet<>(TestFunctions.names());
      known.add(WORLD);
      known.addAll(GROUPS.keySet());
      World.sets()
          .forEach((set, problems) -> {
            known.add(set);
            problems.forEach(p -> known.add(p.name()));
          });
      GROUPS.values().forEach(known::addAll);
      throw new Problem("There is no such problem.", name, Nearest.suggest(name, known), e);
    }
  }

  private static TestFunction rastrigin() {
    return TestFunctions.named("rastrigin4").shifted(RASTRIGIN_SHIFT);
  }

  private static TestFunction ackley() {
    return TestFunctions.named("ackley5").shifted(ACKLEY_SHIFT);
  }

  /// An orthogonal matrix: Gram and Schmidt's basis of normal draws.
  private static double[][] rotation(int d, long seed) {
    var random = new Philox(seed, 0);
    var q = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        q[i][j] = random.nextGaussian();
      }
      for (int k = 0; k <= i; k++) {
        double dot = 0;
        for (int j = 0; j < d; j++) {
          dot += q[i][j] * q[k][j];
        }
        for (int j = 0; j < d; j++) {
          q[i][j] = k < i ? q[i][j] - dot * q[k][j] : q[i][j] / Math.sqrt(dot);
        }
      }
    }
    return q;
  }

  /// Floats, a logarithmic one, an integer and two choices that move the optimum of the rest.
  private static SearchProblem mixed6() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(-5, 5))
            .add("y", new FloatRange(-5, 5))
            .add("lr", FloatRange.log(1e-5, 1))
            .add("k", new IntRange(1, 16))
            .add("a", Choice.of("p", "q", "r"))
            .add("b", Choice.of("u", "v"))
            .build();
    return new SearchProblem("mixed6", space, 0, SearchProblems::mixed6);
  }

  private static double mixed6(Configuration c) {
    int a = (int) c.code(4);
    int b = (int) c.code(5);
    double x = c.number("x") - new double[] {1.5, -2, 3}[a];
    double y = c.number("y") - new double[] {-1, 2}[b];
    double k = c.number("k");
    double u = Math.log10(c.number("lr")) + 1.5 + 0.15 * (k - 1);
    return 0.3 * a
        + 0.2 * b
        + 0.1 * x * x
        + 0.2 * (1 - Math.cos(Math.PI * x))
        + 0.1 * (y - 0.2 * x) * (y - 0.2 * x)
        + 0.5 * u * u
        + 0.02 * (k - 7) * (k - 7);
  }

  /// A hyperparameter landscape: a valley of learning rate against batch size, weak regularisation,
  /// a width that pays less and less, optimisers that want other learning rates.
  private static SearchProblem mixed7() {
    var space =
        SearchSpace.builder()
            .add("rate", FloatRange.log(1e-5, 1))
            .add("decay", FloatRange.log(1e-8, 1e-1))
            .add("dropout", new FloatRange(0, 0.8))
            .add("width", IntRange.log(16, 1024))
            .add("batch", Choice.ordered(16, 32, 64, 128, 256))
            .add("optimizer", Choice.of("sgd", "adam", "lion"))
            .add("activation", Choice.of("relu", "gelu", "tanh", "elu"))
            .build();
    return new SearchProblem("mixed7", space, 0.05, SearchProblems::mixed7);
  }

  private static double mixed7(Configuration c) {
    double rate = Math.log10(c.number("rate"));
    double decay = Math.log10(c.number("decay"));
    double width = Math.log(c.number("width") / 16) / Math.log(2);
    double batch = c.code(4);
    int optimizer = (int) c.code(5);
    double valley = rate - 0.15 * (batch - 2) - new double[] {-1.2, -3, -3.8}[optimizer];
    double fit = 1 - Math.exp(-0.5 * valley * valley);
    double best = 0.06 * width; // wider nets want more dropout
    return 0.05
        + 0.5 * fit
        + 0.04 * Math.abs(batch - 1)
        + 0.1 * Math.exp(-0.6 * width)
        - 0.1 * Math.exp(-3.6)
        + 0.4 * (c.number("dropout") - best) * (c.number("dropout") - best)
        + 0.005 * (decay + 4) * (decay + 4)
        + new double[] {0.02, 0, 0.01}[optimizer]
        + new double[] {0.015, 0, 0.05, 0.01}[(int) c.code(6)];
  }
}

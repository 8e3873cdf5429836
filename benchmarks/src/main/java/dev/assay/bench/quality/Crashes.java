package dev.assay.bench.quality;

import static dev.assay.bench.quality.SearchProblem.place;

import dev.assay.run.function.TestFunctions;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.List;

/// Some trials end without a value: options that never work, regions that crash.
final class Crashes {
  private Crashes() {}

  static List<SearchProblem> all() {
    return List.of(options4(), options8(), branin(), hartmann(), mostly());
  }

  private static SearchSpace space(int numbers, Object... options) {
    var builder = SearchSpace.builder();
    for (int j = 0; j < numbers; j++) {
      builder.add("x" + j, new FloatRange(0, 1));
    }
    return builder.add("option", Choice.of(options)).build();
  }

  /// One option of four always crashes.
  private static SearchProblem options4() {
    return Plateaus.problem(
            "options4-crash1",
            space(2, "a", "b", "c", "d"),
            (c, seed) -> {
              int after = ((int) c.code(2) - (int) (4 * place(seed, 2)) + 4) % 4;
              return after == 0 ? Double.NaN : bowl(c.code(0), c.code(1), seed) + 0.1 * (after - 1);
            })
        .planned(SearchPlan.WORLD.trials(20, 40))
        .aiming(Aim.crashes("auto", 40, 1.5));
  }

  /// Three options of eight always crash; the others differ.
  private static SearchProblem options8() {
    return Plateaus.problem(
            "options8-crash3",
            space(3, "a", "b", "c", "d", "e", "f", "g", "h"),
            (c, seed) -> {
              int after = ((int) c.code(3) * 3 + (int) (8 * place(seed, 2))) % 8;
              double off = c.code(2) - 0.2 - 0.6 * place(seed, 3);
              return after < 3
                  ? Double.NaN
                  : bowl(c.code(0), c.code(1), seed) + off * off + 0.15 * (after - 3);
            })
        .planned(SearchPlan.WORLD.trials(20, 40));
  }

  private static double bowl(double x, double y, long seed) {
    double u = x - 0.2 - 0.6 * place(seed, 0);
    double v = y - 0.2 - 0.6 * place(seed, 1);
    return u * u + v * v;
  }

  /// Two fifths of the square crash, one of the three minima among them.
  private static SearchProblem branin() {
    var branin = TestFunctions.named("branin");
    return new SearchProblem(
            "branin2-crash40",
            branin.space(),
            branin.optimum(),
            c -> c.code(0) + c.code(1) > 12 ? Double.NaN : branin.value(c))
        .planned(SearchPlan.WORLD);
  }

  /// Not half of the cube is left, and its best point is near the border.
  private static SearchProblem hartmann() {
    var hartmann = TestFunctions.named("hartmann6");
    return new SearchProblem(
            "hartmann6-crash60",
            hartmann.space(),
            hartmann.optimum(),
            c -> c.code(0) + c.code(3) > 0.9 || c.code(1) > 0.9 ? Double.NaN : hartmann.value(c))
        .planned(SearchPlan.WORLD);
  }

  /// Four fifths of the square crash.
  private static SearchProblem mostly() {
    return Plateaus.problem(
        "bowl3-crash80",
        Plateaus.cube(3),
        (c, seed) -> {
          double u = c.code(0) - 0.25 - 0.5 * place(seed, 0);
          double v = c.code(1) - 0.25 - 0.5 * place(seed, 1);
          double w = c.code(2) - place(seed, 2);
          return Math.max(Math.abs(u), Math.abs(v)) > 0.22
              ? Double.NaN
              : (u - 0.1) * (u - 0.1) + (v + 0.1) * (v + 0.1) + w * w;
        });
  }
}

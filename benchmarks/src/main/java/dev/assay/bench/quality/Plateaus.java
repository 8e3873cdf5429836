package dev.assay.bench.quality;

import static dev.assay.bench.quality.SearchProblem.place;

import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.List;

/// Most of the space has one value; what is better lies elsewhere for each seed.
final class Plateaus {
  private Plateaus() {}

  static List<SearchProblem> all() {
    return List.of(
        funnel("plateau2-0.15", 0.15).aiming(Aim.regret("auto", 50, 1e-3)),
        funnel("plateau2-0.25", 0.25),
        slit(),
        slope(),
        basin(),
        shelf(),
        constant("constant2", cube(2)),
        constant(
            "constant3-mixed",
            SearchSpace.builder()
                .add("x0", new FloatRange(0, 1))
                .add("x1", new FloatRange(0, 1))
                .add("option", Choice.of("a", "b", "c"))
                .build()));
  }

  static SearchSpace cube(int d) {
    var builder = SearchSpace.builder();
    for (int j = 0; j < d; j++) {
      builder.add("x" + j, new FloatRange(0, 1));
    }
    return builder.build();
  }

  static SearchProblem problem(String name, SearchSpace space, SearchProblem.Truth truth) {
    return new SearchProblem(
        name, space, 0, truth, new Observation.Exact(), SearchPlan.WORLD, List.of());
  }

  /// The distance to a point, up to some distance.
  private static SearchProblem funnel(String name, double radius) {
    return problem(
        name,
        cube(2),
        (c, seed) ->
            Math.min(radius, Math.hypot(c.code(0) - place(seed, 0), c.code(1) - place(seed, 1))));
  }

  /// 4 % of the space are better than the rest, which has one value.
  private static SearchProblem slit() {
    return problem(
        "slit2",
        cube(2),
        (c, seed) -> Math.abs(c.code(0) - (0.02 + 0.96 * place(seed, 0))) < 0.02 ? 0 : 1);
  }

  /// Flat but for a strip of 7 %, which slopes along both coordinates.
  private static SearchProblem slope() {
    return problem(
        "slope2",
        cube(2),
        (c, seed) -> {
          double along = (c.code(0) - 0.93 * place(seed, 0)) / 0.07;
          return along < 0 || along > 1 ? 1 : 1 - along * (0.5 + 0.5 * c.code(1));
        });
  }

  /// Flat but for a basin of 9 % in two of three coordinates.
  private static SearchProblem basin() {
    return problem(
        "basin3",
        cube(3),
        (c, seed) -> {
          double u = (c.code(0) - 0.15 - 0.7 * place(seed, 0)) / 0.15;
          double v = (c.code(2) - 0.15 - 0.7 * place(seed, 1)) / 0.15;
          return Math.min(1, Math.max(u * u, v * v));
        });
  }

  /// A wide funnel whose bottom is flat, and a narrow one that is deeper: what is best for long
  /// lies on a plateau.
  private static SearchProblem shelf() {
    return problem(
            "shelf2",
            cube(2),
            (c, seed) -> {
              double x = 0.1 + 0.8 * place(seed, 0);
              double y = 0.1 + 0.8 * place(seed, 1);
              double wide = Math.hypot(c.code(0) - (1 - x), c.code(1) - (1 - y));
              double narrow = Math.hypot(c.code(0) - x, c.code(1) - y);
              return Math.min(Math.max(0.5, 0.5 + 2 * (wide - 0.2)), 4 * narrow);
            })
        .aiming(Aim.regret("auto", 60, 0.083));
  }

  /// One value everywhere: nothing is known, so nothing is tried twice.
  private static SearchProblem constant(String name, SearchSpace space) {
    return problem(name, space, (_, _) -> 0)
        .aiming(
            Aim.distinct("auto", 60, 60),
            Aim.distinct("tpe", 60, 60),
            Aim.distinct("cmaes", 60, 60));
  }
}

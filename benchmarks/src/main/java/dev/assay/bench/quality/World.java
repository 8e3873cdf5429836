package dev.assay.bench.quality;

import dev.assay.run.function.TestFunctions;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Objectives as tuning has them, in sets by what is hard about them.
final class World {
  private World() {}

  /// The sets by name.
  static Map<String, List<SearchProblem>> sets() {
    var sets = new LinkedHashMap<String, List<SearchProblem>>();
    sets.put("noisy", noisy());
    sets.put("steps", steps());
    sets.put("plateaus", Plateaus.all());
    sets.put("crashes", Crashes.all());
    sets.put("rates", rates());
    sets.put("dimensions", dimensions());
    sets.put("branches", Branches.all());
    sets.put("priors", Expectations.all());
    sets.put("batches", batches());
    sets.put("many", many());
    sets.put("time", time());
    return sets;
  }

  /// A function that is seen otherwise.
  private static SearchProblem function(String function, String suffix, Observation observation) {
    return SearchProblems.named(function)
        .named(function + suffix)
        .seen(observation)
        .planned(SearchPlan.WORLD);
  }

  private static List<SearchProblem> noisy() {
    return List.of(
        function("branin2", "-noise2", new Observation.Noise(2)),
        function("branin2", "-noise10", new Observation.Noise(10)),
        function("hartmann6", "-noise0.1", new Observation.Noise(0.1)),
        function("hartmann6", "-noise0.3", new Observation.Noise(0.3))
            .aiming(Aim.regret("auto", 50, 0.33)),
        function("hartmann6", "-relative0.2", new Observation.RelativeNoise(0.2)),
        function("hartmann6", "-heavy0.1", new Observation.HeavyNoise(0.1)),
        function("levy10", "-noise2", new Observation.Noise(2)),
        function("sphere20_shifted", "-noise5", new Observation.Noise(5)));
  }

  private static List<SearchProblem> steps() {
    var rates = RateLandscape.exact().planned(SearchPlan.WORLD);
    return List.of(
        function("branin2", "-ceil2", new Observation.Ceiling(2)),
        function("hartmann6", "-ceil0.2", new Observation.Ceiling(0.2))
            .aiming(Aim.regret("auto", 50, 0.12)),
        function("ackley5", "-ceil1", new Observation.Ceiling(1)),
        rates.named("rates7-300rows").seen(new Observation.Share(300)),
        rates.named("rates7-300drawn").seen(new Observation.Count(300)));
  }

  private static List<SearchProblem> rates() {
    var exact = RateLandscape.exact().planned(SearchPlan.WORLD);
    return List.of(
        exact,
        exact.named("rates7-noise0.02").seen(new Observation.Noise(0.02)),
        RateLandscape.crashing().planned(SearchPlan.WORLD));
  }

  /// After 100 trials no worse than Optuna's TPE.
  private static List<SearchProblem> dimensions() {
    return List.of(
        among("branin2", 20).aiming(Aim.regret("auto", 100, 0.0028)),
        among("hartmann6", 30).aiming(Aim.regret("auto", 100, 0.275)),
        among("styblinski_tang4", 40).aiming(Aim.regret("auto", 100, 19.9)),
        among("hartmann6", 60).aiming(Aim.regret("auto", 100, 0.316)));
  }

  /// A function of few among many coordinates, the others having no effect.
  private static SearchProblem among(String name, int d) {
    var function = TestFunctions.named(name);
    int active = function.dimension();
    int stride = d / active;
    var builder = SearchSpace.builder();
    for (int j = 0; j < d; j++) {
      int of = j % stride == stride / 2 ? j / stride : active;
      builder.add(
          "x" + j,
          of < active
              ? new FloatRange(function.low()[of], function.high()[of])
              : new FloatRange(0, 1));
    }
    return new SearchProblem(
            name + "-in" + d,
            builder.build(),
            function.optimum(),
            c -> {
              var x = new double[active];
              Arrays.setAll(x, k -> c.code(stride * k + stride / 2));
              return function.value(x);
            })
        .planned(SearchPlan.WORLD.trials(50, 100).seeds(5));
  }

  private static List<SearchProblem> planned(
      String suffix, UnaryOperator<SearchPlan> plan, String... names) {
    return Arrays.stream(names)
        .map(SearchProblems::named)
        .map(p -> p.named(p.name() + suffix).planned(plan.apply(SearchPlan.WORLD)))
        .toList();
  }

  private static List<SearchProblem> batches() {
    var eight = planned("-pending8", p -> p.pending(8), "branin2", "hartmann6", "mixed6");
    var many =
        planned("-pending32", p -> p.pending(32).trials(96).seeds(5), "hartmann6", "rastrigin4");
    return Stream.concat(eight.stream(), many.stream()).toList();
  }

  private static List<SearchProblem> many() {
    UnaryOperator<SearchPlan> plan = p -> p.trials(500, 2000, 5000).seedsOfAll(5);
    var exact = planned("-many", plan, "rosenbrock5", "rastrigin5_shifted", "mixed6");
    var noisy =
        SearchProblems.named("hartmann6")
            .named("hartmann6-noise0.3-many")
            .seen(new Observation.Noise(0.3))
            .planned(plan.apply(SearchPlan.WORLD));
    return Stream.concat(exact.stream(), Stream.of(noisy)).toList();
  }

  private static List<SearchProblem> time() {
    return planned(
        "-each5ms", p -> p.timed(5).trials(100, 400).seedsOfAll(5), "hartmann6", "rosenbrock4");
  }
}

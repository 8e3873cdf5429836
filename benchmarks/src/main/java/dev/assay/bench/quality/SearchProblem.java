package dev.assay.bench.quality;

import dev.assay.random.Philox;
import dev.assay.run.function.TestFunction;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// A function to be minimised, whose best value is known or taken as 0, what a trial reports of it,
/// and how it is searched.
///
/// @param optimum what regret is counted from
/// @param truth what a configuration is worth
/// @param observation what a trial reports of that
/// @param plan how it is searched where nothing else is said
/// @param aims what samplers are to reach
public record SearchProblem(
    String name,
    SearchSpace space,
    double optimum,
    Truth truth,
    Observation observation,
    SearchPlan plan,
    List<Aim> aims) {
  private static final int[] PRIMES = {2, 3, 5, 7, 11, 13, 17, 19};

  /// What a configuration is worth. A problem may lie elsewhere for each seed, so that no sampler
  /// is lucky with where it begins.
  @FunctionalInterface
  interface Truth {
    /// NaN where a trial crashes.
    double of(Configuration configuration, long seed);
  }

  /// An exact one that is the same for each seed.
  SearchProblem(
      String name, SearchSpace space, double optimum, ToDoubleFunction<Configuration> objective) {
    this(
        name,
        space,
        optimum,
        (c, _) -> objective.applyAsDouble(c),
        new Observation.Exact(),
        SearchPlan.REFERENCE,
        List.of());
  }

  static SearchProblem of(TestFunction function) {
    return new SearchProblem(
        function.name(), function.space(), function.optimum(), function::value);
  }

  SearchProblem named(String other) {
    return new SearchProblem(other, space, optimum, truth, observation, plan, aims);
  }

  /// Of the same parameters, of which something else is known.
  SearchProblem in(SearchSpace other) {
    return new SearchProblem(name, other, optimum, truth, observation, plan, aims);
  }

  SearchProblem seen(Observation other) {
    return new SearchProblem(name, space, optimum, truth, other, plan, aims);
  }

  SearchProblem planned(SearchPlan other) {
    return new SearchProblem(name, space, optimum, truth, observation, other, aims);
  }

  SearchProblem aiming(Aim... other) {
    return new SearchProblem(name, space, optimum, truth, observation, plan, List.of(other));
  }

  /// After how many trials of a search regret is looked at.
  ///
  /// @param trials of the whole search
  List<Integer> marks(int trials) {
    var aimed = aims.stream().map(Aim::trials);
    return Stream.concat(Stream.concat(plan.budgets().stream(), aimed), Stream.of(trials))
        .distinct()
        .toList();
  }

  /// How a trial of a search ends.
  Outcome outcome(Configuration configuration, long seed, int trial) {
    double value = truth.of(configuration, seed);
    return Double.isNaN(value)
        ? Outcome.failed(Cause.ERROR, "crashed")
        : Outcome.complete(observation.of(value, optimum, new Philox(seed, trial)));
  }

  /// A number in [0, 1) for each seed: successive ones spread evenly, and those of two coordinates
  /// are unrelated (multiples of square roots of primes, after Weyl).
  ///
  /// @param coordinate 0 to 7
  static double place(long seed, int coordinate) {
    double turns = (seed + 1) * Math.sqrt(PRIMES[coordinate]);
    return turns - Math.floor(turns);
  }
}

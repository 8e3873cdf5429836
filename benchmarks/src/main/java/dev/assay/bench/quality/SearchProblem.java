package dev.assay.bench.quality;

import dev.assay.run.TestFunction;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.function.ToDoubleFunction;

/// A function to be minimised, whose best value is known or taken as 0.
///
/// @param optimum what regret is counted from
public record SearchProblem(
    String name, SearchSpace space, double optimum, ToDoubleFunction<Configuration> objective) {
  static SearchProblem of(TestFunction function) {
    return new SearchProblem(
        function.name(), function.space(), function.optimum(), function::value);
  }

  SearchProblem named(String other) {
    return new SearchProblem(other, space, optimum, objective);
  }
}

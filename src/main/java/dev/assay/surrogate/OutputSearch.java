package dev.assay.surrogate;

import dev.assay.engine.CandidateRule;
import java.util.List;
import java.util.NoSuchElementException;

/// A search over everything that trials bring: models of objectives and of constraints on outcomes,
/// and what they suggest. Not thread-safe; what is kept between calls saves work and changes
/// nothing.
public sealed interface OutputSearch extends AutoCloseable permits SurrogateSearch, ParetoSearch {
  /// Fits all models, from where the memories left off: the objectives', then the constraints'.
  FittedOutputs fit(Known known, List<SurrogateMemory> memories, long seed);

  /// @param fitted to the same points and outputs, of which not all objectives are constant
  /// @param number of the proposal: what is done every so often goes by it
  /// @param seed of all that is drawn
  /// @throws NoSuchElementException if the rule accepted no candidate, or the models say nothing
  Suggestion suggest(FittedOutputs fitted, Known known, CandidateRule rule, int number, long seed);

  /// How likely points keep the constraints, by what is known of them.
  ///
  /// @param points m × d
  /// @return m logarithms of probabilities; 0 where nothing is known
  double[] logFeasibility(FittedOutputs fitted, Known known, double[] points);

  @Override
  void close();
}

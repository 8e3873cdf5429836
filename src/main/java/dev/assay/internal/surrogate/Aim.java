package dev.assay.internal.surrogate;

import dev.assay.internal.engine.CandidateRule;
import java.util.NoSuchElementException;

/// What a search wants to better: which outputs have models, and what is made of them.
sealed interface Aim permits OneObjective, SeveralObjectives {
  /// The outputs that are modelled, constraints aside.
  double[][] modelled(Known known);

  /// How one of them is.
  SurrogateModels models(int output);

  /// @throws NoSuchElementException if the rule accepted no candidate, or the models say nothing
  Suggestion suggest(FittedOutputs fitted, Known known, CandidateRule rule, int number, long seed);
}

package dev.assay.trial;

import dev.assay.internal.problem.Require;
import dev.assay.random.Streams;
import dev.assay.space.SearchSpace;
import java.util.List;

/// What a sampler is opened for.
///
/// @param constraints on outcomes, which every complete trial's [TrialRecord#constraints] follow;
///   those on configurations are the space's
/// @param streams all randomness comes from here, addressed by trial number
/// @param batch how many trials are proposed without knowing each other's outcome; 0: no such rule,
///   every proposal sees all that is known
public record SearchTask(
    SearchSpace space,
    List<Objective> objectives,
    List<OutcomeConstraint> constraints,
    Streams streams,
    int batch) {
  public SearchTask {
    Require.atLeast("search task", "batch", batch, 0);
    objectives = List.copyOf(objectives);
    constraints = List.copyOf(constraints);
  }

  /// A task without constraints on outcomes.
  public SearchTask(SearchSpace space, List<Objective> objectives, Streams streams, int batch) {
    this(space, objectives, List.of(), streams, batch);
  }
}

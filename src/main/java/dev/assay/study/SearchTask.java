package dev.assay.study;

import dev.assay.random.Streams;
import dev.assay.space.SearchSpace;
import java.util.List;

/// What a sampler is opened for.
///
/// @param streams all randomness comes from here, addressed by trial number
/// @param batch how many trials are proposed without knowing each other's outcome; 0: no such rule,
///   every proposal sees all that is known
public record SearchTask(
    SearchSpace space, List<Objective> objectives, Streams streams, int batch) {
  public SearchTask {
    objectives = List.copyOf(objectives);
  }
}

package dev.assay.internal.surrogate;

import java.util.ArrayList;
import java.util.List;

/// What was fitted to everything that trials bring: the models of each objective, and those of each
/// constraint on outcomes.
public record FittedOutputs(List<FittedModels> objectives, List<FittedModels> constraints) {
  public FittedOutputs {
    objectives = List.copyOf(objectives);
    constraints = List.copyOf(constraints);
  }

  /// What the next fits go on from: objectives first, then constraints.
  public List<SurrogateMemory> memories() {
    var memories = new ArrayList<SurrogateMemory>();
    objectives.forEach(fitted -> memories.add(fitted.memory()));
    constraints.forEach(fitted -> memories.add(fitted.memory()));
    return memories;
  }

  /// That of one output; none where there are fewer.
  static SurrogateMemory memory(List<SurrogateMemory> memories, int output) {
    return output < memories.size() ? memories.get(output) : SurrogateMemory.NONE;
  }

  /// How many observations all of the hyperparameters were fitted to.
  int fittedTo() {
    return memories().stream()
        .mapToInt(SurrogateMemory::size)
        .filter(size -> size > 0)
        .min()
        .orElse(Integer.MAX_VALUE);
  }
}

package dev.assay.engine;

import dev.assay.gp.OutputWarp;
import java.util.List;

/// The models of one objective, fitted to its observations.
///
/// @param models heaviest first
/// @param evidence of the best of them, in nats
/// @param memory what the next fit goes on from
public record FittedModels(List<Weighted> models, double evidence, SurrogateMemory memory) {
  /// @param theta hyperparameters
  /// @param outputs n warped, standardised outputs
  /// @param weight relative to the heaviest, which has 1
  @SuppressWarnings("ArrayRecordComponent")
  public record Weighted(
      SurrogateSettings.Member member, double[] theta, double[] outputs, double weight) {}

  public FittedModels {
    models = List.copyOf(models);
  }

  /// Those within `window` nats of the best.
  List<Weighted> within(double window) {
    double least = models.getFirst().weight() * Math.exp(-window);
    return models.stream().filter(m -> m.weight() >= least).toList();
  }

  /// Only models of the outputs as they are; all, where there are none.
  FittedModels plain() {
    var plain =
        models.stream().filter(m -> m.member().warp() instanceof OutputWarp.Identity).toList();
    return plain.isEmpty() ? this : new FittedModels(plain, evidence, memory);
  }
}

package dev.assay.internal.surrogate;

import dev.assay.gp.OutputWarp;
import java.util.List;

/// The models of one objective, fitted to its observations.
///
/// @param models heaviest first; none where the observations are all equal, of which a model says
///   nothing: fitted to a constant it is sure of everything
/// @param logPosterior of the best of them: the largest logarithm of its posterior density with
///   that of its warp's Jacobian, in nats
/// @param memory what the next fit goes on from
public record FittedModels(List<Weighted> models, double logPosterior, SurrogateMemory memory) {
  /// Of outputs that are all equal.
  static final FittedModels NONE = new FittedModels(List.of(), 0, SurrogateMemory.NONE);

  /// @param theta hyperparameters
  /// @param outputs n warped, standardised outputs
  /// @param weight relative to the heaviest, which has 1
  @SuppressWarnings("ArrayRecordComponent")
  public record Weighted(
      SurrogateSettings.Member member, double[] theta, double[] outputs, double weight) {
    /// The variance of the noise; theta ends with its logarithm and the mean.
    public double noise() {
      return Math.exp(theta[theta.length - 2]);
    }
  }

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
    return plain.isEmpty() ? this : new FittedModels(plain, logPosterior, memory);
  }
}

package dev.assay.internal.engine;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.linalg.BatchObjective;
import dev.assay.internal.linalg.LbfgsB;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Maximises likelihood times prior: L-BFGS-B on the host over likelihoods on the device. Tasks of
/// one covariance function, and all their starts, move in step, one batch of likelihoods a step.
public final class HyperparameterFit {
  /// Likelihoods of one covariance function on a device.
  public interface Likelihoods extends AutoCloseable {
    /// @param outputs which column of outputs each of R vectors is for
    /// @param thetas R × p
    /// @param values out: R; -∞ where the covariance is not positive definite
    /// @param gradients out: R × p
    void evaluate(int[] outputs, double[] thetas, double[] values, double[] gradients);

    @Override
    void close();
  }

  /// Pairs that every search remembers.
  public static final int HISTORY = 10;

  private final Function<CovarianceFunction, Likelihoods> device;

  /// @param device opens what evaluates a covariance function's likelihoods
  public HyperparameterFit(Function<CovarianceFunction, Likelihoods> device) {
    this.device = device;
  }

  /// The search of every engine.
  public static LbfgsB search(int maxEvaluations) {
    return new LbfgsB(HISTORY, maxEvaluations, 1e-3, 1e-6);
  }

  /// One fit for each task.
  public List<GpSession.Fit> fit(List<GpSession.FitTask> tasks) {
    var batches = FitBatch.of(tasks);
    return FitBatch.best(batches, batches.stream().map(this::ends).toList());
  }

  private FitBatch.Ends ends(FitBatch batch) {
    var prior = batch.prior();
    int p = prior.size();
    var columns = batch.outputs();
    var evaluations = new int[batch.size()];
    try (var likelihood = device.apply(batch.covariance())) {
      BatchObjective descent =
          (points, which, count, values, gradients) -> {
            var outputs = new int[count];
            for (int r = 0; r < count; r++) {
              outputs[r] = columns[which[r]];
              evaluations[which[r]]++;
            }
            likelihood.evaluate(outputs, points, values, gradients);
            for (int r = 0; r < count; r++) {
              var theta = Arrays.copyOfRange(points, r * p, (r + 1) * p);
              values[r] = -(values[r] + prior.logDensity(theta, gradients, r * p));
              for (int i = r * p; i < (r + 1) * p; i++) {
                gradients[i] = -gradients[i];
              }
            }
          };
      var result =
          search(batch.maxEvaluations())
              .minimise(descent, batch.starts(), prior.low(), prior.high());
      var logPosteriors = Arrays.stream(result.values()).map(value -> -value).toArray();
      return new FitBatch.Ends(result.points(), logPosteriors, evaluations);
    }
  }
}

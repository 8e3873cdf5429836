package dev.assay.engine;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.Hyperprior;
import dev.assay.linalg.BatchObjective;
import dev.assay.linalg.LbfgsB;
import java.util.ArrayList;
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

  private final Function<CovarianceFunction, Likelihoods> device;

  /// @param device opens what evaluates a covariance function's likelihoods
  public HyperparameterFit(Function<CovarianceFunction, Likelihoods> device) {
    this.device = device;
  }

  /// What tasks must agree in to move in step.
  private record Kind(CovarianceFunction covariance, int maxEvaluations, Hyperprior prior) {
    boolean holds(GpSession.FitTask task) {
      return covariance.equals(task.covariance())
          && maxEvaluations == task.maxEvaluations()
          && prior.priors().equals(task.prior().priors())
          && Arrays.equals(prior.low(), task.prior().low())
          && Arrays.equals(prior.high(), task.prior().high());
    }
  }

  /// One fit for each task.
  public List<GpSession.Fit> fit(List<GpSession.FitTask> tasks) {
    var fits = new GpSession.Fit[tasks.size()];
    for (int first = 0; first < fits.length; first++) {
      if (fits[first] != null) {
        continue;
      }
      var leader = tasks.get(first);
      var kind = new Kind(leader.covariance(), leader.maxEvaluations(), leader.prior());
      var members = new ArrayList<Integer>();
      for (int k = first; k < fits.length; k++) {
        if (kind.holds(tasks.get(k))) {
          members.add(k);
        }
      }
      fitTogether(kind, tasks, members, fits);
    }
    return List.of(fits);
  }

  private void fitTogether(
      Kind kind, List<GpSession.FitTask> tasks, List<Integer> members, GpSession.Fit[] fits) {
    int p = kind.prior().size();
    var owners = new ArrayList<Integer>(); // the task of each start
    var starts = new double[0];
    for (int k : members) {
      var own = tasks.get(k).starts();
      int at = starts.length;
      starts = Arrays.copyOf(starts, at + own.length);
      System.arraycopy(own, 0, starts, at, own.length);
      for (int r = 0; r < own.length / p; r++) {
        owners.add(k);
      }
    }
    var evaluations = new int[tasks.size()];
    LbfgsB.Result result;
    try (var likelihood = device.apply(kind.covariance())) {
      BatchObjective descent =
          (points, which, count, values, gradients) -> {
            var outputs = new int[count];
            for (int r = 0; r < count; r++) {
              int owner = owners.get(which[r]);
              outputs[r] = tasks.get(owner).output();
              evaluations[owner]++;
            }
            likelihood.evaluate(outputs, points, values, gradients);
            for (int r = 0; r < count; r++) {
              var theta = Arrays.copyOfRange(points, r * p, (r + 1) * p);
              values[r] = -(values[r] + kind.prior().logDensity(theta, gradients, r * p));
              for (int i = r * p; i < (r + 1) * p; i++) {
                gradients[i] = -gradients[i];
              }
            }
          };
      result =
          new LbfgsB(10, kind.maxEvaluations(), 1e-3, 1e-6)
              .minimise(descent, starts, kind.prior().low(), kind.prior().high());
    }
    for (int k : members) {
      fits[k] = best(result, owners, k, p, tasks.get(k).prior(), evaluations[k]);
    }
  }

  private static GpSession.Fit best(
      LbfgsB.Result result,
      List<Integer> owners,
      int task,
      int p,
      Hyperprior prior,
      int evaluations) {
    int best = -1;
    var values = result.values();
    for (int r = 0; r < values.length; r++) {
      if (owners.get(r) == task
          && Double.isFinite(values[r])
          && (best < 0 || values[r] < values[best])) {
        best = r;
      }
    }
    return best < 0
        ? new GpSession.Fit(prior.start().clone(), Double.NEGATIVE_INFINITY, evaluations)
        : new GpSession.Fit(
            Arrays.copyOfRange(result.points(), best * p, (best + 1) * p),
            -values[best],
            evaluations);
  }
}

package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.GpSession.Fit;
import dev.assay.internal.engine.GpSession.FitTask;
import dev.assay.internal.engine.HyperparameterFit;
import dev.assay.internal.linalg.BatchObjective;
import dev.assay.internal.linalg.LbfgsB;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Fits of hyperparameters to one set of observations. Searches know nothing of each other, so
/// those of many observations run side by side, on all cores, and end where they would one after
/// the other.
record LikelihoodFits(Observations data, boolean[] categorical) {
  /// Observations from which on a likelihood takes longer than to hand it to another thread.
  private static final int SIDE_BY_SIDE = 200;

  /// One fit for each task.
  List<Fit> fit(List<FitTask> tasks) {
    return data.size() >= SIDE_BY_SIDE && tasks.stream().allMatch(t -> isOurs(t.covariance()))
        ? sideBySide(tasks)
        : tasks.stream().map(task -> fit(task, search(task, task.starts()))).toList();
  }

  /// Functions of others may not be made for many threads.
  private static boolean isOurs(CovarianceFunction covariance) {
    return switch (covariance) {
      case CovarianceFunction.Sum(var parts) -> parts.stream().allMatch(LikelihoodFits::isOurs);
      case CovarianceFunction.Product(var parts) -> parts.stream().allMatch(LikelihoodFits::isOurs);
      case CovarianceFunction.BuiltIn _ -> true;
      case CovarianceFunction _ -> false;
    };
  }

  /// A search from one start of a task.
  private record Part(FitTask task, double[] start) {}

  private List<Fit> sideBySide(List<FitTask> tasks) {
    var parts = new ArrayList<Part>();
    for (var task : tasks) {
      int p = task.prior().size();
      for (int at = 0; at < task.starts().length; at += p) {
        parts.add(new Part(task, Arrays.copyOfRange(task.starts(), at, at + p)));
      }
    }
    var results = new LbfgsB.Result[parts.size()];
    IntStream.range(0, results.length)
        .parallel()
        .forEach(i -> results[i] = search(parts.get(i).task, parts.get(i).start));
    var fits = new ArrayList<Fit>();
    for (int from = 0, next = 0; next < tasks.size(); next++) {
      var task = tasks.get(next);
      int count = task.starts().length / task.prior().size();
      fits.add(fit(task, joined(Arrays.asList(results).subList(from, from + count))));
      from += count;
    }
    return fits;
  }

  private static LbfgsB.Result joined(List<LbfgsB.Result> results) {
    return new LbfgsB.Result(
        results.stream().flatMapToDouble(r -> Arrays.stream(r.points())).toArray(),
        results.stream().flatMapToDouble(r -> Arrays.stream(r.values())).toArray(),
        results.stream().mapToInt(LbfgsB.Result::evaluations).sum());
  }

  private LbfgsB.Result search(FitTask task, double[] starts) {
    var prior = task.prior();
    var evaluator = new LikelihoodEvaluator(data, task.covariance(), categorical);
    int p = evaluator.size();
    var theta = new double[p];
    BatchObjective descent =
        (points, _, count, values, gradients) -> {
          for (int r = 0; r < count; r++) {
            System.arraycopy(points, r * p, theta, 0, p);
            double value = evaluator.evaluate(task.output(), theta, gradients, r * p);
            synchronized (data) { // a prior may be somebody's too
              values[r] = -(value + prior.logDensity(theta, gradients, r * p));
            }
            for (int i = r * p; i < (r + 1) * p; i++) {
              gradients[i] = -gradients[i];
            }
          }
        };
    return HyperparameterFit.search(task.maxEvaluations())
        .minimise(descent, starts, prior.low(), prior.high());
  }

  private static Fit fit(FitTask task, LbfgsB.Result result) {
    int p = task.prior().size();
    int best = result.best();
    return best < 0
        ? new Fit(task.prior().start().clone(), Double.NEGATIVE_INFINITY, result.evaluations())
        : new Fit(
            Arrays.copyOfRange(result.points(), best * p, (best + 1) * p),
            -result.values()[best],
            result.evaluations());
  }
}

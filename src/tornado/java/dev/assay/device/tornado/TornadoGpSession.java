package dev.assay.device.tornado;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.AcquisitionMaximiser;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.HyperparameterFit;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.linalg.DenseAlgebra;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operations of the port on a device. Predictions, likelihoods and all gradients are the
/// device's; acquisition functions of a prediction and the steps of searches are the host's.
final class TornadoGpSession implements GpSession {
  /// Below this share of the prior variance a posterior variance is rounding error.
  private static final double SMALLEST_VARIANCE = 1e-16;

  private final Accelerator accelerator;
  private final Box box;
  private final int d;
  private final Observations data;
  private @Nullable ConditionedModels models;

  TornadoGpSession(Accelerator accelerator, Box box) {
    this.accelerator = accelerator;
    this.box = box;
    d = box.dimension();
    data = new Observations(box.categorical());
  }

  @Override
  public void observe(double[] points, double[][] outputs) {
    data.set(points, outputs);
    forget();
  }

  private void forget() {
    var old = models;
    models = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void relabel(double[][] outputs) {
    data.relabel(outputs);
    if (models != null) {
      models.relabel();
    }
  }

  @Override
  public void append(double[] point, double[] values) {
    data.append(point, values);
    if (models != null) {
      models.extend();
    }
  }

  @Override
  public void logLikelihood(
      CovarianceFunction covariance,
      int output,
      double[] thetas,
      double[] values,
      double[] gradients) {
    data.requireOutput(output);
    var outputs = new int[values.length];
    Arrays.fill(outputs, output);
    try (var likelihoods = new BorrowedLikelihoods(covariance)) {
      likelihoods.evaluate(outputs, thetas, values, gradients);
    }
  }

  /// Graphs for one covariance function, given back when closed.
  private final class BorrowedLikelihoods implements HyperparameterFit.Likelihoods {
    private final CovarianceProgram program;
    private final LikelihoodGraphs graphs;

    BorrowedLikelihoods(CovarianceFunction covariance) {
      program = new CovarianceProgram(covariance, d);
      graphs =
          accelerator.take(
              LikelihoodGraphs.class,
              ShapeClass.ofLikelihoods(data.size(), d, program.size(), data.outputs()),
              LikelihoodGraphs::new);
    }

    @Override
    public void evaluate(int[] outputs, double[] thetas, double[] values, double[] gradients) {
      graphs.evaluate(data, program, outputs, thetas, values, gradients);
    }

    @Override
    public void close() {
      accelerator.giveBack(graphs);
    }
  }

  @Override
  public List<Fit> fit(List<FitTask> tasks) {
    tasks.forEach(task -> data.requireOutput(task.output()));
    return new HyperparameterFit(BorrowedLikelihoods::new).fit(tasks);
  }

  @Override
  public void condition(List<Model> newModels) {
    forget();
    newModels.forEach(model -> data.requireOutput(model.output()));
    models = new ConditionedModels(accelerator, data, newModels);
  }

  private ConditionedModels conditioned() {
    var those = models;
    if (those == null) {
      throw new IllegalStateException("no model was conditioned");
    }
    return those;
  }

  @Override
  public void predict(int model, double[] points, double[] means, double[] variances) {
    if (means.length == 0) {
      return;
    }
    var those = conditioned();
    those.requireModel(model);
    for (int from = 0; from < means.length; from += those.most()) {
      int m = Math.min(those.most(), means.length - from);
      those.predict(points, from, m);
      for (int t = 0; t < m; t++) {
        means[from + t] = those.mean(model, t);
        variances[from + t] = those.variance(model, t);
      }
    }
  }

  @Override
  public void acquisition(AcquisitionFunction function, double[] points, double[] values) {
    evaluate(function, points, values, null);
  }

  @Override
  public void acquisition(
      AcquisitionFunction function, double[] points, double[] values, double[] gradients) {
    evaluate(function, points, values, gradients);
  }

  private void evaluate(
      AcquisitionFunction function,
      double[] points,
      double[] values,
      double @Nullable [] gradients) {
    int total = points.length / d;
    if (total == 0) {
      return;
    }
    var those = conditioned();
    var mean = new double[those.count()];
    var sd = new double[those.count()];
    for (int from = 0; from < total; from += those.most()) {
      int m = Math.min(those.most(), total - from);
      those.predict(points, from, m);
      for (int t = 0; t < m; t++) {
        for (int k = 0; k < mean.length; k++) {
          mean[k] = those.mean(k, t);
          sd[k] = Math.sqrt(Math.max(those.variance(k, t), SMALLEST_VARIANCE));
        }
        values[from + t] =
            gradients == null
                ? function.value(mean, sd)
                : differentiate(function, those, mean, sd, t);
      }
      if (gradients != null) {
        those.derive(gradients, from, m);
      }
    }
  }

  private static double differentiate(
      AcquisitionFunction function, ConditionedModels those, double[] mean, double[] sd, int t) {
    var dMean = new double[mean.length];
    var dSd = new double[mean.length];
    double value = function.differentiate(mean, sd, 1, dMean, dSd);
    for (int k = 0; k < sd.length; k++) { // ∂/∂s to ∂/∂s²
      dSd[k] = those.variance(k, t) > SMALLEST_VARIANCE ? dSd[k] / (2 * sd[k]) : 0;
    }
    those.weigh(t, dMean, dSd);
    return value;
  }

  @Override
  public Candidate maximise(AcquisitionFunction function, MaximiserPlan plan, CandidateRule rule) {
    return new AcquisitionMaximiser(this, box, function, plan, rule).maximise();
  }

  @Override
  public double[] sample(int model, double[] points, int count, long seed) {
    int m = points.length / d;
    var those = conditioned();
    those.requireModel(model);
    those.provide(m);
    those.predict(points, 0, m);
    var mean = new double[m];
    for (int t = 0; t < m; t++) {
      mean[t] = those.mean(model, t);
    }
    var root = root(those.joint(model, m), m);
    var random = new Philox(seed, Purpose.ACQUISITION.ordinal());
    var draws = new double[count * m];
    var normal = new double[m];
    for (int s = 0; s < count; s++) {
      for (int i = 0; i < m; i++) {
        normal[i] = random.nextGaussian();
        double sum = mean[i];
        for (int k = 0; k <= i; k++) {
          sum += root[i * m + k] * normal[k];
        }
        draws[s * m + i] = sum;
      }
    }
    return draws;
  }

  /// A lower Cholesky factor, with as much jitter as it takes: posterior covariances are nearly
  /// singular.
  private static double[] root(double[] covariance, int m) {
    double scale = 1e-12;
    for (int i = 0; i < m; i++) {
      scale = Math.max(scale, covariance[i * m + i]);
    }
    for (double jitter = 1e-12; ; jitter *= 10) {
      var l = covariance.clone();
      for (int i = 0; i < m; i++) {
        l[i * m + i] += jitter * scale;
      }
      if (DenseAlgebra.best().cholesky(l, m, m) == 0) {
        return l;
      }
      if (jitter > 1) {
        throw new ArithmeticException("posterior covariance not positive definite");
      }
    }
  }

  @Override
  public void close() {
    forget();
  }
}

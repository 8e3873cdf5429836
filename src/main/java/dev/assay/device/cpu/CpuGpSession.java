package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.AcquisitionMaximiser;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.linalg.DenseAlgebra;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operations of the port on the processor.
final class CpuGpSession implements GpSession {
  /// Below this share of the prior variance a posterior variance is rounding error.
  private static final double SMALLEST_VARIANCE = 1e-16;

  private final Box box;
  private final int d;
  private final boolean[] categorical;
  private final Observations data;
  private List<Model> models = List.of();
  private List<Conditioned> groups = List.of();
  private double[][] means = {};
  private double[][] variances = {};
  private double[][] dMeans = {};
  private double[][] dVariances = {};
  private double[] sd = {};

  CpuGpSession(Box box) {
    this.box = box;
    d = box.dimension();
    categorical = box.categorical();
    data = new Observations(d);
  }

  @Override
  public void observe(double[] points, double[][] outputs) {
    data.set(points, outputs);
    models = List.of();
    groups = List.of();
  }

  @Override
  public void append(double[] point, double[] values) {
    data.append(point, values);
    for (var group : groups) {
      group.extend();
    }
  }

  @Override
  public void relabel(double[][] outputs) {
    data.relabel(outputs);
    groups.forEach(Conditioned::solveForAlpha);
  }

  @Override
  public void logLikelihood(
      CovarianceFunction covariance,
      int output,
      double[] thetas,
      double[] values,
      double[] gradients) {
    var evaluator = new LikelihoodEvaluator(data, covariance, categorical);
    int p = evaluator.size();
    for (int r = 0; r < values.length; r++) {
      var theta = Arrays.copyOfRange(thetas, r * p, (r + 1) * p);
      values[r] = evaluator.evaluate(output, theta, gradients, r * p);
    }
  }

  @Override
  public List<Fit> fit(List<FitTask> tasks) {
    return new LikelihoodFits(data, categorical).fit(tasks);
  }

  @Override
  public void condition(List<Model> newModels) {
    models = List.copyOf(newModels);
    var leaders = new ArrayList<Integer>();
    var members = new ArrayList<List<Integer>>();
    for (int k = 0; k < models.size(); k++) {
      int group = 0;
      while (group < leaders.size()
          && !shareFactor(models.get(leaders.get(group)), models.get(k))) {
        group++;
      }
      if (group == leaders.size()) {
        leaders.add(k);
        members.add(new ArrayList<>());
      }
      members.get(group).add(k);
    }
    var built = new ArrayList<Conditioned>();
    for (var member : members) {
      var numbers = member.stream().mapToInt(Integer::intValue).toArray();
      built.add(new Conditioned(data, categorical, models, numbers));
    }
    groups = built;
    int count = models.size();
    means = new double[Conditioned.TILE][count];
    variances = new double[Conditioned.TILE][count];
    dMeans = new double[Conditioned.TILE][count];
    dVariances = new double[Conditioned.TILE][count];
    sd = new double[count];
  }

  private static boolean shareFactor(Model a, Model b) {
    return a.covariance().equals(b.covariance()) && Arrays.equals(a.theta(), b.theta());
  }

  @Override
  public void predict(int model, double[] points, double[] outMeans, double[] outVariances) {
    for (int from = 0; from < outMeans.length; from += Conditioned.TILE) {
      int count = Math.min(Conditioned.TILE, outMeans.length - from);
      for (var group : groups) {
        group.predict(points, from, count, means, variances);
      }
      for (int t = 0; t < count; t++) {
        outMeans[from + t] = means[t][model];
        outVariances[from + t] = variances[t][model];
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
    int m = points.length / d;
    for (int from = 0; from < m; from += Conditioned.TILE) {
      int count = Math.min(Conditioned.TILE, m - from);
      for (var group : groups) {
        group.predict(points, from, count, means, variances);
      }
      for (int t = 0; t < count; t++) {
        for (int k = 0; k < sd.length; k++) {
          sd[k] = Math.sqrt(Math.max(variances[t][k], SMALLEST_VARIANCE));
        }
        if (gradients == null) {
          values[from + t] = function.value(means[t], sd);
        } else {
          values[from + t] = differentiate(function, t);
        }
      }
      if (gradients != null) {
        Arrays.fill(gradients, from * d, (from + count) * d, 0);
        for (var group : groups) {
          group.addPointGradients(points, from, count, dMeans, dVariances, gradients);
        }
      }
    }
  }

  private double differentiate(AcquisitionFunction function, int t) {
    Arrays.fill(dMeans[t], 0);
    Arrays.fill(dVariances[t], 0);
    double value = function.differentiate(means[t], sd, 1, dMeans[t], dVariances[t]);
    for (int k = 0; k < sd.length; k++) { // ∂/∂s to ∂/∂s²
      dVariances[t][k] = variances[t][k] > SMALLEST_VARIANCE ? dVariances[t][k] / (2 * sd[k]) : 0;
    }
    return value;
  }

  @Override
  public Candidate maximise(AcquisitionFunction function, MaximiserPlan plan, CandidateRule rule) {
    return new AcquisitionMaximiser(this, box, function, plan, rule).maximise();
  }

  @Override
  public double[] sample(int model, double[] points, int count, long seed) {
    int m = points.length / d;
    var mean = new double[m];
    predict(model, points, mean, new double[m]);
    var covariance = group(model).jointCovariance(points, m);
    var root = root(covariance, m);
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

  private Conditioned group(int model) {
    for (var group : groups) {
      if (group.has(model)) {
        return group;
      }
    }
    throw new IllegalArgumentException("no model " + model);
  }

  /// A lower Cholesky factor, with as much jitter as it takes: posterior covariances are nearly
  /// singular.
  private static double[] root(double[] covariance, int m) {
    double scale = 0;
    for (int i = 0; i < m; i++) {
      scale = Math.max(scale, covariance[i * m + i]);
    }
    for (double jitter = 1e-12; ; jitter *= 10) {
      var l = covariance.clone();
      for (int i = 0; i < m; i++) {
        l[i * m + i] += jitter * Math.max(scale, 1e-12);
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
    groups = List.of();
  }
}

package dev.assay.device.cuda;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.AcquisitionMaximiser;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.HyperparameterFit;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operations of the port on a device.
final class CudaGpSession implements GpSession {
  private final Box box;
  private final int d;
  private final CudaStream stream;
  private final DeviceMemory.Arena arena; // of the whole session
  private final DeviceObservations data;
  private DeviceMemory.Arena conditioned; // of the models
  private List<Model> models = List.of();
  private List<ConditionedGroup> groups = List.of();
  private boolean closed;

  CudaGpSession(CudaDevice device, Box box) {
    this.box = box;
    d = box.dimension();
    stream = device.stream();
    arena = device.memory().arena();
    conditioned = device.memory().arena();
    try {
      data = new DeviceObservations(stream, arena, box.categorical());
    } catch (RuntimeException e) {
      arena.close();
      stream.close();
      throw e;
    }
  }

  @Override
  public void observe(double[] points, double[][] outputs) {
    data.set(points, outputs);
    forget();
  }

  private void forget() {
    stream.settle();
    models = List.of();
    groups = List.of();
    conditioned.close();
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
    groups.forEach(ConditionedGroup::solveForAlpha);
  }

  @Override
  public void logLikelihood(
      CovarianceFunction covariance,
      int output,
      double[] thetas,
      double[] values,
      double[] gradients) {
    data.requireOutput(output);
    try (var likelihood = new DeviceLikelihood(stream, data, covariance)) {
      var outputs = new int[values.length];
      Arrays.fill(outputs, output);
      likelihood.evaluate(outputs, thetas, values, gradients);
    }
  }

  @Override
  public List<Fit> fit(List<FitTask> tasks) {
    tasks.forEach(task -> data.requireOutput(task.output()));
    return data.size() <= DeviceFit.most(stream.device().sharedBytes())
        ? new DeviceFit(stream, data).fit(tasks)
        : new HyperparameterFit(covariance -> new DeviceLikelihood(stream, data, covariance))
            .fit(tasks);
  }

  @Override
  public void condition(List<Model> newModels) {
    forget();
    var leaders = new ArrayList<Integer>();
    var members = new ArrayList<List<Integer>>();
    for (int k = 0; k < newModels.size(); k++) {
      int group = 0;
      while (group < leaders.size()
          && !shareFactor(newModels.get(leaders.get(group)), newModels.get(k))) {
        group++;
      }
      if (group == leaders.size()) {
        leaders.add(k);
        members.add(new ArrayList<>());
      }
      members.get(group).add(k);
    }
    models = List.copyOf(newModels);
    var built = new ArrayList<ConditionedGroup>();
    for (var member : members) {
      var numbers = member.stream().mapToInt(Integer::intValue).toArray();
      built.add(new ConditionedGroup(stream, data, conditioned, models, numbers));
    }
    groups = built;
  }

  private static boolean shareFactor(Model a, Model b) {
    return a.covariance().equals(b.covariance()) && Arrays.equals(a.theta(), b.theta());
  }

  private ConditionedGroup group(int model) {
    for (var group : groups) {
      if (group.has(model)) {
        return group;
      }
    }
    throw new IllegalArgumentException("no model " + model);
  }

  @Override
  public void predict(int model, double[] points, double[] means, double[] variances) {
    var group = group(model);
    try (var batch =
        new PointBatch(stream, d, models.size(), together(means.length), group.workspace())) {
      for (int from = 0; from < means.length; from += batch.capacity()) {
        int m = Math.min(batch.capacity(), means.length - from);
        stream.upload(points, from * d, m * d, batch.points());
        group.predict(
            batch.points(), m, Running.ALL, batch.workspace(), batch.means(), batch.variances());
        stream.download(batch.means().from((long) model * m), means, from, m);
        stream.download(batch.variances().from((long) model * m), variances, from, m);
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

  /// Points of one launch.
  private int together(int points) {
    return Math.min(points, stream.device().limit().points(data.size()));
  }

  private void evaluate(
      AcquisitionFunction function,
      double[] points,
      double[] values,
      double @Nullable [] gradients) {
    int total = points.length / d;
    int workspace = groups.stream().mapToInt(ConditionedGroup::workspace).sum();
    try (var batch = new PointBatch(stream, d, models.size(), together(total), workspace);
        var evaluation = new DeviceAcquisition(stream, groups, models.size(), d, function)) {
      for (int from = 0; from < total; from += batch.capacity()) {
        int m = Math.min(batch.capacity(), total - from);
        stream.upload(points, from * d, m * d, batch.points());
        evaluation.enqueue(batch, m, Running.ALL, gradients != null);
        stream.download(batch.values(), values, from, m);
        if (gradients != null) {
          stream.download(batch.gradients(), gradients, from * d, m * d);
        }
      }
    }
  }

  @Override
  public List<Candidate> screen(AcquisitionFunction function, CandidateNet net, int keep) {
    return new DeviceScreening(stream, data, groups, models.size(), function).best(net, keep);
  }

  @Override
  public Candidate maximise(AcquisitionFunction function, MaximiserPlan plan, CandidateRule rule) {
    var ascent =
        new DeviceAscent(stream, data, groups, models.size(), d, function, plan.maxEvaluations());
    return new AcquisitionMaximiser(this, ascent, box, function, plan, rule).maximise();
  }

  @Override
  public double[] sample(int model, double[] points, int count, long seed) {
    int m = points.length / d;
    var mean = new double[m];
    var variance = new double[m];
    predict(model, points, mean, variance);
    double largest = Arrays.stream(variance).max().orElse(0);
    var root = group(model).jointRoot(points, m, largest);
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

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      forget();
      arena.close();
      stream.close();
    }
  }
}

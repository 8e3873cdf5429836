package dev.assay.device.cuda;

import dev.assay.internal.engine.GpSession;
import java.util.Arrays;
import java.util.List;

/// Models that share covariance and hyperparameters, and so one factor on the device: they differ
/// in their outputs only.
final class ConditionedGroup {
  /// Bytes of a row of the table that [#describe] writes.
  static final int DESCRIPTION = 56;

  private final CudaStream stream;
  private final DeviceObservations data;
  private final DeviceMemory.Arena arena;
  private final ConditionedFactor factor;
  private final int d;
  private final int[] models;
  private final DeviceArray numbers; // of the models in the session
  private final DeviceArray columns; // of their outputs
  private DeviceArray alpha = DeviceArray.NULL; // then as much workspace twice
  private int lead; // leading dimension of alpha

  ConditionedGroup(
      CudaStream stream,
      DeviceObservations data,
      DeviceMemory.Arena arena,
      List<GpSession.Model> all,
      int[] models) {
    this.stream = stream;
    this.data = data;
    this.arena = arena;
    this.models = models;
    d = data.dimension();
    var outputs = Arrays.stream(models).map(k -> all.get(k).output()).toArray();
    Arrays.stream(outputs).forEach(data::requireOutput);
    numbers = stream.place(models, arena);
    columns = stream.place(outputs, arena);
    factor = new ConditionedFactor(stream, data, arena, all.get(models[0]));
    solveForAlpha();
  }

  boolean has(int model) {
    return Arrays.stream(models).anyMatch(k -> k == model);
  }

  /// α = K⁻¹(y - m) of every model, in O(n²).
  void solveForAlpha() {
    long size = (long) models.length * factor.lead();
    if (factor.lead() != lead) {
      stream.synchronise();
      arena.free(alpha);
      lead = factor.lead();
      alpha = arena.doubles(3 * size);
    }
    int n = factor.n();
    stream.launch(
        "residuals",
        DeviceFactor.blocks(n, 256),
        models.length,
        1,
        0,
        data.y(),
        data.stride(),
        columns,
        factor.natural().from(factor.p() - 1),
        0,
        n,
        alpha,
        lead);
    var half = alpha.from(size);
    var off = alpha.from(2 * size);
    var rows = FactorProducts.Rows.of(models.length, lead);
    factor.products().solve(false, rows, alpha, half, off);
    factor.products().solve(true, rows, half, alpha, off);
  }

  /// After an observation was added to the data, in O(n²).
  void extend() {
    factor.extend();
    solveForAlpha();
  }

  /// @see ConditionedFactor#jointRoot
  double[] jointRoot(double[] points, int m, double largestVariance) {
    return factor.jointRoot(points, m, largestVariance);
  }

  /// Writes row `index` of the table of groups that `ascent.cu` reads.
  void describe(DeviceArray table, int index) {
    stream.launch(
        "ascent_group",
        1,
        1,
        1,
        0,
        table,
        index,
        factor.program(),
        factor.natural(),
        factor.square(),
        alpha,
        numbers,
        lead,
        models.length,
        factor.p());
  }

  /// What bounds its posterior from some of the observations.
  PosteriorBound bound(DeviceMemory.Arena own) {
    var group =
        new PosteriorBound.Group(
            factor.program(),
            factor.p(),
            factor.natural(),
            alpha,
            lead,
            models.length,
            numbers,
            factor.n(),
            factor.jitter(),
            factor.structure().leaves(),
            factor.structure().steepest(factor.theta()),
            factor.slack());
    return new PosteriorBound(stream, own, data, group);
  }

  /// Numbers of device memory that a point needs while it is predicted.
  int workspace() {
    return 2 * DeviceFactor.lead(factor.n());
  }

  /// Means and variances of the group's models at m points.
  ///
  /// @param points m × d
  /// @param running which of the points need an answer
  /// @param rows workspace of m × [#workspace] numbers, kept for the gradients
  /// @param means out: m numbers for each of the session's models
  /// @param variances out: likewise
  void predict(
      DeviceArray points,
      int m,
      Running running,
      DeviceArray rows,
      DeviceArray means,
      DeviceArray variances) {
    int n = factor.n();
    long size = (long) m * DeviceFactor.lead(n);
    var half = rows.from(size);
    factor.cross(points, m, running, rows);
    multiplyByInverse(false, m, running, rows, half);
    stream.launch(
        "posterior",
        DeviceFactor.blocks(m, 8),
        1,
        1,
        0,
        factor.program(),
        d,
        factor.p(),
        factor.natural(),
        n,
        alpha,
        lead,
        models.length,
        numbers,
        m,
        running.list(),
        running.count(),
        rows,
        half,
        means,
        variances);
  }

  private void multiplyByInverse(
      boolean transposed, int m, Running running, DeviceArray from, DeviceArray to) {
    var rows = new FactorProducts.Rows(m, running.count(), DeviceFactor.lead(factor.n()), 0L);
    factor.products().multiplyByInverse(transposed, rows, from, to);
  }

  /// Adds the derivatives in the points, after [#predict] of the same points.
  ///
  /// @param dMeans the acquisition's derivative in each mean: m for each of the session's models
  /// @param dVariances likewise in each variance
  /// @param gradients out: m × d
  void addPointGradients(
      DeviceArray points,
      int m,
      Running running,
      DeviceArray rows,
      DeviceArray dMeans,
      DeviceArray dVariances,
      DeviceArray gradients) {
    int n = factor.n();
    long size = (long) m * DeviceFactor.lead(n);
    multiplyByInverse(true, m, running, rows.from(size), rows);
    stream.launch(
        "posterior_gradient",
        m,
        1,
        1,
        DeviceFactor.GRADIENT_SHARED,
        factor.program(),
        d,
        data.categorical(),
        factor.natural(),
        data.x(),
        data.stride(),
        n,
        alpha,
        lead,
        models.length,
        numbers,
        points,
        m,
        running.list(),
        running.count(),
        rows,
        dMeans,
        dVariances,
        gradients);
  }
}

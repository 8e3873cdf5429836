package dev.assay.device.cuda;

import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.GpSession;
import java.util.Arrays;
import java.util.List;

/// Models that share covariance and hyperparameters, and so one factor on the device: they differ
/// in their outputs only.
final class ConditionedGroup {
  private static final int JITTER_RETRIES = 5;

  /// Bytes of a row of the table that [#describe] writes.
  static final int DESCRIPTION = 56;

  private final CudaStream stream;
  private final DeviceObservations data;
  private final DeviceMemory.Arena arena;
  private final CovarianceProgram structure;
  private final double[] theta;
  private final int p;
  private final int d;
  private final int[] models;
  private final DeviceArray program;
  private final DeviceArray natural;
  private final DeviceArray numbers; // of the models in the session
  private final DeviceArray columns; // of their outputs
  private final DeviceArray info;
  private DeviceArray factor = DeviceArray.NULL;
  private DeviceArray alpha = DeviceArray.NULL;
  private int lead; // leading dimension of the factor and of alpha
  private int n;
  private double jitter;
  private final double diagonal; // k(x, x)

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
    var first = all.get(models[0]);
    d = data.dimension();
    structure = new CovarianceProgram(first.covariance(), d);
    p = structure.size();
    theta = first.theta().clone();
    var origin = new double[d];
    diagonal = first.covariance().value(origin, origin, new boolean[d], theta, 0);
    program = stream.place(structure.words(), arena);
    natural = arena.doubles(p);
    info = arena.ints(1);
    var outputs = Arrays.stream(models).map(k -> all.get(k).output()).toArray();
    Arrays.stream(outputs).forEach(data::requireOutput);
    numbers = stream.place(models, arena);
    columns = stream.place(outputs, arena);
    var uploaded = stream.place(theta, arena);
    stream.launch(
        "hyperparameters",
        DeviceFactor.blocks(p, 256),
        1,
        1,
        0,
        program,
        d,
        p,
        1,
        uploaded,
        natural);
    factorise();
  }

  boolean has(int model) {
    return Arrays.stream(models).anyMatch(k -> k == model);
  }

  private void factorise() {
    n = data.size();
    if (n > lead) {
      stream.synchronise();
      arena.free(factor);
      arena.free(alpha);
      lead = Math.max(16, n + n / 8);
      factor = arena.doubles((long) lead * lead);
      alpha = arena.doubles((long) models.length * lead);
    }
    var diagonals = arena.doubles(32 * 32);
    var failed = new int[1];
    jitter = 0;
    for (int attempt = 0; ; attempt++) {
      covariance(data.x(), data.stride(), n, jitter, true, factor, lead);
      DeviceFactor.cholesky(stream, factor, lead, (long) lead * lead, n, 1, diagonals, info);
      stream.download(info, failed);
      if (failed[0] == 0) {
        break;
      }
      if (attempt == JITTER_RETRIES) {
        throw new ArithmeticException(
            "covariance not positive definite at θ = " + Arrays.toString(theta));
      }
      jitter = 1e-10 * Math.pow(10, attempt) * diagonal;
    }
    arena.free(diagonals);
    solveForAlpha();
  }

  private void covariance(
      DeviceArray x,
      int stride,
      int count,
      double extra,
      boolean noisy,
      DeviceArray to,
      int leadTo) {
    DeviceFactor.covariance(
        stream,
        program,
        d,
        p,
        data.categorical(),
        natural,
        x,
        stride,
        count,
        noisy,
        extra,
        to,
        leadTo,
        0L,
        1);
  }

  /// α = K⁻¹(y - m) of every model, in O(n²).
  void solveForAlpha() {
    stream.launch(
        "residuals",
        DeviceFactor.blocks(n, 256),
        models.length,
        1,
        0,
        data.y(),
        data.stride(),
        columns,
        natural.from(p - 1),
        0,
        n,
        alpha,
        lead);
    for (boolean transposed : new boolean[] {false, true}) {
      DeviceFactor.solve(
          stream, transposed, factor, lead, 0L, n, 1, alpha, lead, 0L, models.length, info);
    }
  }

  /// One more row of L, in O(n²), after an observation was added to the data.
  void extend() {
    int old = n;
    if (old + 1 > lead || old == 0) {
      factorise();
      return;
    }
    var row = arena.doubles(old);
    // Column `old` of X is the new point, its coordinates at the stride of X.
    stream.launch(
        "covariance_row",
        DeviceFactor.blocks(old, 256),
        1,
        1,
        0,
        program,
        d,
        data.categorical(),
        natural,
        data.x(),
        data.stride(),
        old,
        row);
    DeviceFactor.solve(stream, false, factor, lead, 0L, old, 1, row, old, 0L, 1, info);
    stream.launch(
        "append_row",
        1,
        1,
        1,
        8 * 32,
        program,
        d,
        p,
        natural,
        jitter,
        row,
        factor,
        lead,
        old,
        info);
    var failed = new int[1];
    stream.download(info, failed);
    arena.free(row);
    if (failed[0] != 0) {
      factorise();
      return;
    }
    n = old + 1;
    solveForAlpha();
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
        program,
        natural,
        factor,
        alpha,
        numbers,
        lead,
        models.length,
        p);
  }

  /// What the factor's conditioning may cost a variance, relative to the prior variance.
  private double slack() {
    double condition = n * diagonal / (Math.exp(theta[p - 2]) + jitter);
    return Math.min(1, 1e-8 + 0x1p-53 * condition);
  }

  /// What bounds its posterior from some of the observations.
  PosteriorBound bound(DeviceMemory.Arena own) {
    var group =
        new PosteriorBound.Group(
            program,
            p,
            natural,
            alpha,
            lead,
            models.length,
            numbers,
            n,
            jitter,
            structure.leaves(),
            structure.steepest(theta),
            slack());
    return new PosteriorBound(stream, own, data, group);
  }

  /// Numbers of device memory that a point needs while it is predicted.
  int workspace() {
    return n;
  }

  /// Means and variances of the group's models at m points.
  ///
  /// @param points m × d
  /// @param skip m flags, or none: points that need no answer
  /// @param half workspace of m × [#workspace] numbers, kept for the gradients
  /// @param means out: m numbers for each of the session's models
  /// @param variances out: likewise
  void predict(
      DeviceArray points,
      int m,
      DeviceArray skip,
      DeviceArray half,
      DeviceArray means,
      DeviceArray variances) {
    stream.launch(
        "posterior",
        DeviceFactor.blocks(m, DeviceFactor.SIDES),
        1,
        1,
        DeviceFactor.SOLVE_SHARED,
        program,
        d,
        p,
        data.categorical(),
        natural,
        data.x(),
        data.stride(),
        n,
        factor,
        lead,
        alpha,
        lead,
        models.length,
        numbers,
        points,
        m,
        skip,
        half,
        means,
        variances);
  }

  /// Adds the derivatives in the points, after [#predict] of the same points.
  ///
  /// @param dMeans the acquisition's derivative in each mean: m for each of the session's models
  /// @param dVariances likewise in each variance
  /// @param gradients out: m × d
  void addPointGradients(
      DeviceArray points,
      int m,
      DeviceArray skip,
      DeviceArray half,
      DeviceArray dMeans,
      DeviceArray dVariances,
      DeviceArray gradients) {
    DeviceFactor.solve(stream, true, factor, lead, 0L, n, 1, half, n, 0L, m, info);
    stream.launch(
        "posterior_gradient",
        m,
        1,
        1,
        DeviceFactor.GRADIENT_SHARED,
        program,
        d,
        data.categorical(),
        natural,
        data.x(),
        data.stride(),
        n,
        alpha,
        lead,
        models.length,
        numbers,
        points,
        m,
        skip,
        half,
        dMeans,
        dVariances,
        gradients);
  }

  /// A lower Cholesky factor of the posterior covariance of m points, with as much jitter as it
  /// takes: posterior covariances are nearly singular. Row-major, m × m, on the host.
  ///
  /// @param points m × d, on the host
  double[] jointRoot(double[] points, int m, double largestVariance) {
    var own = stream.device().memory().arena();
    try (own) {
      var given = own.doubles(points.length);
      stream.upload(points, given);
      var x = own.doubles(points.length);
      stream.upload(DeviceObservations.byCoordinate(points, m, d, m), x);
      var cross = own.doubles(Math.max(1L, (long) m * n));
      stream.launch(
          "cross_covariance",
          DeviceFactor.blocks(n, 256),
          m,
          1,
          0,
          program,
          d,
          data.categorical(),
          natural,
          given,
          data.x(),
          data.stride(),
          n,
          cross,
          n);
      DeviceFactor.solve(stream, false, factor, lead, 0L, n, 1, cross, n, 0L, m, info);
      return jittered(own, x, cross, m, largestVariance);
    }
  }

  private double[] jittered(
      DeviceMemory.Arena own, DeviceArray x, DeviceArray cross, int m, double largestVariance) {
    var covariance = own.doubles((long) m * m);
    var diagonals = own.doubles(32 * 32);
    var flag = own.ints(1);
    var failed = new int[1];
    for (double share = 1e-12; ; share *= 10) {
      covariance(x, m, m, share * Math.max(largestVariance, 1e-12), false, covariance, m);
      if (n > 0) {
        DeviceFactor.multiply(stream, m, n, 1, -1, cross, false, 1, covariance, info);
      }
      DeviceFactor.cholesky(stream, covariance, m, (long) m * m, m, 1, diagonals, flag);
      stream.download(flag, failed);
      if (failed[0] == 0) {
        var root = new double[m * m];
        stream.download(covariance, root);
        return root;
      }
      if (share > 1) {
        throw new ArithmeticException("posterior covariance not positive definite");
      }
    }
  }
}

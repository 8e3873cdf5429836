package dev.assay.device.cuda;

import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.GpSession;
import java.util.Arrays;

/// The Cholesky factor of the observations' covariance under one covariance function and its
/// hyperparameters, with its inverse, on the device.
final class ConditionedFactor {
  private static final int JITTER_RETRIES = 5;

  /// Of the prior variance: what products with the inverse may be off by before it is made better.
  /// A hundredth of what the contract of engines allows.
  private static final double MOST_OFF = 1e-11;

  /// Steps in which it is. The first leaves what rounding in a product costs, unless the inverse
  /// was hardly one.
  private static final int REFINEMENTS = 2;

  /// Observations that products are tried at, where covariances, and so their errors, are largest.
  private static final int TRIED = 64;

  private final CudaStream stream;
  private final DeviceObservations data;
  private final DeviceMemory.Arena arena;
  private final CovarianceProgram structure;
  private final double[] theta;
  private final int p;
  private final int d;
  private final DeviceArray program;
  private final DeviceArray natural;
  private final DeviceArray info;
  private DeviceArray square = DeviceArray.NULL; // the factor, and its inverse
  private int lead;
  private int n;
  private double jitter;
  private int refinements;
  private final double diagonal; // k(x, x)

  ConditionedFactor(
      CudaStream stream, DeviceObservations data, DeviceMemory.Arena arena, GpSession.Model model) {
    this.stream = stream;
    this.data = data;
    this.arena = arena;
    d = data.dimension();
    structure = new CovarianceProgram(model.covariance(), d);
    p = structure.size();
    theta = model.theta().clone();
    var origin = new double[d];
    diagonal = model.covariance().value(origin, origin, new boolean[d], theta, 0);
    program = stream.place(structure.words(), arena);
    natural = arena.doubles(p);
    info = arena.ints(DeviceFactor.INFO);
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

  DeviceArray program() {
    return program;
  }

  /// Hyperparameters.
  int p() {
    return p;
  }

  /// p numbers of the formulas.
  DeviceArray natural() {
    return natural;
  }

  /// The factor and its inverse: `kernels/factor.cuh`.
  DeviceArray square() {
    return square;
  }

  /// Leading dimension of the square.
  int lead() {
    return lead;
  }

  /// Observations that it is of.
  int n() {
    return n;
  }

  /// What the diagonal was given beside the noise.
  double jitter() {
    return jitter;
  }

  CovarianceProgram structure() {
    return structure;
  }

  double[] theta() {
    return theta;
  }

  /// How often the inverse was made better when all was factored.
  int refinements() {
    return refinements;
  }

  /// Anew, with as much jitter as it takes.
  private void factorise() {
    n = data.size();
    if (n > lead) {
      stream.synchronise();
      arena.free(square);
      lead = DeviceFactor.lead(Math.max(16, n + n / 8));
      square = arena.doubles((long) lead * lead);
    }
    var failed = new int[1];
    jitter = 0;
    for (int attempt = 0; ; attempt++) {
      covariance(data.x(), data.stride(), n, jitter, true, square, lead);
      DeviceFactor.cholesky(stream, square, lead, 0L, n, 1, true, info);
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
    refinements = 0;
    while (n > 0 && refinements < REFINEMENTS && off() > MOST_OFF) {
      products().refineInverse();
      refinements++;
    }
  }

  FactorProducts products() {
    return new FactorProducts(
        stream, new FactorProducts.Squares(square, lead, 0L, n, 1, DeviceArray.NULL));
  }

  /// How far products with the inverse are off, relative to the prior variance, at some of the
  /// observations: tried, since a bound by the condition would call most good ones bad.
  private double off() {
    int m = Math.min(n, TRIED);
    long size = (long) m * DeviceFactor.lead(n);
    var own = stream.device().memory().arena();
    try (own) {
      var points = own.doubles((long) m * d);
      var cross = own.doubles(size);
      var half = own.doubles(size);
      var mended = own.doubles(size);
      var whole = own.doubles(size);
      var off = own.doubles(size);
      var errors = own.doubles(m);
      data.sample(m, points);
      cross(points, m, Running.ALL, cross);
      var rows = FactorProducts.Rows.of(m, DeviceFactor.lead(n));
      var products = products();
      products.multiplyByInverse(false, rows, cross, half);
      products.multiplyByInverse(true, rows, half, whole);
      stream.copy(half, mended, size);
      products.mend(false, rows, cross, mended, off);
      stream.launch(
          "posterior_errors",
          DeviceFactor.blocks(m, 8),
          1,
          1,
          0,
          program,
          d,
          natural,
          n,
          m,
          cross,
          half,
          mended,
          whole,
          errors);
      var found = new double[m];
      stream.download(errors, found);
      return Arrays.stream(found).map(e -> Double.isNaN(e) ? 1 : e).max().orElse(0);
    }
  }

  /// Rows of covariances between points and the observations.
  ///
  /// @param points m × d
  /// @param to out: m × n at [DeviceFactor#lead]
  void cross(DeviceArray points, int m, Running running, DeviceArray to) {
    DeviceFactor.cross(
        stream, program, natural, data, points, m, running.list(), running.count(), n, to);
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

  /// What the factor's conditioning may cost a variance, relative to the prior variance.
  double slack() {
    double condition = n * diagonal / (Math.exp(theta[p - 2]) + jitter);
    return Math.min(1, 1e-8 + 0x1p-53 * condition);
  }

  /// One more row of L, in O(n²), after an observation was added to the data.
  void extend() {
    int old = n;
    if (old + 1 > lead || old == 0) {
      factorise();
      return;
    }
    int each = DeviceFactor.lead(old);
    var row = arena.doubles(4L * each);
    var half = row.from(each);
    var whole = row.from(2L * each);
    var off = row.from(3L * each);
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
    var rows = FactorProducts.Rows.of(1, each);
    products().solve(false, rows, row, half, off);
    products().solve(true, rows, half, whole, off);
    stream.launch(
        "append_row",
        DeviceFactor.blocks(old + 1, 256),
        1,
        1,
        8 * 32,
        program,
        d,
        p,
        natural,
        jitter,
        half,
        whole,
        square,
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
      long size = Math.max(1L, (long) m * DeviceFactor.lead(n));
      var cross = own.doubles(size);
      var half = own.doubles(size);
      cross(given, m, Running.ALL, cross);
      var rows = FactorProducts.Rows.of(m, DeviceFactor.lead(n));
      products().solve(false, rows, cross, half, own.doubles(size));
      return jittered(own, x, half, m, largestVariance);
    }
  }

  private double[] jittered(
      DeviceMemory.Arena own, DeviceArray x, DeviceArray half, int m, double largestVariance) {
    int edge = DeviceFactor.lead(m);
    var covariance = own.doubles((long) m * edge);
    var flag = own.ints(DeviceFactor.INFO);
    var failed = new int[1];
    stream.clear(flag, 4L * DeviceFactor.INFO);
    for (double share = 1e-12; ; share *= 10) {
      covariance(x, m, m, share * Math.max(largestVariance, 1e-12), false, covariance, edge);
      if (n > 0) {
        DeviceFactor.multiply(stream, m, n, 1, -1, half, false, 1, covariance, flag);
      }
      DeviceFactor.cholesky(stream, covariance, edge, 0L, m, 1, false, flag);
      stream.download(flag, failed);
      if (failed[0] == 0) {
        var rows = new double[m * edge];
        stream.download(covariance, rows);
        var root = new double[m * m];
        for (int i = 0; i < m; i++) {
          System.arraycopy(rows, i * edge, root, i * m, m);
        }
        return root;
      }
      stream.clear(flag, 4L * DeviceFactor.INFO);
      if (share > 1) {
        throw new ArithmeticException("posterior covariance not positive definite");
      }
    }
  }
}

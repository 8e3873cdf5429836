package dev.assay.device.cuda;

/// Bounds of a group's posterior at many points: means summed in FP32 that are not too high, and
/// variances given some of the observations only, which are not too low.
final class PosteriorBound {
  /// Observations that variances are bounded by, at most.
  private static final int SUBSET = 128;

  private static final int FEWEST = 16;

  /// Models that one block of the kernel sums for.
  private static final int TOGETHER = 4;

  /// Roundings of a covariance's value for each of its parts: profile, exponential, the sum of
  /// eight terms.
  private static final double ROUNDINGS = 64;

  /// Coordinates times observations, above which the subset is chosen smaller: one block chooses
  /// it.
  private static final long CHOICE = 1 << 23;

  private static final double UNIT = 0x1p-24;

  /// What it takes of a group.
  ///
  /// @param natural p numbers of the formulas
  /// @param alpha models × n at stride `lead`
  /// @param numbers which of the session's models each is
  /// @param jitter that the factor was given
  /// @param parts leaves of the covariance function
  /// @param steepest the largest norm of a leaf's inverse length scales
  /// @param slack what exact variances may be off by, relative to k(x, x)
  record Group(
      DeviceArray program,
      int p,
      DeviceArray natural,
      DeviceArray alpha,
      int lead,
      int models,
      DeviceArray numbers,
      int n,
      double jitter,
      int parts,
      double steepest,
      double slack) {}

  private final CudaStream stream;
  private final DeviceObservations data;
  private final Group group;
  private final DeviceArray subset;
  private final int size;
  private final DeviceArray factor; // of the subset, and its inverse
  private final DeviceArray info;
  private final DeviceArray natural;
  private final DeviceArray x;
  private final DeviceArray alpha;

  PosteriorBound(
      CudaStream stream, DeviceMemory.Arena arena, DeviceObservations data, Group group) {
    this.stream = stream;
    this.data = data;
    this.group = group;
    size = size(group.n(), data.dimension());
    subset = arena.doubles((long) data.dimension() * size);
    factor = arena.doubles((long) size * size);
    info = arena.ints(DeviceFactor.INFO);
    natural = single(arena, group.natural(), group.p());
    x = single(arena, data.x(), (long) data.dimension() * data.stride());
    alpha = single(arena, group.alpha(), (long) group.models() * group.lead());
    stream.clear(info, 4L * DeviceFactor.INFO);
    if (size > 0) {
      choose(arena);
      factorise();
    }
  }

  /// The observations that leave the least variance.
  private void choose(DeviceMemory.Arena arena) {
    stream.launch(
        "choose_subset",
        1,
        1,
        1,
        128,
        group.program(),
        data.dimension(),
        group.p(),
        data.categorical(),
        group.natural(),
        data.x(),
        data.stride(),
        group.n(),
        size,
        group.jitter(),
        arena.doubles((long) size * group.n()),
        arena.doubles(group.n()),
        subset);
  }

  private static int size(int n, int d) {
    long affordable = n == 0 ? 0 : CHOICE / ((long) n * d);
    return Math.min(n, Math.clamp(affordable, FEWEST, SUBSET));
  }

  private DeviceArray single(DeviceMemory.Arena arena, DeviceArray from, long count) {
    var to = arena.floats(count);
    stream.launchSingle("to_single", DeviceFactor.blocks(count, 256), 1, 1, 0, from, to, count);
    return to;
  }

  /// The subset's factor. Its covariance is a minor of one that was positive definite with the same
  /// noise and jitter; where it has none all the same, nothing is known, which bounds too.
  private void factorise() {
    DeviceFactor.covariance(
        stream,
        group.program(),
        data.dimension(),
        group.p(),
        data.categorical(),
        group.natural(),
        subset,
        size,
        size,
        true,
        group.jitter(),
        factor,
        size,
        0L,
        1);
    DeviceFactor.cholesky(stream, factor, size, 0L, size, 1, true, info);
  }

  /// Bounds at m points.
  ///
  /// @param points d × m
  /// @param single the same in FP32
  /// @param means out: m for each of the session's models
  /// @param variances out: likewise
  void enqueue(
      DeviceArray points, DeviceArray single, int m, DeviceArray means, DeviceArray variances) {
    int d = data.dimension();
    // A squared distance is off by d + 8 roundings, and by those of coordinates before they were
    // scaled. In f(s) that makes |d log f / d log s| times as much, which for every profile is less
    // than 1 + log(f(0)/f). By the log-sum inequality this holds for sums of parts too, and
    // products
    // add a 1 for each of theirs.
    double distance = UNIT * (d + 8 + 8 * group.steepest());
    double allowance = group.parts() * (UNIT * ROUNDINGS + distance);
    stream.launchSingle(
        "screen",
        DeviceFactor.blocks(m, 32),
        DeviceFactor.blocks(group.models(), TOGETHER),
        1,
        8 * Math.max(32 * size, 256),
        group.program(),
        d,
        group.p(),
        data.categorical(),
        natural,
        x,
        data.stride(),
        group.n(),
        alpha,
        group.lead(),
        group.models(),
        group.numbers(),
        group.natural(),
        subset,
        size,
        factor,
        info,
        allowance,
        distance,
        group.slack(),
        points,
        single,
        m,
        m,
        means,
        variances);
  }
}

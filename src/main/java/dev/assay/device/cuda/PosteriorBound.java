package dev.assay.device.cuda;

import java.util.List;

/// Bounds of a group's posterior at many points: means summed in FP32 that are not too high, and
/// variances given some of the observations only, which are not too low.
final class PosteriorBound {
  /// Observations that variances are bounded by, at most.
  static final int SUBSET = 128;

  /// Models that one block of the kernel sums for.
  private static final int TOGETHER = 4;

  /// Candidates of a block, and the sizes of its shared memory: `screen.cu`, `subset.cu`.
  private static final int SIDE = 64;

  private static final int MEANS_SHARED = 4 * (2 * SIDE * 32 + TOGETHER * SIDE + 8);
  private static final int VARIANCES_SHARED = 8 * SIDE * (68 + 36);
  private static final int CHOICE_SHARED = 11_152;

  /// Parts of the observations, of whose best as many are chosen in one launch, and observations of
  /// its blocks.
  private static final int PARTS = 8;

  private static final int PICKS = 4;
  private static final int CHOICE_BLOCK = 32;

  /// Roundings of a covariance's value for each of its parts: profile, exponential, the sum of
  /// eight terms.
  private static final double ROUNDINGS = 64;

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
  private final int lead; // of the subset's coordinates
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
    size = Math.min(group.n(), SUBSET);
    boolean all = size == group.n();
    subset = all ? data.x() : arena.doubles((long) data.dimension() * size);
    lead = all ? data.stride() : size;
    factor = arena.doubles((long) size * DeviceFactor.lead(size));
    info = arena.ints(DeviceFactor.INFO);
    natural = single(arena, group.natural(), group.p());
    x = single(arena, data.x(), (long) data.dimension() * data.stride());
    alpha = single(arena, group.alpha(), (long) group.models() * group.lead());
    stream.clear(info, 4L * DeviceFactor.INFO);
    if (!all) {
      choose(arena);
    }
    if (size > 0) {
      factorise();
    }
  }

  /// The observations that leave the least variance, some in each launch, since every launch has to
  /// wait for the one before it.
  private void choose(DeviceMemory.Arena arena) {
    int n = group.n();
    int blocks = DeviceFactor.blocks(n, CHOICE_BLOCK);
    var columns = arena.doubles((long) size * n);
    var left = arena.doubles(n);
    var tops = List.of(arena.doubles((long) PARTS * blocks), arena.doubles((long) PARTS * blocks));
    var owners = List.of(arena.ints((long) PARTS * blocks), arena.ints((long) PARTS * blocks));
    int before = 0;
    for (int q = 0; q < size; ) {
      int picks = picks(n, q);
      stream.launch(
          "choose_subset",
          blocks,
          1,
          1,
          CHOICE_SHARED + 8 * PARTS * q,
          group.program(),
          data.dimension(),
          group.p(),
          data.categorical(),
          group.natural(),
          data.x(),
          data.stride(),
          n,
          size,
          q,
          picks,
          group.jitter(),
          columns,
          left,
          tops.get(before),
          owners.get(before),
          tops.get(1 - before),
          owners.get(1 - before),
          subset);
      before = 1 - before;
      q += picks;
    }
  }

  /// How many can be chosen at once after q of n were: so many parts that have something left there
  /// must be, however it is spread over them.
  private int picks(int n, int q) {
    int parts = (n - q - 1) / DeviceFactor.blocks(n, PARTS) + 1;
    return Math.min(Math.min(parts, PICKS), size - q);
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
        lead,
        size,
        true,
        group.jitter(),
        factor,
        DeviceFactor.lead(size),
        0L,
        1);
    DeviceFactor.cholesky(stream, factor, DeviceFactor.lead(size), 0L, size, 1, true, info);
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
    // A squared distance is off by d + 16 roundings, of which its root and the exponential's
    // argument have their share, and by those of coordinates before and after they were scaled. In
    // f(s) that makes |d log f / d log s| times as much, which for every profile is less than
    // 1 + log(f(0)/f). By the log-sum inequality this holds for sums of parts too, and products add
    // a 1 for each of theirs.
    double distance = UNIT * (d + 16 + 8 * group.steepest());
    double allowance = group.parts() * (UNIT * ROUNDINGS + distance);
    int blocks = DeviceFactor.blocks(m, SIDE);
    stream.launchSingle(
        "screen",
        blocks,
        DeviceFactor.blocks(group.models(), TOGETHER),
        1,
        MEANS_SHARED,
        group.program(),
        d,
        data.categorical(),
        natural,
        x,
        data.stride(),
        group.n(),
        alpha,
        group.lead(),
        group.models(),
        group.numbers(),
        group.natural().from(group.p() - 1L),
        allowance,
        distance,
        single,
        m,
        m,
        means);
    stream.launch(
        "subset_variance",
        blocks,
        1,
        1,
        VARIANCES_SHARED,
        group.program(),
        d,
        data.categorical(),
        group.natural(),
        subset,
        lead,
        size,
        factor,
        info,
        group.slack(),
        points,
        m,
        m,
        group.models(),
        group.numbers(),
        variances);
  }
}

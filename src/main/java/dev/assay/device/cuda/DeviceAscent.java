package dev.assay.device.cuda;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.AcquisitionMaximiser;
import java.util.Arrays;
import java.util.List;

/// L-BFGS-B of many starts on the device. A few climb in one launch, a block for each, where a
/// factor is small. Otherwise evaluations, products over all multiprocessors, and steps are
/// launched one after the other; what has ended is not evaluated, and only every so often the host
/// looks whether all have.
final class DeviceAscent implements AcquisitionMaximiser.Ascent {
  /// Steps between two looks.
  private static final int LOOK = 10;

  /// Observations up to which one block multiplies a factor sooner than launches follow each other;
  /// an estimate: its multiprocessor alone reads 64 bytes a cycle.
  private static final int MOST_IN_ONE_LAUNCH = 384;

  /// Squared observations times evaluations of one launch, where a driver ends those that take
  /// seconds: an estimated fifth of one on a consumer's card.
  private static final double MOST_WORK = 4e7;

  /// Numbers of a start's state: `Path` in `lbfgsb.cuh`.
  ///
  /// @param history remembered pairs
  static int state(int d, int history) {
    return DeviceFactor.lead(d) * (3 + 2 * history)
        + DeviceFactor.lead(history)
        + DeviceFactor.lead(5);
  }

  private final CudaStream stream;
  private final DeviceObservations data;
  private final List<ConditionedGroup> groups;
  private final int models;
  private final int d;
  private final AcquisitionFunction function;
  private final int maxEvaluations;

  DeviceAscent(
      CudaStream stream,
      DeviceObservations data,
      List<ConditionedGroup> groups,
      int models,
      int d,
      AcquisitionFunction function,
      int maxEvaluations) {
    this.stream = stream;
    this.data = data;
    this.groups = groups;
    this.models = models;
    this.d = d;
    this.function = function;
    this.maxEvaluations = maxEvaluations;
  }

  @Override
  public void climb(double[] points, boolean[] free, double[] low, double[] high, double[] values) {
    int workspace = groups.stream().mapToInt(ConditionedGroup::workspace).sum();
    int most = stream.device().limit().points(data.size());
    // Those that close first wait for the stream.
    try (var arena = stream.device().memory().arena();
        var batch = new PointBatch(stream, d, models, Math.min(values.length, most), workspace);
        var evaluation = new DeviceAcquisition(stream, groups, models, d, function)) {
      for (int from = 0; from < values.length; from += batch.capacity()) {
        int count = Math.min(batch.capacity(), values.length - from);
        stream.upload(points, from * d, count * d, batch.points());
        climb(batch, evaluation, arena, flags(free, from * d, count * d), low, high, count);
        stream.download(batch.points(), points, from * d, count * d);
        stream.download(batch.values(), values, from, count);
      }
    }
  }

  private boolean inOneLaunch(int starts) {
    double work = (double) data.size() * data.size() * maxEvaluations * groups.size();
    boolean inTime = !stream.device().endsLongLaunches() || work < MOST_WORK;
    return data.size() > 0
        && data.size() <= MOST_IN_ONE_LAUNCH
        && starts <= stream.device().multiprocessors()
        && inTime;
  }

  private static int[] flags(boolean[] free, int from, int count) {
    var flags = new int[count];
    for (int i = 0; i < count; i++) {
      flags[i] = free[from + i] ? 1 : 0;
    }
    return flags;
  }

  private void climb(
      PointBatch batch,
      DeviceAcquisition evaluation,
      DeviceMemory.Arena arena,
      int[] flags,
      double[] low,
      double[] high,
      int starts) {
    var free = stream.place(flags, arena);
    var bounds = arena.doubles(2L * d);
    var state = arena.doubles((long) starts * state(d, AcquisitionMaximiser.HISTORY));
    stream.upload(low, bounds);
    stream.upload(high, bounds.from(d));
    stream.clear(state, 8L * starts * state(d, AcquisitionMaximiser.HISTORY));
    if (inOneLaunch(starts)) {
      var trial = arena.doubles((long) starts * d);
      evaluation.enqueueAscent(
          batch, starts, data, maxEvaluations, bounds, bounds.from(d), free, state, trial);
      return;
    }
    var done = arena.ints(starts);
    stream.clear(done, 4L * starts);
    var running = new Running(arena.ints(starts), arena.ints(1));
    int blocks = DeviceFactor.blocks(starts, 8);
    var ended = new int[starts];
    for (int step = 1; step <= maxEvaluations; step++) {
      stream.launch(
          "lbfgsb_running", 1, 1, 1, 4 * 8, starts, done, running.list(), running.count());
      evaluation.enqueue(batch, starts, running, true);
      stream.launch(
          "lbfgsb_step",
          blocks,
          1,
          1,
          0,
          starts,
          d,
          maxEvaluations,
          AcquisitionMaximiser.GRADIENT_TOLERANCE,
          AcquisitionMaximiser.VALUE_TOLERANCE,
          bounds,
          bounds.from(d),
          free,
          batch.values(),
          batch.gradients(),
          batch.points(),
          state,
          done);
      if (step % LOOK == 0 && step < maxEvaluations) {
        stream.download(done, ended);
        if (Arrays.stream(ended).allMatch(flag -> flag != 0)) {
          break;
        }
      }
    }
    stream.launch("lbfgsb_ends", blocks, 1, 1, 0, starts, d, state, batch.points(), batch.values());
  }
}

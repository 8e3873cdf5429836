package dev.assay.device.cuda;

import dev.assay.device.DeviceTooSmall;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.Screening;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// The best points of a net: all of them are written and bounded from above on the device, and only
/// those whose bound reaches the best exact values found so far are evaluated exactly. What is
/// returned is therefore what evaluating all of them would return.
final class DeviceScreening {
  /// Numbers of device memory for points that are bounded at once: 128 MB.
  private static final int MOST = 1 << 24;

  private static final int CHUNK = 1 << 17;
  private static final int SMALLEST_CHUNK = 1024;

  /// Points of the largest bounds that are evaluated exactly in any case: so many times those that
  /// are kept, and at least some.
  private static final int FACTOR = 4;

  private static final int FEWEST = 64;

  private final CudaStream stream;
  private final DeviceObservations data;
  private final List<ConditionedGroup> groups;
  private final int models;
  private final AcquisitionFunction function;
  private int evaluated; // exactly

  DeviceScreening(
      CudaStream stream,
      DeviceObservations data,
      List<ConditionedGroup> groups,
      int models,
      AcquisitionFunction function) {
    this.stream = stream;
    this.data = data;
    this.groups = groups;
    this.models = models;
    this.function = function;
  }

  List<GpSession.Candidate> best(CandidateNet net, int keep) {
    var screening = new Screening(net, keep);
    // The evaluation waits for the stream when it closes, and closes before the arena.
    try (var arena = stream.device().memory().arena();
        var evaluation =
            new DeviceAcquisition(stream, groups, models, data.dimension(), function)) {
      var points = new NetPoints(stream, arena, net);
      int first = Math.max(FACTOR * keep, FEWEST);
      var bounds = DeviceArray.NULL;
      if (function.isOptimistic() && net.count() > first) {
        bounds = bounds(arena, evaluation, points, net.count());
      }
      if (bounds.equals(DeviceArray.NULL)) {
        evaluate(evaluation, points, consecutive(net.count()), screening);
        return screening.best();
      }
      var selection = new Selection(stream, arena, bounds, net.count());
      var largest = selection.largest(first);
      evaluate(evaluation, points, largest, screening);
      var seen = new BitSet(net.count());
      Arrays.stream(largest).forEach(seen::set);
      var rest = Arrays.stream(selection.from(screening.threshold())).filter(i -> !seen.get(i));
      evaluate(evaluation, points, rest.toArray(), screening);
    }
    return screening.best();
  }

  /// How many points were evaluated exactly.
  int evaluated() {
    return evaluated;
  }

  private static int[] consecutive(int count) {
    var indices = new int[count];
    Arrays.setAll(indices, i -> i);
    return indices;
  }

  /// Upper bounds of the acquisition at every point; no array where memory is too small: batches of
  /// exact evaluations take what there is.
  private DeviceArray bounds(
      DeviceMemory.Arena arena, DeviceAcquisition evaluation, NetPoints points, int count) {
    try {
      var values = arena.doubles(count);
      var bounds = groups.stream().map(group -> group.bound(arena)).toList();
      int d = data.dimension();
      int most = stream.device().limit().screened(data.size(), d, models);
      int held = Math.clamp(MOST / (2 * d + 2 * models), SMALLEST_CHUNK, CHUNK);
      int chunk = Math.min(count, Math.min(held, most));
      var at = arena.doubles((long) d * chunk);
      var single = arena.floats((long) d * chunk);
      var means = arena.doubles((long) models * chunk);
      var variances = arena.doubles((long) models * chunk);
      for (int from = 0; from < count; from += chunk) {
        int m = Math.min(chunk, count - from);
        points.columns(from, m, at, single);
        bounds.forEach(bound -> bound.enqueue(at, single, m, means, variances));
        evaluation.enqueueValues(means, variances, m, values.from(from));
      }
      return values;
    } catch (DeviceTooSmall e) {
      return DeviceArray.NULL;
    }
  }

  private void evaluate(
      DeviceAcquisition evaluation, NetPoints points, int[] indices, Screening screening) {
    evaluated += indices.length;
    if (indices.length == 0) {
      return;
    }
    int workspace = groups.stream().mapToInt(ConditionedGroup::workspace).sum();
    int together = Math.min(indices.length, stream.device().limit().points(data.size()));
    try (var arena = stream.device().memory().arena();
        var batch = new PointBatch(stream, data.dimension(), models, together, workspace)) {
      var index = arena.ints(batch.capacity());
      var values = new double[batch.capacity()];
      for (int from = 0; from < indices.length; from += batch.capacity()) {
        int m = Math.min(batch.capacity(), indices.length - from);
        stream.upload(Arrays.copyOfRange(indices, from, from + m), index);
        points.rows(index, m, batch.points());
        evaluation.enqueue(batch, m, Running.ALL, false);
        stream.download(batch.values(), values, 0, m);
        for (int t = 0; t < m; t++) {
          screening.offer(indices[from + t], values[t]);
        }
      }
    }
  }
}

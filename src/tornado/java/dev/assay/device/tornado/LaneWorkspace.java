package dev.assay.device.tornado;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneProgram;
import dev.assay.train.FoldedData;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The trainer's arrays on one device, which all its sessions share: task graphs take long to
/// build, and one set of them serves every shape. A session owns a part of the states; the data set
/// is that of whoever trained last. Sessions of several threads take turns.
final class LaneWorkspace {
  /// Lanes of one launch for each compute unit: enough to keep it busy.
  private static final int WAVES = 8;

  private final Accelerator accelerator;
  private final Ranges ranges = new Ranges();
  private final AtomicInteger built = new AtomicInteger();
  private final int most;
  private @Nullable LaneGraphs graphs;
  private @Nullable FoldedData present;

  LaneWorkspace(Accelerator accelerator) {
    this.accelerator = accelerator;
    most = WAVES * Math.max(1, accelerator.facts().computeUnits());
  }

  /// How many lanes a launch may have.
  int most() {
    return most;
  }

  /// How many sets of task graphs were ever built.
  int built() {
    return built.get();
  }

  /// A part of the states, of zeros.
  ///
  /// @param launches what the launches of its owner need: no graph is then built between them
  /// @return where it begins
  synchronized int take(int length, LaneCapacities launches) {
    var ready = covering(launches);
    int at = ranges.take(length, ready.capacities().states());
    if (at < 0) {
      ready = covering(LaneCapacities.ofStates(Math.addExact(ranges.end(), length)));
      at = ranges.take(length, ready.capacities().states());
    }
    ready.copy(-1, at, length);
    return at;
  }

  /// Gives back all but the beginning of a part.
  synchronized void shorten(int at, int length) {
    ranges.shorten(at, length);
  }

  synchronized void write(int to, float[] values) {
    ready().write(to, values);
  }

  synchronized float[] read(int from, int count) {
    var values = new float[count];
    ready().read(from, values);
    return values;
  }

  synchronized void copy(int from, int to, int count) {
    ready().copy(from, to, count);
  }

  /// An epoch of each lane.
  synchronized double[] train(FoldedData data, LaneProgram shape, LaneBatch batch, int base) {
    int steps = batch.steps().length;
    return launching(data, shape, batch, Math.max(steps, batch.keys().length))
        .train(shape, batch, base);
  }

  /// What weights say of rows.
  synchronized double[] evaluate(
      FoldedData data,
      LaneProgram shape,
      LaneBatch batch,
      int base,
      float @Nullable [] predictions) {
    return launching(data, shape, batch, 0).evaluate(shape, batch, base, predictions);
  }

  private LaneGraphs launching(FoldedData data, LaneProgram shape, LaneBatch batch, int steps) {
    int rows = batch.rows().length;
    var ready =
        covering(LaneCapacities.ofLaunch(shape, batch.size(), rows, steps, batch.predictions()));
    if (data != present) {
      var arrays = FoldArrays.of(data);
      ready = covering(LaneCapacities.of(arrays));
      ready.data(arrays);
      present = data;
    }
    return ready;
  }

  private LaneGraphs ready() {
    var ready = graphs;
    if (ready == null) {
      throw new IllegalStateException("nobody has a part of the states");
    }
    return ready;
  }

  /// Graphs of at least these capacities; larger ones take over what the sessions own.
  private LaneGraphs covering(LaneCapacities need) {
    var old = graphs;
    if (old != null && old.capacities().covers(need)) {
      return old;
    }
    var capacities = (old == null ? LaneCapacities.LEAST : old.capacities()).with(need);
    float[] states = new float[ranges.end()];
    if (old != null) {
      old.read(0, states);
      graphs = null;
      old.close();
    }
    var fresh = new LaneGraphs(accelerator, capacities, most);
    built.incrementAndGet();
    fresh.begin();
    fresh.write(0, states);
    graphs = fresh;
    present = null;
    return fresh;
  }
}

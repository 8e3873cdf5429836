package dev.assay.device.cuda;

import dev.assay.device.lanes.LaneBatch;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The kernel of `order.cu` at work: rows that lanes learn from lie on the device, once for lanes
/// that share them, and every epoch's order is made there, with the numbers of its steps.
final class DeviceOrders {
  /// Draws that a block makes at a time, four bytes each.
  private static final int DRAWS = 1024;

  /// Places are 16 bits.
  private static final int MOST = 1 << 16;

  /// Integers of a sector of memory, where every lane's rows begin.
  private static final int SECTOR = 8;

  private final CudaDevice device;
  private final CudaStream stream;
  private final DeviceMemory.Arena arena;
  private final Map<int[], Integer> places = new IdentityHashMap<>();
  private int total;
  private @Nullable DeviceArray learnt;

  /// @param rows of all lanes, in order
  /// @param steps the rate and ε of each
  record Ordered(DeviceArray rows, DeviceArray steps) {}

  DeviceOrders(CudaDevice device, CudaStream stream, DeviceMemory.Arena arena) {
    this.device = device;
    this.stream = stream;
    this.arena = arena;
  }

  /// @param rows are not changed any more
  /// @return where they begin; -1 where they are more than a block's shared memory has places for
  int keep(int[] rows) {
    if (rows.length > MOST || shared(rows.length) > device.sharedBytes()) {
      return -1;
    }
    var known = places.get(rows);
    if (known != null) {
      return known;
    }
    int from = total;
    total = Math.addExact(total, (rows.length + SECTOR - 1) / SECTOR * SECTOR);
    places.put(rows, from);
    learnt = null; // lies there with fewer
    return from;
  }

  private static int shared(int rows) {
    return Integer.BYTES * (DRAWS + (rows + 1) / 2);
  }

  /// The rows of a batch's lanes in the order of their epochs, and the numbers of their steps, by a
  /// kernel.
  ///
  /// @param batch of lanes that learn from rows that are kept here
  /// @param memory where the rows go, and what the launch reads
  Ordered order(LaneBatch batch, DeviceMemory.Arena memory) {
    var all = learnt;
    if (all == null) {
      var joined = new int[total];
      places.forEach((rows, from) -> System.arraycopy(rows, 0, joined, from, rows.length));
      all = stream.place(joined, arena);
      learnt = all;
    }
    var rows = memory.ints(batch.rowCount());
    var steps = memory.floats(2L * batch.stepCount());
    stream.launchSingle(
        "order_rows",
        batch.size(),
        1,
        1,
        shared(batch.mostRows()),
        stream.place(batch.orders(), memory),
        all,
        rows,
        steps);
    return new Ordered(rows, steps);
  }
}

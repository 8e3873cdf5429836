package dev.assay.device.cuda;

import dev.assay.device.DeviceTooSmall;

/// Arrays for points that are evaluated together: as many as asked for, or as many as the memory
/// holds.
final class PointBatch implements AutoCloseable {
  /// Numbers of workspace that one batch may take: 256 MB.
  private static final long MOST = 1L << 25;

  private final CudaStream stream;
  private final DeviceMemory.Arena arena;
  private final int capacity;
  private DeviceArray points = DeviceArray.NULL;
  private DeviceArray means = DeviceArray.NULL;
  private DeviceArray variances = DeviceArray.NULL;
  private DeviceArray dMeans = DeviceArray.NULL;
  private DeviceArray dVariances = DeviceArray.NULL;
  private DeviceArray values = DeviceArray.NULL;
  private DeviceArray gradients = DeviceArray.NULL;
  private DeviceArray workspace = DeviceArray.NULL;

  /// @param models of the session
  /// @param total points in all
  /// @param workspace numbers that the models need for each point
  PointBatch(CudaStream stream, int d, int models, int total, int workspace) {
    this.stream = stream;
    arena = stream.device().memory().arena();
    long each = workspace + 4L * models + 2L * d + 1;
    int wanted = (int) Math.max(16, Math.min(total, MOST / each));
    while (true) {
      try {
        allocate(wanted, d, models, workspace);
        break;
      } catch (DeviceTooSmall e) {
        arena.close();
        if (wanted <= 16) {
          throw e;
        }
        wanted = Math.max(16, wanted / 2);
      }
    }
    capacity = wanted;
  }

  private void allocate(int m, int d, int models, int each) {
    points = arena.doubles((long) m * d);
    means = arena.doubles((long) m * models);
    variances = arena.doubles((long) m * models);
    dMeans = arena.doubles((long) m * models);
    dVariances = arena.doubles((long) m * models);
    values = arena.doubles(m);
    gradients = arena.doubles((long) m * d);
    workspace = arena.doubles((long) m * each);
  }

  int capacity() {
    return capacity;
  }

  /// m × d.
  DeviceArray points() {
    return points;
  }

  /// models × m, as are the three below.
  DeviceArray means() {
    return means;
  }

  DeviceArray variances() {
    return variances;
  }

  DeviceArray dMeans() {
    return dMeans;
  }

  DeviceArray dVariances() {
    return dVariances;
  }

  /// m.
  DeviceArray values() {
    return values;
  }

  /// m × d.
  DeviceArray gradients() {
    return gradients;
  }

  /// m × what the models need for each point.
  DeviceArray workspace() {
    return workspace;
  }

  /// Waits for what still uses its arrays, then frees them.
  @Override
  public void close() {
    try (arena) {
      stream.settle();
    }
  }
}

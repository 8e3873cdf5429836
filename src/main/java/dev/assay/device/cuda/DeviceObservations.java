package dev.assay.device.cuda;

import dev.assay.device.DeviceTooSmall;
import java.util.Arrays;

/// n observations on the device, and on the host, from where the device's are written anew when
/// they outgrow their room.
final class DeviceObservations {
  private final CudaStream stream;
  private final DeviceMemory.Arena arena;
  private final int d;
  private final DeviceArray categorical;
  private DeviceArray x = DeviceArray.NULL; // d × capacity
  private DeviceArray y = DeviceArray.NULL; // outputs × capacity
  private double[] points = {}; // n × d
  private double[][] outputs = {};
  private int n;
  private int capacity;

  DeviceObservations(CudaStream stream, DeviceMemory.Arena arena, boolean[] categorical) {
    this.stream = stream;
    this.arena = arena;
    d = categorical.length;
    var flags = new int[d];
    for (int j = 0; j < d; j++) {
      flags[j] = categorical[j] ? 1 : 0;
    }
    this.categorical = arena.ints(d);
    stream.upload(flags, this.categorical);
  }

  void set(double[] newPoints, double[][] newOutputs) {
    int count = newOutputs.length == 0 ? 0 : newOutputs[0].length;
    if (newPoints.length != count * d) {
      throw new IllegalArgumentException(
          newPoints.length + " coordinates are not " + count + " points of " + d);
    }
    requireFinite(newPoints);
    for (var output : newOutputs) {
      if (output.length != count) {
        throw new IllegalArgumentException("outputs differ in length");
      }
      requireFinite(output);
    }
    points = newPoints.clone();
    outputs = Arrays.stream(newOutputs).map(double[]::clone).toArray(double[][]::new);
    n = count;
    write();
  }

  void append(double[] point, double[] values) {
    if (n == 0 && outputs.length == 0) {
      outputs = new double[values.length][0];
    }
    if (point.length != d || values.length != outputs.length) {
      throw new IllegalArgumentException(
          point.length
              + " coordinates, "
              + values.length
              + " outputs; need "
              + d
              + ", "
              + outputs.length);
    }
    requireFinite(point);
    requireFinite(values);
    points = Arrays.copyOf(points, (n + 1) * d);
    System.arraycopy(point, 0, points, n * d, d);
    for (int k = 0; k < outputs.length; k++) {
      outputs[k] = Arrays.copyOf(outputs[k], n + 1);
      outputs[k][n] = values[k];
    }
    n++;
    write();
  }

  void relabel(double[][] newOutputs) {
    if (newOutputs.length != outputs.length) {
      throw new IllegalArgumentException(newOutputs.length + " outputs; need " + outputs.length);
    }
    for (int k = 0; k < outputs.length; k++) {
      if (newOutputs[k].length != n) {
        throw new IllegalArgumentException(newOutputs[k].length + " values; need " + n);
      }
      requireFinite(newOutputs[k]);
    }
    for (int k = 0; k < outputs.length; k++) {
      outputs[k] = newOutputs[k].clone();
      stream.upload(outputs[k], 0, n, y.from((long) k * capacity));
    }
  }

  private static void requireFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("observations must be finite, not " + value);
      }
    }
  }

  private void write() {
    int most = stream.device().limit().observations();
    if (n > most) {
      throw DeviceTooSmall.time(
          stream.device().name(), n + " observations, with which at most " + most + " fit");
    }
    if (n > capacity || y.bytes() < 8L * outputs.length * capacity) {
      stream.synchronise();
      arena.free(x);
      arena.free(y);
      capacity = DeviceFactor.lead(Math.max(16, n + n / 4));
      x = arena.doubles((long) d * capacity);
      y = arena.doubles(Math.max(1L, (long) outputs.length * capacity));
    }
    stream.upload(byCoordinate(points, n, d, capacity), x);
    for (int k = 0; k < outputs.length; k++) {
      stream.upload(outputs[k], 0, n, y.from((long) k * capacity));
    }
  }

  /// Points as kernels read them: d × n at a stride.
  ///
  /// @param points n × d
  static double[] byCoordinate(double[] points, int n, int d, int stride) {
    var columns = new double[Math.multiplyExact(d, stride)];
    for (int j = 0; j < d; j++) {
      for (int i = 0; i < n; i++) {
        columns[j * stride + i] = points[i * d + j];
      }
    }
    return columns;
  }

  /// Some of the observations, evenly among them.
  ///
  /// @param m at most n
  /// @param to out: m × d
  void sample(int m, DeviceArray to) {
    var some = new double[m * d];
    for (int t = 0; t < m; t++) {
      System.arraycopy(points, Math.toIntExact((long) t * n / m) * d, some, t * d, d);
    }
    stream.upload(some, to);
  }

  int size() {
    return n;
  }

  int dimension() {
    return d;
  }

  DeviceArray categorical() {
    return categorical;
  }

  /// d × n at the stride [#stride].
  DeviceArray x() {
    return x;
  }

  /// outputs × n at the stride [#stride].
  DeviceArray y() {
    return y;
  }

  int stride() {
    return capacity;
  }

  void requireOutput(int output) {
    if (output < 0 || output >= outputs.length && n > 0) {
      throw new IllegalArgumentException("no output " + output + " of " + outputs.length);
    }
  }
}

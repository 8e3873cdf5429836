package dev.assay.device.cpu;

import java.util.Arrays;

/// n observations, one array a coordinate so that loops over observations are contiguous; grows by
/// doubling.
final class Observations {
  private final int d;
  private double[][] x; // d × capacity
  private double[][] y = {}; // outputs × capacity
  private int n;

  Observations(int d) {
    this.d = d;
    x = new double[d][0];
  }

  void set(double[] points, double[][] outputs) {
    int count = outputs.length == 0 ? 0 : outputs[0].length;
    if (points.length != count * d) {
      throw new IllegalArgumentException(
          points.length + " coordinates are not " + count + " points of " + d);
    }
    requireFinite(points);
    for (var output : outputs) {
      if (output.length != count) {
        throw new IllegalArgumentException("outputs differ in length");
      }
      requireFinite(output);
    }
    n = count;
    int capacity = Math.max(16, n + n / 4);
    x = new double[d][capacity];
    y = new double[outputs.length][];
    for (int j = 0; j < d; j++) {
      for (int i = 0; i < n; i++) {
        x[j][i] = points[i * d + j];
      }
    }
    for (int k = 0; k < y.length; k++) {
      y[k] = Arrays.copyOf(outputs[k], capacity);
    }
  }

  void append(double[] point, double[] values) {
    if (n == 0 && y.length == 0) {
      y = new double[values.length][0];
    }
    if (point.length != d || values.length != y.length) {
      throw new IllegalArgumentException(
          point.length
              + " coordinates, "
              + values.length
              + " outputs; need "
              + d
              + ", "
              + y.length);
    }
    requireFinite(point);
    requireFinite(values);
    int capacity = y.length == 0 ? 0 : y[0].length;
    if (n == capacity) {
      capacity = Math.max(16, 2 * n);
      for (int j = 0; j < d; j++) {
        x[j] = Arrays.copyOf(x[j], capacity);
      }
      for (int k = 0; k < y.length; k++) {
        y[k] = Arrays.copyOf(y[k], capacity);
      }
    }
    for (int j = 0; j < d; j++) {
      x[j][n] = point[j];
    }
    for (int k = 0; k < y.length; k++) {
      y[k][n] = values[k];
    }
    n++;
  }

  void relabel(double[][] outputs) {
    if (outputs.length != y.length) {
      throw new IllegalArgumentException(outputs.length + " outputs; need " + y.length);
    }
    for (var output : outputs) {
      if (output.length != n) {
        throw new IllegalArgumentException(output.length + " values; need " + n);
      }
      requireFinite(output);
    }
    for (int k = 0; k < y.length; k++) {
      System.arraycopy(outputs[k], 0, y[k], 0, n);
    }
  }

  private static void requireFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("observations must be finite, not " + value);
      }
    }
  }

  int size() {
    return n;
  }

  double[][] x() {
    return x;
  }

  double[] y(int output) {
    return n == 0 && y.length <= output ? new double[0] : y[output];
  }

  void point(int i, double[] out) {
    for (int j = 0; j < d; j++) {
      out[j] = x[j][i];
    }
  }
}

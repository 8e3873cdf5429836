package dev.assay.device.tornado;

import java.util.Arrays;

/// n observations on the host, from where task graphs take them.
final class Observations {
  private final boolean[] categorical;
  private final int d;
  private double[] points = {}; // n × d
  private double[][] outputs = {};
  private int n;
  private long version;

  Observations(boolean[] categorical) {
    this.categorical = categorical.clone();
    d = categorical.length;
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
    version++;
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
    version++;
  }

  /// Other outputs of the same points.
  void relabel(double[][] newOutputs) {
    if (newOutputs.length != outputs.length) {
      throw new IllegalArgumentException(
          newOutputs.length + " columns of outputs; there are " + outputs.length);
    }
    set(points, newOutputs);
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

  int dimension() {
    return d;
  }

  int outputs() {
    return outputs.length;
  }

  boolean categorical(int j) {
    return categorical[j];
  }

  double x(int i, int j) {
    return points[i * d + j];
  }

  double y(int output, int i) {
    return outputs[output][i];
  }

  /// Changes whenever the observations do.
  long version() {
    return version;
  }

  void requireOutput(int output) {
    if (output < 0 || output >= outputs.length && n > 0) {
      throw new IllegalArgumentException("no output " + output + " of " + outputs.length);
    }
  }
}

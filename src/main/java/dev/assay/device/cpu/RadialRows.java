package dev.assay.device.cpu;

import dev.assay.gp.RadialCovariance;
import dev.assay.internal.linalg.Elementwise;
import java.util.ArrayList;
import java.util.List;

/// a f(s): the observations are divided by the length scales once, so that s is a sum of plain
/// squares.
final class RadialRows extends CovarianceRows {
  private final Elementwise vectors = Elementwise.best();
  private final RadialCovariance function;
  private final boolean[] categorical;
  private final double[] inverse; // 1/ℓ
  private final double[][] scaled;
  private final List<Row> kept = new ArrayList<>();
  private Row row;
  private double[] weighted = {};
  private double a;
  private double shape;

  /// What [#forward] leaves for gradients.
  ///
  /// @param slope a f'(s)
  private record Row(double[] scaledPoint, double[] s, double[] value, double[] slope) {
    Row(int d, int capacity) {
      this(new double[d], new double[capacity], new double[capacity], new double[capacity]);
    }
  }

  RadialRows(RadialCovariance function, boolean[] categorical) {
    this.function = function;
    this.categorical = categorical;
    int d = categorical.length;
    inverse = new double[d];
    scaled = new double[d][0];
    row = new Row(d, 0);
  }

  @Override
  boolean keeps() {
    return true;
  }

  @Override
  void keepIn(int place, int capacity) {
    while (kept.size() <= place) {
      kept.add(new Row(categorical.length, capacity));
    }
    row = kept.get(place);
  }

  @Override
  void bind(double[][] x, int n, double[] theta, int at) {
    int d = categorical.length;
    if (weighted.length < n) {
      int capacity = Math.max(16, n + n / 2);
      row = new Row(d, capacity);
      kept.clear();
      weighted = new double[capacity];
      for (int j = 0; j < d; j++) {
        scaled[j] = new double[capacity];
      }
    }
    a = Math.exp(theta[at]);
    shape = function.hasShape() ? Math.exp(theta[at + 1 + d]) : 1;
    for (int j = 0; j < d; j++) {
      inverse[j] = Math.exp(-theta[at + 1 + j]);
      double factor = categorical[j] ? 1 : inverse[j];
      var from = x[j];
      var to = scaled[j];
      for (int i = 0; i < n; i++) {
        to[i] = from[i] * factor;
      }
    }
  }

  @Override
  double diagonal() {
    return a;
  }

  @Override
  void forward(double[] point, int count, double[] k) {
    var scaledPoint = row.scaledPoint;
    var s = row.s;
    java.util.Arrays.fill(s, 0, count, 0);
    for (int j = 0; j < categorical.length; j++) {
      scaledPoint[j] = categorical[j] ? point[j] : point[j] * inverse[j];
    }
    for (int j = 0; j < categorical.length; j++) {
      if (categorical[j]) {
        addMismatch(scaled[j], point[j], inverse[j] * inverse[j], count);
      } else if (j + 2 < categorical.length && !categorical[j + 1] && !categorical[j + 2]) {
        vectors.addThreeSquaredDifferences(scaled, j, scaledPoint, s, count);
        j += 2;
      } else {
        vectors.addSquaredDifference(scaled[j], scaledPoint[j], s, count);
      }
    }
    profile(count);
    System.arraycopy(row.value, 0, k, 0, count);
  }

  private void addMismatch(double[] options, double option, double weight, int count) {
    var s = row.s;
    for (int i = 0; i < count; i++) {
      s[i] += options[i] == option ? 0 : weight;
    }
  }

  private void profile(int count) {
    var s = row.s;
    var value = row.value;
    var slope = row.slope;
    switch (function) {
      case RadialCovariance.Matern52 _ -> vectors.matern52(a, s, value, slope, count);
      case RadialCovariance.Matern32 _ -> {
        for (int i = 0; i < count; i++) {
          slope[i] = -Math.sqrt(3 * s[i]);
        }
        System.arraycopy(slope, 0, value, 0, count);
        vectors.exp(slope, count);
        for (int i = 0; i < count; i++) {
          double e = a * slope[i];
          value[i] = (1 - value[i]) * e;
          slope[i] = -1.5 * e;
        }
      }
      case RadialCovariance.Rbf _ -> {
        for (int i = 0; i < count; i++) {
          value[i] = -s[i] / 2;
        }
        vectors.exp(value, count);
        for (int i = 0; i < count; i++) {
          value[i] *= a;
          slope[i] = -value[i] / 2;
        }
      }
      case RadialCovariance.RationalQuadratic _ -> {
        for (int i = 0; i < count; i++) {
          value[i] = a * function.profile(s[i], shape);
          slope[i] = a * function.slope(s[i], shape);
        }
      }
    }
  }

  @Override
  void addHyperGradient(double[] weights, int count, double[] gradient, int at) {
    int d = categorical.length;
    var scaledPoint = row.scaledPoint;
    gradient[at] += vectors.dot(weights, 0, row.value, 0, count);
    for (int i = 0; i < count; i++) {
      weighted[i] = weights[i] * row.slope[i];
    }
    for (int j = 0; j < d; j++) {
      double sum =
          categorical[j]
              ? inverse[j] * inverse[j] * sumMismatch(scaled[j], scaledPoint[j], count)
              : vectors.sumSquaredDifference(weighted, scaled[j], scaledPoint[j], count);
      gradient[at + 1 + j] -= 2 * sum;
    }
    if (function.hasShape()) {
      for (int i = 0; i < count; i++) {
        gradient[at + 1 + d] += weights[i] * a * function.shapeSlope(row.s[i], shape);
      }
    }
  }

  private double sumMismatch(double[] options, double option, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += options[i] == option ? 0 : weighted[i];
    }
    return sum;
  }

  @Override
  void addPointGradient(double[] weights, int count, double[] gradient, int at) {
    for (int i = 0; i < count; i++) {
      weighted[i] = weights[i] * row.slope[i];
    }
    for (int j = 0; j < categorical.length; j++) {
      if (!categorical[j]) {
        gradient[at + j] -=
            2 * inverse[j] * vectors.sumDifference(weighted, scaled[j], row.scaledPoint[j], count);
      }
    }
  }
}

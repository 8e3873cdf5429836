package dev.assay.device.cpu;

import dev.assay.gp.CovarianceFunction;
import java.util.List;

/// A sum or a product of parts.
final class CompositeRows extends CovarianceRows {
  private final CovarianceRows[] parts;
  private final int[] sizes; // hyperparameters of each part
  private final boolean product;
  private final double[][] values;
  private double[] weighted = {};

  CompositeRows(List<CovarianceFunction> functions, boolean[] categorical, boolean product) {
    this.product = product;
    parts = new CovarianceRows[functions.size()];
    sizes = new int[parts.length];
    values = new double[parts.length][0];
    for (int c = 0; c < parts.length; c++) {
      parts[c] = CovarianceRows.of(functions.get(c), categorical);
      sizes[c] = functions.get(c).roles(categorical.length).size();
    }
  }

  @Override
  void bind(double[][] x, int n, double[] theta, int at) {
    int from = at;
    for (int c = 0; c < parts.length; c++) {
      parts[c].bind(x, n, theta, from);
      from += sizes[c];
      if (values[c].length < n) {
        values[c] = new double[Math.max(16, n + n / 2)];
        weighted = new double[values[c].length];
      }
    }
  }

  @Override
  double diagonal() {
    double result = product ? 1 : 0;
    for (var part : parts) {
      result = product ? result * part.diagonal() : result + part.diagonal();
    }
    return result;
  }

  @Override
  boolean isStationary() {
    for (var part : parts) {
      if (!part.isStationary()) {
        return false;
      }
    }
    return true;
  }

  @Override
  double diagonal(double[] point) {
    double result = product ? 1 : 0;
    for (var part : parts) {
      result = product ? result * part.diagonal(point) : result + part.diagonal(point);
    }
    return result;
  }

  @Override
  void addDiagonalGradient(double[] point, double weight, double[] gradient, int at) {
    for (int c = 0; c < parts.length; c++) {
      double others = weight;
      for (int k = 0; product && k < parts.length; k++) {
        others *= k == c ? 1 : parts[k].diagonal(point);
      }
      parts[c].addDiagonalGradient(point, others, gradient, at);
    }
  }

  @Override
  void forward(double[] point, int count, double[] k) {
    java.util.Arrays.fill(k, 0, count, product ? 1 : 0);
    for (int c = 0; c < parts.length; c++) {
      var value = values[c];
      parts[c].forward(point, count, value);
      for (int i = 0; i < count; i++) {
        k[i] = product ? k[i] * value[i] : k[i] + value[i];
      }
    }
  }

  /// What the weights are for one part: times all other parts of a product.
  private double[] weights(double[] weights, int part, int count) {
    if (!product) {
      return weights;
    }
    System.arraycopy(weights, 0, weighted, 0, count);
    for (int c = 0; c < parts.length; c++) {
      if (c != part) {
        for (int i = 0; i < count; i++) {
          weighted[i] *= values[c][i];
        }
      }
    }
    return weighted;
  }

  @Override
  void addHyperGradient(double[] weights, int count, double[] gradient, int at) {
    int from = at;
    for (int c = 0; c < parts.length; c++) {
      parts[c].addHyperGradient(weights(weights, c, count), count, gradient, from);
      from += sizes[c];
    }
  }

  @Override
  void addPointGradient(double[] weights, int count, double[] gradient, int at) {
    for (int c = 0; c < parts.length; c++) {
      parts[c].addPointGradient(weights(weights, c, count), count, gradient, at);
    }
  }
}

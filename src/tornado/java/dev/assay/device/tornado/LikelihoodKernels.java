package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Log marginal likelihoods of R hyperparameter vectors and their gradients. Rasmussen and Williams
/// 2006, Eqs. 5.8 and 5.9.
final class LikelihoodKernels {
  private static final double HALF_LOG_2PI = 0.91893853320467274178;

  private LikelihoodKernels() {}

  /// partial[r][q][i]: row i of ½ (ααᵀ - K⁻¹) times ∂K/∂θ_q, each pair off the diagonal counted
  /// twice. A thread for each row.
  static void rows(
      KernelContext context,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray alpha,
      DoubleArray inverse,
      DoubleArray partial) {
    sumRows(
        context.globalIdx,
        context.globalGroupSizeX,
        control,
        program,
        categorical,
        natural,
        x,
        alpha,
        inverse,
        partial);
  }

  static void sumRows(
      int thread,
      int threads,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray alpha,
      DoubleArray inverse,
      DoubleArray partial) {
    int n = control.get(Control.ROWS);
    int p = control.get(Control.PARAMETERS);
    int stride = control.get(Control.ROW_STRIDE);
    int parameters = control.get(Control.PARAMETER_STRIDE);
    int all = control.get(Control.MATRICES) * n;
    for (int e = thread; e < all; e += threads) {
      int r = e / n;
      int i = e - r * n;
      int to = r * parameters * stride + i;
      for (int q = 0; q < p; q++) {
        partial.set(to + q * stride, 0);
      }
      for (int k = 0; k <= i; k++) {
        double weight =
            alpha.get(r * stride + i) * alpha.get(r * stride + k)
                - inverse.get((r * stride + i) * stride + k);
        if (k == i) {
          weight = weight / 2;
        }
        CovarianceKernels.addHyperGradient(
            weight,
            control,
            program,
            r * CovarianceKernels.WORDS,
            categorical,
            natural,
            r * parameters,
            x,
            i,
            x,
            k,
            stride,
            partial,
            to,
            stride);
      }
    }
  }

  /// result[r][0 ... p - 1]: the gradient; result[r][p]: -½ (y - m)ᵀα - Σ log Lᵢᵢ - ½ n log 2π. A
  /// thread for each number.
  static void reduce(
      KernelContext context,
      IntArray control,
      IntArray column,
      DoubleArray natural,
      DoubleArray y,
      DoubleArray factor,
      DoubleArray inverse,
      DoubleArray alpha,
      DoubleArray partial,
      DoubleArray result) {
    sum(
        context.globalIdx,
        context.globalGroupSizeX,
        control,
        column,
        natural,
        y,
        factor,
        inverse,
        alpha,
        partial,
        result);
  }

  static void sum(
      int thread,
      int threads,
      IntArray control,
      IntArray column,
      DoubleArray natural,
      DoubleArray y,
      DoubleArray factor,
      DoubleArray inverse,
      DoubleArray alpha,
      DoubleArray partial,
      DoubleArray result) {
    int n = control.get(Control.ROWS);
    int p = control.get(Control.PARAMETERS);
    int stride = control.get(Control.ROW_STRIDE);
    int parameters = control.get(Control.PARAMETER_STRIDE);
    int all = control.get(Control.MATRICES) * (p + 1);
    for (int e = thread; e < all; e += threads) {
      int r = e / (p + 1);
      int q = e - r * (p + 1);
      int base = r * stride * stride;
      double sum = 0;
      if (q < p - 2) {
        for (int i = 0; i < n; i++) {
          sum += partial.get((r * parameters + q) * stride + i);
        }
      } else if (q == p - 2) {
        for (int i = 0; i < n; i++) {
          double a = alpha.get(r * stride + i);
          sum += a * a - inverse.get(base + i * stride + i);
        }
        sum = sum / 2 * natural.get(r * parameters + p - 2);
      } else if (q == p - 1) {
        for (int i = 0; i < n; i++) {
          sum += alpha.get(r * stride + i);
        }
      } else {
        double mean = natural.get(r * parameters + p - 1);
        for (int i = 0; i < n; i++) {
          double residual = y.get(column.get(r) * stride + i) - mean;
          sum -=
              residual * alpha.get(r * stride + i) / 2
                  + Math.log(factor.get(base + i * stride + i));
        }
        sum -= n * HALF_LOG_2PI;
      }
      result.set(r * (parameters + 1) + q, sum);
    }
  }
}

package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Cholesky factors, solves and inverses of R matrices, lower triangles, row-major.
final class FactorKernels {
  /// Width of the blocks of columns.
  static final int PANEL = 32;

  /// Of a row of the diagonal block in local memory; one more than a multiple of the banks.
  private static final int PADDED = PANEL + 1;

  private FactorKernels() {}

  /// K := L in place, right-looking by panels; info[r] = 0, or 1 where K[r] is not positive
  /// definite. A work group for each matrix. The diagonal block is factored in local memory.
  static void cholesky(KernelContext context, IntArray control, DoubleArray k, IntArray info) {
    double[] diagonal = context.allocateDoubleLocalArray(PANEL * PADDED);
    if (context.groupIdx < control.get(Control.MATRICES)) {
      factor(
          context,
          context.localIdx,
          context.localGroupSizeX,
          context.groupIdx,
          control,
          k,
          info,
          diagonal);
    }
  }

  static void factor(
      KernelContext context,
      int thread,
      int threads,
      int r,
      IntArray control,
      DoubleArray k,
      IntArray info,
      double[] diagonal) {
    int n = control.get(Control.ROWS);
    int stride = control.get(Control.ROW_STRIDE);
    int base = r * stride * stride;
    int bad = 0;
    for (int column = 0; column < n; column += PANEL) {
      int width = Math.min(PANEL, n - column);
      for (int e = thread; e < width * width; e += threads) {
        int i = e / width;
        int j = e - i * width;
        if (j <= i) {
          diagonal[i * PADDED + j] = k.get(base + (column + i) * stride + column + j);
        }
      }
      context.localBarrier();
      for (int j = 0; j < width; j++) {
        double pivot = diagonal[j * PADDED + j];
        context.localBarrier();
        if (!(pivot > 0)) { // NaN as well
          bad = 1;
          pivot = 1;
        }
        double root = Math.sqrt(pivot);
        for (int i = j + thread; i < width; i += threads) {
          if (i == j) {
            diagonal[i * PADDED + j] = root;
          } else {
            diagonal[i * PADDED + j] = diagonal[i * PADDED + j] / root;
          }
        }
        context.localBarrier();
        int rest = width - j - 1;
        for (int e = thread; e < rest * rest; e += threads) {
          int i = j + 1 + e / rest;
          int c = j + 1 + (e - e / rest * rest);
          if (c <= i) {
            diagonal[i * PADDED + c] -= diagonal[i * PADDED + j] * diagonal[c * PADDED + j];
          }
        }
        context.localBarrier();
      }
      for (int e = thread; e < width * width; e += threads) {
        int i = e / width;
        int j = e - i * width;
        if (j <= i) {
          k.set(base + (column + i) * stride + column + j, diagonal[i * PADDED + j]);
        }
      }
      int below = column + width;
      for (int i = below + thread; i < n; i += threads) { // x Lᵀ = a
        int row = base + i * stride + column;
        for (int j = 0; j < width; j++) {
          double sum = k.get(row + j);
          for (int c = 0; c < j; c++) {
            sum -= k.get(row + c) * diagonal[j * PADDED + c];
          }
          k.set(row + j, sum / diagonal[j * PADDED + j]);
        }
      }
      context.globalBarrier();
      int rest = n - below;
      for (int e = thread; e < rest * rest; e += threads) {
        int i = below + e / rest;
        int c = below + (e - e / rest * rest);
        if (c <= i) {
          int left = base + i * stride + column;
          int right = base + c * stride + column;
          double sum = 0;
          for (int q = 0; q < width; q++) {
            sum += k.get(left + q) * k.get(right + q);
          }
          int at = base + i * stride + c;
          k.set(at, k.get(at) - sum);
        }
      }
      context.globalBarrier();
    }
    if (thread == 0) {
      info.set(r, bad);
    }
  }

  /// α = K⁻¹(y - m) of each model. A work group for each model.
  ///
  /// @param matrix of each model: which factor it has
  /// @param column of each model: which column of y it has
  /// @param alpha models × n
  static void weights(
      KernelContext context,
      IntArray control,
      IntArray matrix,
      IntArray column,
      DoubleArray natural,
      DoubleArray y,
      DoubleArray l,
      DoubleArray alpha) {
    if (context.groupIdx < control.get(Control.MODELS)) {
      int model = context.groupIdx;
      int n = control.get(Control.ROWS);
      int stride = control.get(Control.ROW_STRIDE);
      int r = matrix.get(model);
      double mean =
          natural.get(
              r * control.get(Control.PARAMETER_STRIDE) + control.get(Control.PARAMETERS) - 1);
      for (int i = context.localIdx; i < n; i += context.localGroupSizeX) {
        alpha.set(model * stride + i, y.get(column.get(model) * stride + i) - mean);
      }
      context.globalBarrier();
      forward(
          context,
          context.localIdx,
          context.localGroupSizeX,
          n,
          stride,
          l,
          r * stride * stride,
          alpha,
          model * stride);
      backward(
          context,
          context.localIdx,
          context.localGroupSizeX,
          n,
          stride,
          l,
          r * stride * stride,
          alpha,
          model * stride);
    }
  }

  /// b := L⁻¹ b, by the threads of one work group.
  static void forward(
      KernelContext context,
      int thread,
      int threads,
      int n,
      int stride,
      DoubleArray l,
      int base,
      DoubleArray b,
      int at) {
    for (int j = 0; j < n; j++) {
      double v = b.get(at + j) / l.get(base + j * stride + j);
      context.globalBarrier();
      if (thread == 0) {
        b.set(at + j, v);
      }
      for (int i = j + 1 + thread; i < n; i += threads) {
        b.set(at + i, b.get(at + i) - l.get(base + i * stride + j) * v);
      }
      context.globalBarrier();
    }
  }

  /// b := L⁻ᵀ b, by the threads of one work group.
  static void backward(
      KernelContext context,
      int thread,
      int threads,
      int n,
      int stride,
      DoubleArray l,
      int base,
      DoubleArray b,
      int at) {
    for (int step = 0; step < n; step++) {
      int j = n - 1 - step;
      double v = b.get(at + j) / l.get(base + j * stride + j);
      context.globalBarrier();
      if (thread == 0) {
        b.set(at + j, v);
      }
      for (int i = thread; i < j; i += threads) {
        b.set(at + i, b.get(at + i) - l.get(base + j * stride + i) * v);
      }
      context.globalBarrier();
    }
  }

  /// V := L⁻¹, the lower triangles. A thread for each column.
  static void invertFactor(KernelContext context, IntArray control, DoubleArray l, DoubleArray v) {
    triangles(context.globalIdx, context.globalGroupSizeX, control, l, v);
  }

  static void triangles(int thread, int threads, IntArray control, DoubleArray l, DoubleArray v) {
    int n = control.get(Control.ROWS);
    int stride = control.get(Control.ROW_STRIDE);
    int columns = control.get(Control.MATRICES) * n;
    for (int e = thread; e < columns; e += threads) {
      int r = e / n;
      int c = e - r * n;
      int base = r * stride * stride;
      v.set(base + c * stride + c, 1 / l.get(base + c * stride + c));
      for (int i = c + 1; i < n; i++) {
        double sum = 0;
        for (int q = c; q < i; q++) {
          sum -= l.get(base + i * stride + q) * v.get(base + q * stride + c);
        }
        v.set(base + i * stride + c, sum / l.get(base + i * stride + i));
      }
    }
  }

  /// C := Vᵀ V = K⁻¹, the lower triangles. A thread for each entry.
  static void invert(KernelContext context, IntArray control, DoubleArray v, DoubleArray c) {
    products(context.globalIdx, context.globalGroupSizeX, control, v, c);
  }

  static void products(int thread, int threads, IntArray control, DoubleArray v, DoubleArray c) {
    int n = control.get(Control.ROWS);
    int stride = control.get(Control.ROW_STRIDE);
    int square = n * n;
    int entries = control.get(Control.MATRICES) * square;
    for (int e = thread; e < entries; e += threads) {
      int r = e / square;
      int i = (e - r * square) / n;
      int j = e - r * square - i * n;
      if (j <= i) {
        int base = r * stride * stride;
        double sum = 0;
        for (int q = i; q < n; q++) {
          sum += v.get(base + q * stride + i) * v.get(base + q * stride + j);
        }
        c.set(base + i * stride + j, sum);
      }
    }
  }
}

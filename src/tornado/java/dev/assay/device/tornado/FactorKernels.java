package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Cholesky factors and their inverses of R matrices, lower triangles, row-major.
///
/// Arrays in local memory are made in the method that uses them, and outside of branches: TornadoVM
/// 5.2 takes one that is handed on for an array in global memory, and reads and writes elsewhere.
final class FactorKernels {
  /// Width of the blocks of columns.
  static final int PANEL = 32;

  /// Of a row of the diagonal block in local memory; one more than a multiple of the banks.
  private static final int PADDED = PANEL + 1;

  private FactorKernels() {}

  /// K := L in place, right-looking by panels; info[r] = 0, or 1 where K[r] is not positive
  /// definite. A work group for each matrix. The diagonal block is factored in local memory.
  static void cholesky(KernelContext context, IntArray control, DoubleArray k, IntArray info) {
    factor(context, context.localIdx, context.localGroupSizeX, context.groupIdx, control, k, info);
  }

  static void factor(
      KernelContext context,
      int thread,
      int threads,
      int r,
      IntArray control,
      DoubleArray k,
      IntArray info) {
    double[] diagonal = context.allocateDoubleLocalArray(PANEL * PADDED);
    if (r < control.get(Control.MATRICES)) {
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
  }

  /// V := L⁻¹, the lower triangles. A work group for each matrix and block of [#PANEL] rows.
  ///
  /// VL = I is solved, not LV = I: what is left of VL - I is then rounding in a row of V and a
  /// column of L, so that products of V with L times anything are as good as by substitution, also
  /// where the covariance is nearly singular (Higham 2002, section 14.2).
  static void invertFactor(KernelContext context, IntArray control, DoubleArray l, DoubleArray v) {
    invertRows(context, context.localIdx, context.localGroupSizeX, context.groupIdx, control, l, v);
  }

  /// One block of rows, from the diagonal to the left.
  static void invertRows(
      KernelContext context,
      int thread,
      int threads,
      int group,
      IntArray control,
      DoubleArray l,
      DoubleArray v) {
    double[] left = context.allocateDoubleLocalArray(PANEL * PADDED);
    double[] right = context.allocateDoubleLocalArray(PANEL * PADDED);
    double[] sums = context.allocateDoubleLocalArray(PANEL * PADDED);
    int blocks = (control.get(Control.ROWS) + PANEL - 1) / PANEL;
    if (group < control.get(Control.MATRICES) * blocks) {
      int r = group / blocks;
      int block = blocks - 1 - (group - r * blocks); // the longest first
      int n = control.get(Control.ROWS);
      int stride = control.get(Control.ROW_STRIDE);
      int base = r * stride * stride;
      int top = block * PANEL;
      int height = Math.min(PANEL, n - top);
      for (int step = 0; step <= block; step++) {
        int column = top - step * PANEL;
        int width = Math.min(PANEL, n - column);
        for (int e = thread; e < PANEL * PANEL; e += threads) {
          int i = e / PANEL;
          int j = e - i * PANEL;
          double unit = 0;
          if (step == 0 && i == j) {
            unit = 1;
          }
          sums[i * PADDED + j] = unit;
        }
        context.localBarrier();
        for (int inner = top; inner >= column; inner -= PANEL) { // at least once, for barriers
          int depth = Math.min(PANEL, n - inner);
          for (int e = thread; e < PANEL * PANEL; e += threads) {
            int i = e / PANEL;
            int j = e - i * PANEL;
            double of = 0;
            if (i < height && inner + j <= top + i && inner > column) {
              of = v.get(base + (top + i) * stride + inner + j);
            }
            left[i * PADDED + j] = of;
            double by = 0;
            if (i < depth && j < width) {
              by = l.get(base + (inner + i) * stride + column + j);
            }
            right[i * PADDED + j] = by;
          }
          context.localBarrier();
          if (inner > column) {
            for (int e = thread; e < PANEL * PANEL / 4; e += threads) { // sums -= left right
              int quad = e / PANEL;
              int j = e - quad * PANEL;
              int row = 4 * quad * PADDED;
              double s0 = sums[row + j];
              double s1 = sums[row + PADDED + j];
              double s2 = sums[row + 2 * PADDED + j];
              double s3 = sums[row + 3 * PADDED + j];
              for (int q = 0; q < depth; q++) {
                double by = right[q * PADDED + j];
                s0 -= left[row + q] * by;
                s1 -= left[row + PADDED + q] * by;
                s2 -= left[row + 2 * PADDED + q] * by;
                s3 -= left[row + 3 * PADDED + q] * by;
              }
              sums[row + j] = s0;
              sums[row + PADDED + j] = s1;
              sums[row + 2 * PADDED + j] = s2;
              sums[row + 3 * PADDED + j] = s3;
            }
          } else {
            for (int i = thread; i < height; i += threads) { // sums := sums right⁻¹
              for (int back = 1; back <= width; back++) {
                int j = width - back;
                double sum = sums[i * PADDED + j];
                for (int q = j + 1; q < width; q++) {
                  sum -= sums[i * PADDED + q] * right[q * PADDED + j];
                }
                sums[i * PADDED + j] = sum / right[j * PADDED + j];
              }
            }
          }
          context.localBarrier();
        }
        for (int e = thread; e < height * width; e += threads) {
          int i = e / width;
          int j = e - i * width;
          if (column + j <= top + i) {
            v.set(base + (top + i) * stride + column + j, sums[i * PADDED + j]);
          }
        }
        context.globalBarrier();
      }
    }
  }
}

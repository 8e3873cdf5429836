package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// One observation more: the last row of each covariance matrix, and of its factor. Rasmussen and
/// Williams 2006, appendix A.4.
final class ExtensionKernels {
  private ExtensionKernels() {}

  /// The last row of each K, for an observation that was added: k(x_last, xᵢ). A thread for each.
  static void lastRow(
      KernelContext context,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray factor) {
    fillLastRow(
        context.globalIdx,
        context.globalGroupSizeX,
        control,
        program,
        categorical,
        natural,
        x,
        factor);
  }

  static void fillLastRow(
      int thread,
      int threads,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray factor) {
    int n = control.get(Control.ROWS);
    int stride = control.get(Control.ROW_STRIDE);
    int all = control.get(Control.MATRICES) * (n - 1);
    for (int e = thread; e < all; e += threads) {
      int r = e / (n - 1);
      int i = e - r * (n - 1);
      factor.set(
          (r * stride + n - 1) * stride + i,
          CovarianceKernels.between(
              control,
              program,
              r * CovarianceKernels.WORDS,
              categorical,
              natural,
              r * control.get(Control.PARAMETER_STRIDE),
              x,
              n - 1,
              stride,
              x,
              i,
              stride));
    }
  }

  /// Makes the last row of each K the last row of L and of L⁻¹, in O(n²). A work group for each
  /// matrix.
  ///
  /// @param info out: 1 where the pivot is nothing but rounding error
  static void extend(
      KernelContext context,
      IntArray control,
      DoubleArray natural,
      DoubleArray jitter,
      DoubleArray prior,
      DoubleArray l,
      DoubleArray v,
      DoubleArray work,
      IntArray info) {
    if (context.groupIdx < control.get(Control.MATRICES)) {
      extendRow(
          context,
          context.localIdx,
          context.localGroupSizeX,
          context.groupIdx,
          control,
          natural,
          jitter,
          prior,
          l,
          v,
          work,
          info);
    }
  }

  static void extendRow(
      KernelContext context,
      int thread,
      int threads,
      int r,
      IntArray control,
      DoubleArray natural,
      DoubleArray jitter,
      DoubleArray prior,
      DoubleArray l,
      DoubleArray v,
      DoubleArray work,
      IntArray info) {
    int old = control.get(Control.ROWS) - 1;
    int stride = control.get(Control.ROW_STRIDE);
    int triangle = r * stride * stride;
    int row = triangle + old * stride;
    int half = 2 * r * stride;
    int off = half + stride;
    VectorKernels.multiply(
        thread, threads, old, stride, v, triangle, l, row, false, l, 0, 1, work, half);
    context.globalBarrier();
    VectorKernels.multiply(
        thread, threads, old, stride, l, triangle, work, half, true, l, row, -1, work, off);
    context.globalBarrier();
    VectorKernels.multiply(
        thread, threads, old, stride, v, triangle, work, off, true, work, half, 1, l, row);
    context.globalBarrier();
    if (thread == 0) {
      double diagonal =
          prior.get(r)
              + natural.get(
                  r * control.get(Control.PARAMETER_STRIDE) + control.get(Control.PARAMETERS) - 2)
              + jitter.get(r);
      double pivot = diagonal;
      for (int i = 0; i < old; i++) {
        pivot -= l.get(row + i) * l.get(row + i);
      }
      int bad = 0;
      if (!(pivot > 1e-14 * diagonal)) {
        bad = 1;
      }
      info.set(r, bad);
      double root = Math.sqrt(pivot);
      l.set(row + old, root);
      v.set(row + old, 1 / root);
    }
    context.globalBarrier();
    VectorKernels.multiplyTransposed(
        thread, threads, old, stride, v, triangle, l, row, false, l, 0, -v.get(row + old), v, row);
    context.globalBarrier();
    // The small pivot made what VL - I is off by large: once more, with what this row's is.
    VectorKernels.multiplyTransposed(
        thread, threads, old + 1, stride, l, triangle, v, row, false, l, 0, -1, work, off);
    context.globalBarrier();
    VectorKernels.multiplyTransposed(
        thread, threads, old, stride, v, triangle, work, off, true, v, row, 1, v, row);
  }
}

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

  /// Makes the last row of each K the last row of L, in O(n²). A work group for each matrix.
  ///
  /// @param info out: 1 where the pivot is nothing but rounding error
  static void extend(
      KernelContext context,
      IntArray control,
      DoubleArray natural,
      DoubleArray jitter,
      DoubleArray prior,
      DoubleArray factor,
      IntArray info) {
    if (context.groupIdx < control.get(Control.MATRICES)) {
      int r = context.groupIdx;
      int old = control.get(Control.ROWS) - 1;
      int stride = control.get(Control.ROW_STRIDE);
      int row = (r * stride + old) * stride;
      FactorKernels.forward(
          context,
          context.localIdx,
          context.localGroupSizeX,
          old,
          stride,
          factor,
          r * stride * stride,
          factor,
          row);
      if (context.localIdx == 0) {
        double diagonal =
            prior.get(r)
                + natural.get(
                    r * control.get(Control.PARAMETER_STRIDE) + control.get(Control.PARAMETERS) - 2)
                + jitter.get(r);
        double pivot = diagonal;
        for (int i = 0; i < old; i++) {
          pivot -= factor.get(row + i) * factor.get(row + i);
        }
        int bad = 0;
        if (!(pivot > 1e-14 * diagonal)) {
          bad = 1;
        }
        info.set(r, bad);
        factor.set(row + old, Math.sqrt(pivot));
      }
    }
  }
}

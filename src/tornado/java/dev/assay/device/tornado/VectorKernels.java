package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Products of triangles with vectors, by the threads of one work group, and what comes of them: α,
/// and one row more of factors and inverses. Rasmussen and Williams 2006, Algorithm 2.1 and
/// appendix A.4.
///
/// b := L⁻¹b is V b, and once more V times what that is off by, b - L(V b): as good as by
/// substitution, without n steps that wait for each other.
///
/// work: 2 × n for each group or model.
final class VectorKernels {
  private VectorKernels() {}

  /// to := base + sign T from, or without a base; a thread for each row. T is the lower triangle at
  /// `triangle`; `to` may be the base.
  static void multiply(
      int thread,
      int threads,
      int n,
      int stride,
      DoubleArray t,
      int triangle,
      DoubleArray from,
      int source,
      boolean based,
      DoubleArray base,
      int start,
      double sign,
      DoubleArray to,
      int target) {
    for (int i = thread; i < n; i += threads) {
      int row = triangle + i * stride;
      double sum = 0;
      for (int k = 0; k <= i; k++) {
        sum += t.get(row + k) * from.get(source + k);
      }
      sum = sum * sign;
      if (based) {
        sum += base.get(start + i);
      }
      to.set(target + i, sum);
    }
  }

  /// The same with Tᵀ.
  static void multiplyTransposed(
      int thread,
      int threads,
      int n,
      int stride,
      DoubleArray t,
      int triangle,
      DoubleArray from,
      int source,
      boolean based,
      DoubleArray base,
      int start,
      double sign,
      DoubleArray to,
      int target) {
    for (int i = thread; i < n; i += threads) {
      double sum = 0;
      for (int k = i; k < n; k++) {
        sum += t.get(triangle + k * stride + i) * from.get(source + k);
      }
      sum = sum * sign;
      if (based) {
        sum += base.get(start + i);
      }
      to.set(target + i, sum);
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
      DoubleArray v,
      DoubleArray work,
      DoubleArray alpha) {
    if (context.groupIdx < control.get(Control.MODELS)) {
      weigh(
          context,
          context.localIdx,
          context.localGroupSizeX,
          context.groupIdx,
          control,
          matrix,
          column,
          natural,
          y,
          l,
          v,
          work,
          alpha);
    }
  }

  static void weigh(
      KernelContext context,
      int thread,
      int threads,
      int model,
      IntArray control,
      IntArray matrix,
      IntArray column,
      DoubleArray natural,
      DoubleArray y,
      DoubleArray l,
      DoubleArray v,
      DoubleArray work,
      DoubleArray alpha) {
    int n = control.get(Control.ROWS);
    int stride = control.get(Control.ROW_STRIDE);
    int r = matrix.get(model);
    int triangle = r * stride * stride;
    int to = model * stride;
    int half = 2 * model * stride;
    int other = half + stride; // the residuals, then what α is off by
    double mean =
        natural.get(
            r * control.get(Control.PARAMETER_STRIDE) + control.get(Control.PARAMETERS) - 1);
    for (int i = thread; i < n; i += threads) {
      work.set(other + i, y.get(column.get(model) * stride + i) - mean);
    }
    context.globalBarrier();
    multiply(thread, threads, n, stride, v, triangle, work, other, false, work, 0, 1, work, half);
    context.globalBarrier();
    multiply(thread, threads, n, stride, l, triangle, work, half, true, work, other, -1, alpha, to);
    context.globalBarrier();
    multiply(thread, threads, n, stride, v, triangle, alpha, to, true, work, half, 1, work, half);
    context.globalBarrier();
    multiplyTransposed(
        thread, threads, n, stride, v, triangle, work, half, false, work, 0, 1, alpha, to);
    context.globalBarrier();
    multiplyTransposed(
        thread, threads, n, stride, l, triangle, alpha, to, true, work, half, -1, work, other);
    context.globalBarrier();
    multiplyTransposed(
        thread, threads, n, stride, v, triangle, work, other, true, alpha, to, 1, alpha, to);
  }
}

package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Products of the inverse factors V of R matrices, lower triangles, row-major. A thread for each
/// column and four rows of a result, so that a number that neighbours read beside each other serves
/// four sums, which wait for none of another.
final class ProductKernels {
  /// Rows of a thread.
  private static final int QUAD = 4;

  private ProductKernels() {}

  /// half[r] := V[r] cross[r], n × M each.
  static void halves(
      KernelContext context, IntArray control, DoubleArray v, DoubleArray cross, DoubleArray half) {
    multiply(context.globalIdx, context.globalGroupSizeX, control, v, cross, half);
  }

  static void multiply(
      int thread, int threads, IntArray control, DoubleArray v, DoubleArray from, DoubleArray to) {
    int n = control.get(Control.ROWS);
    int m = control.get(Control.POINTS);
    int stride = control.get(Control.ROW_STRIDE);
    int wide = control.get(Control.POINT_STRIDE);
    int block = (n + QUAD - 1) / QUAD * m;
    int all = control.get(Control.MATRICES) * block;
    for (int e = thread; e < all; e += threads) {
      int r = e / block;
      int i = (e - r * block) / m;
      int t = e - r * block - i * m;
      i = i * QUAD;
      int row = (r * stride + i) * stride;
      int at = r * stride * wide + t;
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      for (int k = 0; k < i; k++) {
        double by = from.get(at + k * wide);
        s0 += v.get(row + k) * by;
        s1 += v.get(row + stride + k) * by;
        s2 += v.get(row + 2 * stride + k) * by;
        s3 += v.get(row + 3 * stride + k) * by;
      }
      int end = Math.min(n, i + QUAD);
      for (int k = i; k < end; k++) { // where the triangle ends
        double by = from.get(at + k * wide);
        if (k == i) {
          s0 += v.get(row + k) * by;
        }
        if (k <= i + 1) {
          s1 += v.get(row + stride + k) * by;
        }
        if (k <= i + 2) {
          s2 += v.get(row + 2 * stride + k) * by;
        }
        s3 += v.get(row + 3 * stride + k) * by;
      }
      store(to, at + i * wide, wide, end - i, s0, s1, s2, s3);
    }
  }

  /// whole[r] := Vᵀ[r] half[r], n × M each.
  static void wholes(
      KernelContext context, IntArray control, DoubleArray v, DoubleArray half, DoubleArray whole) {
    multiplyTransposed(context.globalIdx, context.globalGroupSizeX, control, v, half, whole);
  }

  static void multiplyTransposed(
      int thread, int threads, IntArray control, DoubleArray v, DoubleArray from, DoubleArray to) {
    int n = control.get(Control.ROWS);
    int m = control.get(Control.POINTS);
    int stride = control.get(Control.ROW_STRIDE);
    int wide = control.get(Control.POINT_STRIDE);
    int block = (n + QUAD - 1) / QUAD * m;
    int all = control.get(Control.MATRICES) * block;
    for (int e = thread; e < all; e += threads) {
      int r = e / block;
      int i = (e - r * block) / m;
      int t = e - r * block - i * m;
      i = i * QUAD;
      int column = r * stride * stride + i;
      int at = r * stride * wide + t;
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      int end = Math.min(n, i + QUAD);
      for (int k = i; k < end; k++) { // where the triangle begins
        int row = column + k * stride;
        double by = from.get(at + k * wide);
        s0 += v.get(row) * by;
        if (k >= i + 1) {
          s1 += v.get(row + 1) * by;
        }
        if (k >= i + 2) {
          s2 += v.get(row + 2) * by;
        }
        if (k == i + 3) {
          s3 += v.get(row + 3) * by;
        }
      }
      for (int k = end; k < n; k++) {
        int row = column + k * stride;
        double by = from.get(at + k * wide);
        s0 += v.get(row) * by;
        s1 += v.get(row + 1) * by;
        s2 += v.get(row + 2) * by;
        s3 += v.get(row + 3) * by;
      }
      store(to, at + i * wide, wide, end - i, s0, s1, s2, s3);
    }
  }

  /// C := Vᵀ V = K⁻¹, the lower triangles.
  static void inverse(KernelContext context, IntArray control, DoubleArray v, DoubleArray c) {
    square(context.globalIdx, context.globalGroupSizeX, control, v, c);
  }

  static void square(int thread, int threads, IntArray control, DoubleArray v, DoubleArray c) {
    int n = control.get(Control.ROWS);
    int stride = control.get(Control.ROW_STRIDE);
    int block = (n + QUAD - 1) / QUAD * n;
    int all = control.get(Control.MATRICES) * block;
    for (int e = thread; e < all; e += threads) {
      int r = e / block;
      int i = (e - r * block) / n;
      int j = e - r * block - i * n;
      i = i * QUAD;
      int end = Math.min(n, i + QUAD);
      if (j < end) {
        int base = r * stride * stride;
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        for (int k = Math.max(i, j); k < end; k++) { // where the columns begin
          int row = base + k * stride;
          double by = v.get(row + j);
          s0 += v.get(row + i) * by;
          if (k >= i + 1) {
            s1 += v.get(row + i + 1) * by;
          }
          if (k >= i + 2) {
            s2 += v.get(row + i + 2) * by;
          }
          if (k == i + 3) {
            s3 += v.get(row + i + 3) * by;
          }
        }
        for (int k = end; k < n; k++) {
          int row = base + k * stride;
          double by = v.get(row + j);
          s0 += v.get(row + i) * by;
          s1 += v.get(row + i + 1) * by;
          s2 += v.get(row + i + 2) * by;
          s3 += v.get(row + i + 3) * by;
        }
        // Above the diagonal there is room, which nobody reads.
        store(c, base + i * stride + j, stride, end - i, s0, s1, s2, s3);
      }
    }
  }

  private static void store(
      DoubleArray to, int at, int stride, int rows, double s0, double s1, double s2, double s3) {
    to.set(at, s0);
    if (rows > 1) {
      to.set(at + stride, s1);
    }
    if (rows > 2) {
      to.set(at + 2 * stride, s2);
    }
    if (rows > 3) {
      to.set(at + 3 * stride, s3);
    }
  }
}

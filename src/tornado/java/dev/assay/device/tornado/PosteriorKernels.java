package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Predictions of groups of models that share a factor, at M points, and their derivatives.
/// Rasmussen and Williams 2006, Eqs. 2.25 and 2.26.
///
/// points: d × M. R × n × M each: cross, k(X, point); half, L⁻¹k; whole, K⁻¹k ([ProductKernels]).
final class PosteriorKernels {
  private PosteriorKernels() {}

  /// cross[r][i][t] = k(xᵢ, point t). A thread for each entry.
  static void crossCovariance(
      KernelContext context,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray points,
      DoubleArray cross) {
    fillCross(
        context.globalIdx,
        context.globalGroupSizeX,
        control,
        program,
        categorical,
        natural,
        x,
        points,
        cross);
  }

  static void fillCross(
      int thread,
      int threads,
      IntArray control,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray points,
      DoubleArray cross) {
    int n = control.get(Control.ROWS);
    int m = control.get(Control.POINTS);
    int stride = control.get(Control.ROW_STRIDE);
    int wide = control.get(Control.POINT_STRIDE);
    int block = n * m;
    int entries = control.get(Control.MATRICES) * block;
    for (int e = thread; e < entries; e += threads) {
      int r = e / block;
      int i = (e - r * block) / m;
      int t = e - r * block - i * m;
      cross.set(
          (r * stride + i) * wide + t,
          CovarianceKernels.between(
              control,
              program,
              r * CovarianceKernels.WORDS,
              categorical,
              natural,
              r * control.get(Control.PARAMETER_STRIDE),
              points,
              t,
              wide,
              x,
              i,
              stride));
    }
  }

  /// means[model][t] = m + k*ᵀα. A thread for each.
  static void means(
      KernelContext context,
      IntArray control,
      IntArray matrix,
      DoubleArray natural,
      DoubleArray alpha,
      DoubleArray cross,
      DoubleArray means) {
    sumMeans(
        context.globalIdx, context.globalGroupSizeX, control, matrix, natural, alpha, cross, means);
  }

  static void sumMeans(
      int thread,
      int threads,
      IntArray control,
      IntArray matrix,
      DoubleArray natural,
      DoubleArray alpha,
      DoubleArray cross,
      DoubleArray means) {
    int n = control.get(Control.ROWS);
    int m = control.get(Control.POINTS);
    int stride = control.get(Control.ROW_STRIDE);
    int wide = control.get(Control.POINT_STRIDE);
    int all = control.get(Control.MODELS) * m;
    for (int e = thread; e < all; e += threads) {
      int model = e / m;
      int t = e - model * m;
      int r = matrix.get(model);
      double sum =
          natural.get(
              r * control.get(Control.PARAMETER_STRIDE) + control.get(Control.PARAMETERS) - 1);
      for (int i = 0; i < n; i++) {
        sum += cross.get((r * stride + i) * wide + t) * alpha.get(model * stride + i);
      }
      means.set(model * wide + t, sum);
    }
  }

  /// variances[r][t] = k(x, x) - |half|², at least 0. A thread for each r and t.
  ///
  /// @param prior k(x, x) of each r
  static void variances(
      KernelContext context,
      IntArray control,
      DoubleArray prior,
      DoubleArray half,
      DoubleArray variances) {
    sumVariances(context.globalIdx, context.globalGroupSizeX, control, prior, half, variances);
  }

  static void sumVariances(
      int thread,
      int threads,
      IntArray control,
      DoubleArray prior,
      DoubleArray half,
      DoubleArray variances) {
    int n = control.get(Control.ROWS);
    int m = control.get(Control.POINTS);
    int stride = control.get(Control.ROW_STRIDE);
    int wide = control.get(Control.POINT_STRIDE);
    int all = control.get(Control.MATRICES) * m;
    for (int e = thread; e < all; e += threads) {
      int r = e / m;
      int t = e - r * m;
      double variance = prior.get(r);
      for (int i = 0; i < n; i++) {
        double number = half.get((r * stride + i) * wide + t);
        variance -= number * number;
      }
      if (variance < 0) {
        variance = 0;
      }
      variances.set(r * wide + t, variance);
    }
  }

  /// gradients[j][t]: Σ over models of ∂a/∂μ ∂μ/∂xⱼ + ∂a/∂s² ∂s²/∂xⱼ, with whole. A thread for each
  /// point.
  ///
  /// @param dMeans models × M: ∂a/∂μ
  /// @param dVariances R × M: ∂a/∂s², summed over the models of a group
  static void gradients(
      KernelContext context,
      IntArray control,
      IntArray program,
      IntArray categorical,
      IntArray matrix,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray alpha,
      DoubleArray points,
      DoubleArray whole,
      DoubleArray dMeans,
      DoubleArray dVariances,
      DoubleArray gradients) {
    sumGradients(
        context.globalIdx,
        context.globalGroupSizeX,
        control,
        program,
        categorical,
        matrix,
        natural,
        x,
        alpha,
        points,
        whole,
        dMeans,
        dVariances,
        gradients);
  }

  static void sumGradients(
      int thread,
      int threads,
      IntArray control,
      IntArray program,
      IntArray categorical,
      IntArray matrix,
      DoubleArray natural,
      DoubleArray x,
      DoubleArray alpha,
      DoubleArray points,
      DoubleArray whole,
      DoubleArray dMeans,
      DoubleArray dVariances,
      DoubleArray gradients) {
    int n = control.get(Control.ROWS);
    int d = control.get(Control.DIMENSION);
    int m = control.get(Control.POINTS);
    int matrices = control.get(Control.MATRICES);
    int models = control.get(Control.MODELS);
    int stride = control.get(Control.ROW_STRIDE);
    int wide = control.get(Control.POINT_STRIDE);
    for (int t = thread; t < m; t += threads) {
      for (int j = 0; j < d; j++) {
        gradients.set(j * wide + t, 0);
      }
      for (int r = 0; r < matrices; r++) {
        for (int i = 0; i < n; i++) {
          double weight =
              -2 * dVariances.get(r * wide + t) * whole.get((r * stride + i) * wide + t);
          for (int model = 0; model < models; model++) {
            if (matrix.get(model) == r) {
              weight += dMeans.get(model * wide + t) * alpha.get(model * stride + i);
            }
          }
          CovarianceKernels.addPointGradient(
              weight,
              control,
              program,
              r * CovarianceKernels.WORDS,
              categorical,
              natural,
              r * control.get(Control.PARAMETER_STRIDE),
              points,
              t,
              wide,
              x,
              i,
              stride,
              gradients,
              t,
              wide);
        }
      }
    }
  }

  /// joint[s][t] = k(point s, point t) - the product of their columns of half, t <= s, of group
  /// `which[0]`, with half. A thread for each entry.
  static void joint(
      KernelContext context,
      IntArray control,
      IntArray which,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray points,
      DoubleArray half,
      DoubleArray joint) {
    fillJoint(
        context.globalIdx,
        context.globalGroupSizeX,
        control,
        which,
        program,
        categorical,
        natural,
        points,
        half,
        joint);
  }

  static void fillJoint(
      int thread,
      int threads,
      IntArray control,
      IntArray which,
      IntArray program,
      IntArray categorical,
      DoubleArray natural,
      DoubleArray points,
      DoubleArray half,
      DoubleArray joint) {
    int n = control.get(Control.ROWS);
    int m = control.get(Control.POINTS);
    int stride = control.get(Control.ROW_STRIDE);
    int wide = control.get(Control.POINT_STRIDE);
    int r = which.get(0);
    for (int e = thread; e < m * m; e += threads) {
      int s = e / m;
      int t = e - s * m;
      if (t <= s) {
        double sum =
            CovarianceKernels.between(
                control,
                program,
                r * CovarianceKernels.WORDS,
                categorical,
                natural,
                r * control.get(Control.PARAMETER_STRIDE),
                points,
                s,
                wide,
                points,
                t,
                wide);
        for (int i = 0; i < n; i++) {
          sum -= half.get((r * stride + i) * wide + s) * half.get((r * stride + i) * wide + t);
        }
        joint.set(s * wide + t, sum);
      }
    }
  }
}

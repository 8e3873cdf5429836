// The posterior of models that share one factor at a few points, by one block of 256 threads.
//
// Source: Rasmussen and Williams 2006, Eqs. 2.25 and 2.26.
#pragma once
#include "covariance.cuh"
#include "triangular.cuh"

namespace assay {

/// Models of one covariance and hyperparameters, which differ in their outputs only.
///
/// @see posterior.cu for the arrays
template <class T>
struct Conditioned {
  const Covariance* covariance;
  int d, p;
  const int* categorical;
  const T* natural;
  const T* x;
  int ldx, n;
  const T* factor;
  int ldl;
  const T* alpha;
  int lda;
  int models;
  const int* model;
};

/// Means and variances at `count` <= 16 points, the first of which is number `first` of m. All threads of the block call
/// it; what it writes is whole after the next barrier.
/// @param points the first one's d coordinates; rows: count x n, out: L^-1 k*
/// @param shared SOLVE_SHARED numbers
template <class T>
__device__ inline void posterior_tile(
    const Conditioned<T>& g, const T* points, int first, int count, int m, T* rows, T* means, T* variances, T* shared) {
  int n = g.n;
  for (int t = 0; t < count; t++)
    for (int i = threadIdx.x; i < n; i += blockDim.x)
      rows[(size_t)t * n + i] =
          covariance_at(*g.covariance, g.natural, g.d, g.categorical, points + (size_t)t * g.d, 1, g.x + i, g.ldx);
  __syncthreads();
  for (int q = warp(); q < count * g.models; q += warps()) {
    int t = q / g.models, k = q % g.models;
    T sum = 0;
    for (int i = lane(); i < n; i += WARP) sum += rows[(size_t)t * n + i] * g.alpha[(size_t)k * g.lda + i];
    sum = warp_sum(sum);
    if (lane() == 0) means[(size_t)g.model[k] * m + first + t] = g.natural[g.p - 1] + sum;
  }
  // The first barrier of the solves stands before all that they write.
  solve_rows<false>(g.factor, g.ldl, n, rows, n, count, 0, shared);
  for (int t = warp(); t < count; t += warps()) {
    T square = 0;  // of numbers that this thread solved for
    for (int i = lane(); i < n; i += WARP) square += rows[(size_t)t * n + i] * rows[(size_t)t * n + i];
    square = warp_sum(square);
    T variance = covariance_diagonal(*g.covariance, g.natural, g.d) - square;
    if (variance < 0) variance = 0;
    if (lane() == 0)
      for (int k = 0; k < g.models; k++) variances[(size_t)g.model[k] * m + first + t] = variance;
  }
}

/// Adds the derivatives of the acquisition in the coordinates of point t of m, by those in its means and variances. All
/// threads of the block call it; the gradient is whole after the next barrier.
/// @param point d coordinates; w: n numbers L^-T L^-1 k*; gradient: d
/// @param shared gradient_scratch(blockDim.x) numbers
template <class T>
__device__ inline void add_point_gradient(
    const Conditioned<T>& g, const T* point, int t, int m, const T* w, const T* dmeans, const T* dvariances, T* gradient,
    T* shared) {
  T dvariance = 0;
  for (int k = 0; k < g.models; k++) dvariance += dvariances[(size_t)g.model[k] * m + t];
  auto weight = [=](int i) {
    T sum = -2 * dvariance * w[i];
    for (int k = 0; k < g.models; k++) sum += dmeans[(size_t)g.model[k] * m + t] * g.alpha[(size_t)k * g.lda + i];
    return sum;
  };
  weighted_gradient<false>(
      *g.covariance, g.natural, g.d, g.categorical, point, 1, g.x, g.ldx, g.n, weight, gradient, shared);
}

}  // namespace assay

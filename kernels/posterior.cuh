// The posterior of models that share one factor, and its derivatives in a point.
//
// Source: Rasmussen and Williams 2006, Eqs. 2.25 and 2.26.
#pragma once
#include "covariance.cuh"

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
  const T* alpha;
  int lda;
  int models;
  const int* model;
};

/// Means and the variance at point t of m, by one warp.
/// @param k, half: n numbers k* and L^-1 k*
template <class T>
__device__ inline void put_moments(
    const Conditioned<T>& g, const T* k, const T* half, int t, int m, T* means, T* variances) {
  T square = 0;
  for (int i = lane(); i < g.n; i += WARP) square += half[i] * half[i];
  square = warp_sum(square);
  T variance = covariance_diagonal(*g.covariance, g.natural, g.d) - square;
  if (variance < 0) variance = 0;
  for (int q = 0; q < g.models; q++) {
    T sum = 0;
    for (int i = lane(); i < g.n; i += WARP) sum += k[i] * g.alpha[(size_t)q * g.lda + i];
    sum = warp_sum(sum);
    size_t at = (size_t)g.model[q] * m + t;
    if (lane() == 0) {
      means[at] = g.natural[g.p - 1] + sum;
      variances[at] = variance;
    }
  }
}

/// Adds the derivatives of the acquisition in the coordinates of point t of m, by those in its means and variances. All
/// threads of the block call it, which begins with a barrier; the gradient is whole after the next one.
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

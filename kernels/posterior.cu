// Posterior of models that share one factor, at m candidates.
//
// posterior: for tiles of 16 candidates in one go: k* = k(candidate, X), mean of every model, half = L^-1 k*,
//   variance = k(x,x) - |half|^2, at least 0. Launch: ceil(m/16) blocks of 256 threads.
//   @param model which row of means and variances (m numbers each) each of the `models` models has
//   @param alpha models x n at stride lda; half: m x n workspace, kept for the gradient
//   @param skip m flags or null: a tile whose candidates are all flagged is left out
// posterior_gradient: after half := L^-T half (solve_lower_transposed), adds
//   sum_i (-2 dvariance w_i + sum_g dmean_g alpha_gi) dk(x, x_i)/dx to gradient[t]. Launch: m blocks of 256 threads.
//
// Source: Rasmussen and Williams 2006, Eqs. 2.25 and 2.26.
#include "covariance.cuh"
#include "triangular.cuh"

namespace assay {

template <class T>
__device__ inline bool all_flagged(const int* skip, int first, int count) {
  if (skip == nullptr) return false;
  for (int t = 0; t < count; t++)
    if (!skip[first + t]) return false;
  return true;
}

template <class T>
__device__ inline void posterior(
    const int* program, int d, int p, const int* categorical, const T* natural, const T* x, int ldx, int n, const T* l,
    int ldl, const T* alpha, int lda, int models, const int* model, const T* points, int m, const int* skip, T* half,
    T* means, T* variances) {
  SHARED_ARRAY(T, shared);
  int first = blockIdx.x * SIDES;
  int count = min(SIDES, m - first);
  if (all_flagged<T>(skip, first, count)) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  T* rows = half + (size_t)first * n;
  for (int t = 0; t < count; t++)
    for (int i = threadIdx.x; i < n; i += blockDim.x)
      rows[(size_t)t * n + i] =
          covariance_at(c, natural, d, categorical, points + (size_t)(first + t) * d, 1, x + i, ldx);
  __syncthreads();
  for (int q = warp(); q < count * models; q += warps()) {
    int t = q / models, g = q % models;
    T sum = 0;
    for (int i = lane(); i < n; i += WARP) sum += rows[(size_t)t * n + i] * alpha[(size_t)g * lda + i];
    sum = warp_sum(sum);
    if (lane() == 0) means[(size_t)model[g] * m + first + t] = natural[p - 1] + sum;
  }
  __syncthreads();
  solve_rows<false>(l, ldl, n, rows, n, count, 0, shared);
  __syncthreads();
  for (int t = warp(); t < count; t += warps()) {
    T square = 0;
    for (int i = lane(); i < n; i += WARP) square += rows[(size_t)t * n + i] * rows[(size_t)t * n + i];
    square = warp_sum(square);
    T variance = covariance_diagonal(c, natural, d) - square;
    if (variance < 0) variance = 0;
    if (lane() == 0)
      for (int g = 0; g < models; g++) variances[(size_t)model[g] * m + first + t] = variance;
  }
}

template <class T>
__device__ inline void posterior_gradient(
    const int* program, int d, const int* categorical, const T* natural, const T* x, int ldx, int n, const T* alpha,
    int lda, int models, const int* model, const T* points, int m, const int* skip, const T* whole, const T* dmeans,
    const T* dvariances, T* gradient) {
  SHARED_ARRAY(T, shared);
  int t = blockIdx.x;
  if (skip != nullptr && skip[t]) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  const T* w = whole + (size_t)t * n;
  T dvariance = 0;
  for (int g = 0; g < models; g++) dvariance += dvariances[(size_t)model[g] * m + t];
  auto weight = [=](int i) {
    T sum = -2 * dvariance * w[i];
    for (int g = 0; g < models; g++) sum += dmeans[(size_t)model[g] * m + t] * alpha[(size_t)g * lda + i];
    return sum;
  };
  weighted_gradient<false>(
      c, natural, d, categorical, points + (size_t)t * d, 1, x, ldx, n, weight, gradient + (size_t)t * d, shared);
}

}  // namespace assay

#define POSTERIOR(T)                                                                                                \
  (const int* program, int d, int p, const int* categorical, const T* natural, const T* x, int ldx, int n, const T* l, \
   int ldl, const T* alpha, int lda, int models, const int* model, const T* points, int m, const int* skip, T* half,   \
   T* means, T* variances)
KERNEL_PAIR(posterior, POSTERIOR(double), POSTERIOR(float),
            (program, d, p, categorical, natural, x, ldx, n, l, ldl, alpha, lda, models, model, points, m, skip, half,
             means, variances))

#define POSTERIOR_GRADIENT(T)                                                                                       \
  (const int* program, int d, const int* categorical, const T* natural, const T* x, int ldx, int n, const T* alpha,    \
   int lda, int models, const int* model, const T* points, int m, const int* skip, const T* whole, const T* dmeans,    \
   const T* dvariances, T* gradient)
KERNEL_PAIR(posterior_gradient, POSTERIOR_GRADIENT(double), POSTERIOR_GRADIENT(float),
            (program, d, categorical, natural, x, ldx, n, alpha, lda, models, model, points, m, skip, whole, dmeans,
             dvariances, gradient))

// Posterior of models that share one factor, at m candidates.
//
// posterior: for tiles of 16 candidates in one go: k* = k(candidate, X), mean of every model, half = L^-1 k*,
//   variance = k(x,x) - |half|^2, at least 0. Launch: ceil(m/16) blocks of 256 threads.
//   @param model which row of means and variances (m numbers each) each of the `models` models has
//   @param alpha models x n at stride lda; half: m x n workspace, kept for the gradient
//   @param skip m flags or null: a tile whose candidates are all flagged is left out
// posterior_gradient: after half := L^-T half (solve_lower_transposed), adds
//   sum_i (-2 dvariance w_i + sum_g dmean_g alpha_gi) dk(x, x_i)/dx to gradient[t]. Launch: m blocks of 256 threads.
#include "posterior.cuh"

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
  Conditioned<T> group = {reinterpret_cast<const Covariance*>(program), d, p, categorical, natural, x, ldx, n, l, ldl,
                          alpha, lda, models, model};
  posterior_tile(
      group, points + (size_t)first * d, first, count, m, half + (size_t)first * n, means, variances, shared);
}

template <class T>
__device__ inline void posterior_gradient(
    const int* program, int d, const int* categorical, const T* natural, const T* x, int ldx, int n, const T* alpha,
    int lda, int models, const int* model, const T* points, int m, const int* skip, const T* whole, const T* dmeans,
    const T* dvariances, T* gradient) {
  SHARED_ARRAY(T, shared);
  int t = blockIdx.x;
  if (skip != nullptr && skip[t]) return;
  Conditioned<T> group = {reinterpret_cast<const Covariance*>(program), d, 0, categorical, natural, x, ldx, n, nullptr, 0,
                          alpha, lda, models, model};
  size_t at = (size_t)t * d;
  add_point_gradient(
      group, points + at, t, m, whole + (size_t)t * n, dmeans, dvariances, gradient + at, shared);
}

}  // namespace assay

KERNEL(
    posterior,
    (const int* program, int d, int p, const int* categorical, const double* natural, const double* x, int ldx, int n,
     const double* l, int ldl, const double* alpha, int lda, int models, const int* model, const double* points, int m,
     const int* skip, double* half, double* means, double* variances),
    (program, d, p, categorical, natural, x, ldx, n, l, ldl, alpha, lda, models, model, points, m, skip, half, means,
     variances))

KERNEL(
    posterior_gradient,
    (const int* program, int d, const int* categorical, const double* natural, const double* x, int ldx, int n, const
     double* alpha, int lda, int models, const int* model, const double* points, int m, const int* skip, const double*
     whole, const double* dmeans, const double* dvariances, double* gradient),
    (program, d, categorical, natural, x, ldx, n, alpha, lda, models, model, points, m, skip, whole, dmeans,
     dvariances, gradient))

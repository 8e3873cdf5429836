// Posterior of models that share one factor, at m candidates.
//
// posterior: means of every model and variance = k(x,x) - |half|^2, at least 0. Launch: ceil(m/8) blocks of 256 threads, a warp for each.
//   @param model which row of means and variances (m numbers each) each of the `models` models has
//   @param alpha models x n at stride lda; cross, half: rows k* and L^-1 k* of n numbers at row_lead, as are all rows here
//   @param list which `*count` candidates the rows are for; null: all
// posterior_gradient: adds sum_i (-2 dvariance w_i + sum_g dmean_g alpha_gi) dk(x, x_i)/dx to gradient[t], where row w = L^-T half.
//   Launch: m blocks of 256 threads.
// posterior_errors: of 64 candidates at most, how far half and w are off, from what they were and what they are once mended, in shares of k(x,x):
//   error[t] is the larger of the difference of |half|^2 and of k*'w. Launch: ceil(m/8) blocks of 256 threads.
#include "posterior.cuh"

namespace assay {

template <class T>
__device__ inline void posterior(
    const int* program, int d, int p, const T* natural, int n, const T* alpha, int lda, int models, const int* model, int m,
    const int* list, const int* count, const T* cross, const T* half, T* means, T* variances) {
  int t = blockIdx.x * warps() + warp();
  if (t >= (list == nullptr ? m : *count)) return;
  Conditioned<T> group = {reinterpret_cast<const Covariance*>(program), d, p, nullptr, natural, nullptr, 0, n, alpha, lda,
                          models, model};
  size_t at = (size_t)t * row_lead(n);
  put_moments(group, cross + at, half + at, list == nullptr ? t : list[t], m, means, variances);
}

template <class T>
__device__ inline void posterior_gradient(
    const int* program, int d, const int* categorical, const T* natural, const T* x, int ldx, int n, const T* alpha,
    int lda, int models, const int* model, const T* points, int m, const int* list, const int* count, const T* whole,
    const T* dmeans, const T* dvariances, T* gradient) {
  SHARED_ARRAY(T, shared);
  if ((int)blockIdx.x >= (list == nullptr ? m : *count)) return;
  int t = list == nullptr ? blockIdx.x : list[blockIdx.x];
  Conditioned<T> group = {reinterpret_cast<const Covariance*>(program), d, 0, categorical, natural, x, ldx, n, alpha, lda,
                          models, model};
  size_t at = (size_t)t * d;
  add_point_gradient(
      group, points + at, t, m, whole + (size_t)blockIdx.x * row_lead(n), dmeans, dvariances, gradient + at, shared);
}

template <class T>
__device__ inline void posterior_errors(
    const int* program, int d, const T* natural, int n, int m, const T* cross, const T* half, const T* mended, const T* whole,
    T* error) {
  int t = blockIdx.x * warps() + warp();
  if (t >= m) return;
  size_t at = (size_t)t * row_lead(n);
  T before = 0, after = 0, product = 0;
  // All lanes go through it as often: where some took part in an unrolled loop's rest, they would be a row's 32 numbers ahead.
  for (int first = 0; first < n; first += WARP) {
    int i = first + lane();
    if (i >= n) continue;
    before += half[at + i] * half[at + i];
    after += mended[at + i] * mended[at + i];
    product += cross[at + i] * whole[at + i];
  }
  before = warp_sum(before);
  after = warp_sum(after);
  product = warp_sum(product);
  T prior = covariance_diagonal(*reinterpret_cast<const Covariance*>(program), natural, d);
  if (lane() == 0) error[t] = max(fabs(before - after), fabs(product - after)) / prior;
}

}  // namespace assay

KERNEL(
    posterior,
    (const int* program, int d, int p, const double* natural, int n, const double* alpha, int lda, int models, const int*
     model, int m, const int* list, const int* count, const double* cross, const double* half, double* means, double*
     variances),
    (program, d, p, natural, n, alpha, lda, models, model, m, list, count, cross, half, means, variances))

KERNEL(
    posterior_gradient,
    (const int* program, int d, const int* categorical, const double* natural, const double* x, int ldx, int n, const
     double* alpha, int lda, int models, const int* model, const double* points, int m, const int* list, const int* count,
     const double* whole, const double* dmeans, const double* dvariances, double* gradient),
    (program, d, categorical, natural, x, ldx, n, alpha, lda, models, model, points, m, list, count, whole, dmeans,
     dvariances, gradient))

KERNEL(
    posterior_errors,
    (const int* program, int d, const double* natural, int n, int m, const double* cross, const double* half, const
     double* mended, const double* whole, double* error),
    (program, d, natural, n, m, cross, half, mended, whole, error))

// Log marginal likelihood of R hyperparameter vectors, and its gradient.
//
// residuals: rows y - m, one for each model. Launch: blocks (ceil(n/256), R) of 256 threads.
//   @param column which column of outputs (n numbers at stride ldy) a model has; mean[r * mean_stride] its m
// likelihood_rows: row i of 1/2 (alpha alpha^T - K^-1) times dK/dtheta, i.e. partial[r][i][p]; each pair off the diagonal
//   counts twice. Of noise and mean, which need none of it, partial has alpha_i^2 - (K^-1)_ii and log L_ii.
//   Launch: blocks (n, R) of 256 threads.
//   @param alpha R x n, factor, inverse R x n x n at `stride`, partial R x n x p, all of rows at row_lead
// likelihood: value[r] = -1/2 r^T alpha - sum log L_ii - n/2 log 2 pi; gradient[r] from the partial sums; -infinity and 0
//   where info[r] is not 0. Launch: R blocks of 256 threads; shared memory: COLUMN_SCRATCH numbers.
//   @param residual, alpha R x n, partial: rows at row_lead
//
// Source: Rasmussen and Williams 2006, Eqs. 5.8 and 5.9.
#include "covariance.cuh"

namespace assay {

template <class T>
__device__ inline void residuals(
    const T* y, int ldy, const int* column, const T* mean, int mean_stride, int n, T* out, int ldo) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int r = blockIdx.y;
  out[(size_t)r * ldo + i] = y[(size_t)column[r] * ldy + i] - mean[(size_t)r * mean_stride];
}

template <class T>
__device__ inline void likelihood_rows(
    const int* program, int d, int p, const int* categorical, const T* natural, const T* x, int ldx, int n,
    const T* alpha, const T* factor, const T* inverse, long long stride, const int* info, T* partial) {
  SHARED_ARRAY(T, shared);
  int i = blockIdx.x, r = blockIdx.y;
  if (info[r] != 0) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  T* gradient = shared + gradient_scratch(blockDim.x);
  for (int q = threadIdx.x; q < p; q += blockDim.x) gradient[q] = 0;
  const T* a = alpha + (size_t)r * row_lead(n);
  size_t at = r * stride + (size_t)i * row_lead(n);
  const T* row = inverse + at;
  auto weight = [=](int k) {
    T w = a[i] * a[k] - row[k];
    return k == i ? w / 2 : w;
  };
  weighted_gradient<true>(
      c, natural + (size_t)r * p, d, categorical, x + i, ldx, x, ldx, i + 1, weight, gradient, shared);
  __syncthreads();
  T* out = partial + ((size_t)r * n + i) * row_lead(p);
  for (int q = threadIdx.x; q < p - 2; q += blockDim.x) out[q] = gradient[q];
  if (threadIdx.x == 0) {  // a diagonal is read by a block for each number, since one block's lanes would read a sector each
    out[p - 2] = a[i] * a[i] - row[i];
    out[p - 1] = log(factor[at + i]);
  }
}

template <class T>
__device__ inline void likelihood(
    int p, const T* natural, int n, const T* residual, const T* alpha, const T* partial, const int* info, T* value,
    T* gradient) {
  SHARED_ARRAY(T, shared);
  int r = blockIdx.x;
  if (info[r] != 0) {
    if (threadIdx.x == 0) value[r] = -INFINITY;
    for (int q = threadIdx.x; q < p; q += blockDim.x) gradient[(size_t)r * p + q] = 0;
    return;
  }
  int lead = row_lead(n);
  T fit = 0, sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    T a = alpha[(size_t)r * lead + i];
    fit += residual[(size_t)r * lead + i] * a;
    sum += a;
  }
  T sums[] = {fit, sum};
  block_sums(sums, shared);
  if (threadIdx.x == 0) gradient[(size_t)r * p + p - 1] = sums[1];
  fit = sums[0];
  auto put = [=](int q, T total) {
    if (q == p - 1) value[r] = -fit / 2 - total - n * T(0.91893853320467274178);  // log(2 pi)/2
    else gradient[(size_t)r * p + q] = q == p - 2 ? total / 2 * natural[(size_t)r * p + q] : total;
  };
  column_sums(partial + (size_t)r * n * row_lead(p), n, row_lead(p), p, shared, put);
}

}  // namespace assay

KERNEL(
    residuals,
    (const double* y, int ldy, const int* column, const double* mean, int mean_stride, int n, double* out, int ldo),
    (y, ldy, column, mean, mean_stride, n, out, ldo))

KERNEL(
    likelihood_rows,
    (const int* program, int d, int p, const int* categorical, const double* natural, const double* x, int ldx, int n,
     const double* alpha, const double* factor, const double* inverse, long long stride, const int* info, double* partial),
    (program, d, p, categorical, natural, x, ldx, n, alpha, factor, inverse, stride, info, partial))

KERNEL(
    likelihood,
    (int p, const double* natural, int n, const double* residual, const double* alpha, const double* partial,
     const int* info, double* value, double* gradient),
    (p, natural, n, residual, alpha, partial, info, value, gradient))

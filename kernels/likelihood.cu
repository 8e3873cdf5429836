// Log marginal likelihood of R hyperparameter vectors, and its gradient.
//
// residuals: rows y - m, one for each model. Launch: blocks (ceil(n/256), R) of 256 threads.
//   @param column which column of outputs (n numbers at stride ldy) a model has; mean[r * mean_stride] its m
// likelihood_rows: row i of 1/2 (alpha alpha^T - K^-1) times dK/dtheta, i.e. partial[r][i][p]; each pair off the diagonal
//   counts twice. Launch: blocks (n, R) of 256 threads.
//   @param alpha R x n, inverse R x n x n at `stride`, partial R x n x p, all of rows at row_lead
// likelihood: value[r] = -1/2 r^T alpha - sum log L_ii - n/2 log 2 pi; gradient[r] from the partial sums; -infinity and 0
//   where info[r] is not 0. Launch: R blocks of 256 threads; shared memory: COLUMN_SCRATCH numbers.
//   @param factor, inverse: squares of rows at row_lead; residual, alpha, partial: likewise
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
    const T* alpha, const T* inverse, long long stride, const int* info, T* partial) {
  SHARED_ARRAY(T, shared);
  int i = blockIdx.x, r = blockIdx.y;
  if (info[r] != 0) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  T* gradient = shared + gradient_scratch(blockDim.x);
  for (int q = threadIdx.x; q < p; q += blockDim.x) gradient[q] = 0;
  const T* a = alpha + (size_t)r * row_lead(n);
  const T* row = inverse + r * stride + (size_t)i * row_lead(n);
  auto weight = [=](int k) {
    T w = a[i] * a[k] - row[k];
    return k == i ? w / 2 : w;
  };
  weighted_gradient<true>(
      c, natural + (size_t)r * p, d, categorical, x + i, ldx, x, ldx, i + 1, weight, gradient, shared);
  __syncthreads();
  for (int q = threadIdx.x; q < p; q += blockDim.x) partial[((size_t)r * n + i) * row_lead(p) + q] = gradient[q];
}

template <class T>
__device__ inline void likelihood(
    int p, const T* natural, int n, const T* factor, const T* inverse, long long stride, const T* residual,
    const T* alpha, const T* partial, const int* info, T* value, T* gradient) {
  SHARED_ARRAY(T, shared);
  int r = blockIdx.x;
  if (info[r] != 0) {
    if (threadIdx.x == 0) value[r] = -INFINITY;
    for (int q = threadIdx.x; q < p; q += blockDim.x) gradient[(size_t)r * p + q] = 0;
    return;
  }
  int lead = row_lead(n);
  const T* l = factor + r * stride;
  T fit = 0, logs = 0, trace = 0, sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    T a = alpha[(size_t)r * lead + i];
    fit += residual[(size_t)r * lead + i] * a;
    logs += log(l[(size_t)i * lead + i]);
    trace += a * a - inverse[r * stride + (size_t)i * lead + i];
    sum += a;
  }
  T sums[] = {fit, logs, trace, sum};
  block_sums(sums, shared);
  if (threadIdx.x == 0) {
    value[r] = -sums[0] / 2 - sums[1] - n * T(0.91893853320467274178);  // log(2 pi)/2
    gradient[(size_t)r * p + p - 2] = sums[2] / 2 * natural[(size_t)r * p + p - 2];
    gradient[(size_t)r * p + p - 1] = sums[3];
  }
  auto put = [=](int q, T total) { gradient[(size_t)r * p + q] = total; };
  column_sums(partial + (size_t)r * n * row_lead(p), n, row_lead(p), p - 2, shared, put);
}

}  // namespace assay

KERNEL(
    residuals,
    (const double* y, int ldy, const int* column, const double* mean, int mean_stride, int n, double* out, int ldo),
    (y, ldy, column, mean, mean_stride, n, out, ldo))

KERNEL(
    likelihood_rows,
    (const int* program, int d, int p, const int* categorical, const double* natural, const double* x, int ldx, int n,
     const double* alpha, const double* inverse, long long stride, const int* info, double* partial),
    (program, d, p, categorical, natural, x, ldx, n, alpha, inverse, stride, info, partial))

KERNEL(
    likelihood,
    (int p, const double* natural, int n, const double* factor, const double* inverse, long long stride,
     const double* residual, const double* alpha, const double* partial, const int* info, double* value, double* gradient),
    (p, natural, n, factor, inverse, stride, residual, alpha, partial, info, value, gradient))

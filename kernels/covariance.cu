// Covariance matrices.
//
// hyperparameters: theta (R x p, logarithms, then log noise variance, then mean) to the numbers that enter the formulas.
//   Launch: one thread for each of R * p numbers, blocks of 256.
// covariance_matrix: K[r] = k(X, X; theta[r]) + (noise + jitter) I, the lower triangle in tiles of 16 x 16; without the
//   noise where `noisy` is 0.
//   Launch: blocks (ceil(n/16), ceil(n/16), R) of 256 threads; tiles above the diagonal return at once.
// cross_covariance: C[t][i] = k(point t, x_i), m x n. Launch: blocks (ceil(n/256), m) of 256 threads.
// covariance_row: out[i] = k(x_n, x_i), i < n. Launch: ceil(n/256) blocks of 256 threads.
//
// Source: Rasmussen and Williams 2006, chapter 4; Duvenaud, Nickisch and Rasmussen 2011 for additive parts.
#include "covariance.cuh"

namespace assay {

template <class T>
__device__ inline void hyperparameters(const int* program, int d, int p, int models, const T* theta, T* natural) {
  int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at >= models * p) return;
  natural[at] = natural_number(*reinterpret_cast<const Covariance*>(program), d, p, at % p, theta[at]);
}

constexpr int EDGE = 16;

template <class T>
__device__ inline void covariance_matrix(
    const int* program, int d, int p, const int* categorical, const T* natural, const T* x, int ldx, int n, int noisy,
    T jitter, T* k, int ldk, long long stride) {
  if (blockIdx.x > blockIdx.y) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  const T* own = natural + (size_t)blockIdx.z * p;
  int row = blockIdx.y * EDGE + threadIdx.x / EDGE;
  int column = blockIdx.x * EDGE + threadIdx.x % EDGE;
  if (row >= n || column > row) return;
  T value = covariance_at(c, own, d, categorical, x + row, ldx, x + column, ldx);
  if (row == column) value += (noisy ? own[p - 2] : T(0)) + jitter;
  k[blockIdx.z * stride + (size_t)row * ldk + column] = value;
}

template <class T>
__device__ inline void cross_covariance(
    const int* program, int d, const int* categorical, const T* natural, const T* points, const T* x, int ldx, int n,
    T* out, int ldo) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  out[(size_t)blockIdx.y * ldo + i] =
      covariance_at(c, natural, d, categorical, points + (size_t)blockIdx.y * d, 1, x + i, ldx);
}

template <class T>
__device__ inline void covariance_row(
    const int* program, int d, const int* categorical, const T* natural, const T* x, int ldx, int n, T* out) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  out[i] = covariance_at(c, natural, d, categorical, x + n, ldx, x + i, ldx);
}

}  // namespace assay

KERNEL(
    hyperparameters,
    (const int* program, int d, int p, int models, const double* theta, double* natural),
    (program, d, p, models, theta, natural))

KERNEL(
    covariance_matrix,
    (const int* program, int d, int p, const int* categorical, const double* natural, const double* x, int ldx, int n,
     int noisy, double jitter, double* k, int ldk, long long stride),
    (program, d, p, categorical, natural, x, ldx, n, noisy, jitter, k, ldk, stride))

KERNEL(
    cross_covariance,
    (const int* program, int d, const int* categorical, const double* natural, const double* points, const double* x,
     int ldx, int n, double* out, int ldo),
    (program, d, categorical, natural, points, x, ldx, n, out, ldo))

KERNEL(
    covariance_row,
    (const int* program, int d, const int* categorical, const double* natural, const double* x, int ldx, int n, double*
     out),
    (program, d, categorical, natural, x, ldx, n, out))

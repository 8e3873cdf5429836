// Covariance matrices.
//
// hyperparameters: theta (R x p, logarithms, then log noise variance, then mean) to the numbers that enter the formulas.
//   Launch: one thread for each of R * p numbers, blocks of 256.
// covariance_matrix: K[r] = k(X, X; theta[r]) + (noise + jitter) I, the lower triangle in tiles of 16 x 16; without the
//   noise where `noisy` is 0.
//   Launch: blocks (ceil(n/16), ceil(n/16), R) of 256 threads; tiles above the diagonal return at once.
// covariance_tiles: the same numbers but for their last bits, in tiles of 64 x 64: a tile's points are staged in shared memory, and a thread has
//   4 x 4 pairs, whose coordinates it reads once for four of them.
//   Launch: blocks (ceil(n/64), ceil(n/64), R) of 256 threads; shared memory: 2 * 64 * d numbers.
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

constexpr int TILE = 64;         // of points along each side
constexpr int PAIRS = TILE / EDGE;  // of a thread, along each side

/// The sums of squares of a radial leaf, of pairs (y + 16 i, x + 16 j).
/// @param rows, columns: d x 64 coordinates
template <class T>
__device__ inline void radial_sums(
    const T* inverse, int d, const int* categorical, const T* rows, const T* columns, int y, int x, T (&s)[PAIRS][PAIRS]) {
  for (int j = 0; j < d; j++) {
    T scale = inverse[j], own[PAIRS], other[PAIRS];
    for (int q = 0; q < PAIRS; q++) {
      own[q] = rows[j * TILE + y + EDGE * q];
      other[q] = columns[j * TILE + x + EDGE * q];
    }
    if (categorical[j]) {  // the same for every thread
      for (int i = 0; i < PAIRS; i++)
        for (int q = 0; q < PAIRS; q++) {
          T u = difference(own[i], other[q], 1) * scale;
          s[i][q] += u * u;
        }
    } else {
      for (int i = 0; i < PAIRS; i++)
        for (int q = 0; q < PAIRS; q++) {
          T u = (own[i] - other[q]) * scale;
          s[i][q] += u * u;
        }
    }
  }
}

template <class T>
__device__ inline void covariance_tiles(
    const int* program, int d, int p, const int* categorical, const T* natural, const T* x, int ldx, int n, int noisy,
    T jitter, T* k, int ldk, long long stride) {
  SHARED_ARRAY(T, rows);
  if (blockIdx.x > blockIdx.y) return;
  T* columns = rows + TILE * d;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  const T* own = natural + (size_t)blockIdx.z * p;
  int row0 = blockIdx.y * TILE, column0 = blockIdx.x * TILE;
  for (int e = threadIdx.x; e < TILE * d; e += blockDim.x) {
    int i = e % TILE;
    const T* coordinate = x + (size_t)(e / TILE) * ldx;
    rows[e] = coordinate[min(row0 + i, n - 1)];  // beyond the last: what is not written
    columns[e] = coordinate[min(column0 + i, n - 1)];
  }
  __syncthreads();
  int ty = threadIdx.x / EDGE, tx = threadIdx.x % EDGE;
  T* out = k + blockIdx.z * stride;
  auto put = [=](int i, int q, T value) {
    int row = row0 + ty + EDGE * i, column = column0 + tx + EDGE * q;
    if (row >= n || column > row) return;
    if (row == column) value += (noisy ? own[p - 2] : T(0)) + jitter;
    out[(size_t)row * ldk + column] = value;
  };
  if (c.leaves == 1 && c.kind[0] < ADDITIVE1) {
    const T* mine = own + c.at[0];
    const T* inverse = mine + first_length(c.kind[0]);
    T s[PAIRS][PAIRS] = {};
    radial_sums(inverse, d, categorical, rows, columns, ty, tx, s);
    T shape = c.kind[0] == RATIONAL_QUADRATIC ? inverse[d] : T(1);
    T sums[PAIRS * PAIRS];  // sixteen copies of the profiles would be a hundred kilobytes of PTX
    for (int e = 0; e < PAIRS * PAIRS; e++) sums[e] = s[e / PAIRS][e % PAIRS];
#pragma unroll 1
    for (int e = 0; e < PAIRS * PAIRS; e++) put(e / PAIRS, e % PAIRS, mine[0] * radial_profile(c.kind[0], sums[e], shape));
    return;
  }
#pragma unroll 1
  for (int e = 0; e < PAIRS * PAIRS; e++) {
    int i = e / PAIRS, q = e % PAIRS;
    put(i, q, covariance_at(c, own, d, categorical, rows + ty + EDGE * i, TILE, columns + tx + EDGE * q, TILE));
  }
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
    covariance_tiles,
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

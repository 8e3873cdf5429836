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
//   @param points m x d; list: which `*count` of them, the t-th of which is row t; null: all
// cross_tiles: the same numbers but for their last bits, in tiles of 64 x 64 as above.
//   Launch: blocks (ceil(n/64), ceil(m/64)) of 256 threads; shared memory: 2 * 64 * d numbers.
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
constexpr int ROWS = TILE + 1;      // the stride of a tile's rows: points whose coordinates lie side by side are staged without conflicts

/// Coordinate j of a point as tiles stage it: where the covariance is one radial leaf, scaled, but for categories.
template <class T>
__device__ inline T staged(const Covariance& c, const T* own, const int* categorical, int j, T coordinate) {
  return is_radial(c) && !categorical[j] ? coordinate * own[c.at[0] + first_length(c.kind[0]) + j] : coordinate;
}

/// The sums of squares of a radial leaf, of pairs (y + 16 i, x + 16 q), at [PAIRS * i + q].
/// @param rows, columns: d x 64 coordinates, staged; those of rows at ROWS
template <class T>
__device__ inline void radial_sums(
    const T* inverse, int d, const int* categorical, const T* rows, const T* columns, int y, int x, T (&s)[PAIRS * PAIRS]) {
  rows += y;
  columns += x;
#pragma unroll 2
  for (int j = 0; j < d; j++, rows += ROWS, columns += TILE) {
    T own[PAIRS], other[PAIRS];
#pragma unroll
    for (int q = 0; q < PAIRS; q++) {
      own[q] = rows[EDGE * q];
      other[q] = columns[EDGE * q];
    }
    if (categorical[j]) {  // the same for every thread
      T scale = inverse[j];
#pragma unroll
      for (int e = 0; e < PAIRS * PAIRS; e++) s[e] += own[e / PAIRS] == other[e % PAIRS] ? T(0) : scale * scale;
    } else {
#pragma unroll
      for (int e = 0; e < PAIRS * PAIRS; e++) {
        T u = own[e / PAIRS] - other[e % PAIRS];
        s[e] = fma(u, u, s[e]);
      }
    }
  }
}

/// The covariances of a block's 64 x 64 pairs, sixteen for each thread: put(row, column, value), both below 64.
/// @param rows, columns: d x 64 coordinates, staged; those of rows at ROWS
template <class T, class Put>
__device__ inline void tile_of_pairs(
    const Covariance& c, const T* own, int d, const int* categorical, const T* rows, const T* columns, Put put) {
  int y = threadIdx.x / EDGE, x = threadIdx.x % EDGE;
  if (is_radial(c)) {
    const T* mine = own + c.at[0];
    const T* inverse = mine + first_length(c.kind[0]);
    T s[PAIRS * PAIRS] = {};
    radial_sums(inverse, d, categorical, rows, columns, y, x, s);
    radial_profiles(c.kind[0], mine[0], c.kind[0] == RATIONAL_QUADRATIC ? inverse[d] : T(1), s);
#pragma unroll
    for (int e = 0; e < PAIRS * PAIRS; e++) put(y + EDGE * (e / PAIRS), x + EDGE * (e % PAIRS), s[e]);
    return;
  }
#pragma unroll 1
  for (int e = 0; e < PAIRS * PAIRS; e++) {
    int i = y + EDGE * (e / PAIRS), q = x + EDGE * (e % PAIRS);
    put(i, q, covariance_at(c, own, d, categorical, rows + i, ROWS, columns + q, TILE));
  }
}

template <class T>
__device__ inline void covariance_tiles(
    const int* program, int d, int p, const int* categorical, const T* natural, const T* x, int ldx, int n, int noisy,
    T jitter, T* k, int ldk, long long stride) {
  SHARED_ARRAY(T, rows);
  if (blockIdx.x > blockIdx.y) return;
  T* columns = rows + ROWS * d;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  const T* own = natural + (size_t)blockIdx.z * p;
  int row0 = blockIdx.y * TILE, column0 = blockIdx.x * TILE;
  for (int e = threadIdx.x; e < TILE * d; e += blockDim.x) {
    int i = e % TILE;
    const T* coordinate = x + (size_t)(e / TILE) * ldx;
    rows[e / TILE * ROWS + i] = staged(c, own, categorical, e / TILE, coordinate[min(row0 + i, n - 1)]);  // beyond the last: what is not written
    columns[e] = staged(c, own, categorical, e / TILE, coordinate[min(column0 + i, n - 1)]);
  }
  __syncthreads();
  T* out = k + blockIdx.z * stride;
  auto put = [=](int i, int q, T value) {
    int row = row0 + i, column = column0 + q;
    if (row >= n || column > row) return;
    if (row == column) value += (noisy ? own[p - 2] : T(0)) + jitter;
    out[(size_t)row * ldk + column] = value;
  };
  tile_of_pairs(c, own, d, categorical, rows, columns, put);
}

template <class T>
__device__ inline void cross_covariance(
    const int* program, int d, const int* categorical, const T* natural, const T* points, int m, const int* list,
    const int* count, const T* x, int ldx, int n, T* out, int ldo) {
  int i = blockIdx.x * blockDim.x + threadIdx.x, t = blockIdx.y;
  if (i >= n || t >= (list == nullptr ? m : *count)) return;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  int point = list == nullptr ? t : list[t];
  out[(size_t)t * ldo + i] = covariance_at(c, natural, d, categorical, points + (size_t)point * d, 1, x + i, ldx);
}

template <class T>
__device__ inline void cross_tiles(
    const int* program, int d, const int* categorical, const T* natural, const T* points, int m, const int* list,
    const int* count, const T* x, int ldx, int n, T* out, int ldo) {
  SHARED_ARRAY(T, rows);
  T* columns = rows + ROWS * d;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  int row0 = blockIdx.y * TILE, column0 = blockIdx.x * TILE, all = list == nullptr ? m : *count;
  if (row0 >= all) return;
  for (int e = threadIdx.x; e < TILE * d; e += blockDim.x) {
    int i = e % TILE, j = e / TILE;
    columns[e] = staged(c, natural, categorical, j, x[(size_t)j * ldx + min(column0 + i, n - 1)]);
    int t = min(row0 + e / d, all - 1), coordinate = e % d;  // a point's coordinates lie side by side
    T value = points[(size_t)(list == nullptr ? t : list[t]) * d + coordinate];
    rows[coordinate * ROWS + e / d] = staged(c, natural, categorical, coordinate, value);
  }
  __syncthreads();
  auto put = [=](int i, int q, T value) {
    if (row0 + i < all && column0 + q < n) out[(size_t)(row0 + i) * ldo + column0 + q] = value;
  };
  tile_of_pairs(c, natural, d, categorical, rows, columns, put);
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
    (const int* program, int d, const int* categorical, const double* natural, const double* points, int m, const int* list,
     const int* count, const double* x, int ldx, int n, double* out, int ldo),
    (program, d, categorical, natural, points, m, list, count, x, ldx, n, out, ldo))

KERNEL(
    cross_tiles,
    (const int* program, int d, const int* categorical, const double* natural, const double* points, int m, const int* list,
     const int* count, const double* x, int ldx, int n, double* out, int ldo),
    (program, d, categorical, natural, points, m, list, count, x, ldx, n, out, ldo))

KERNEL(
    covariance_row,
    (const int* program, int d, const int* categorical, const double* natural, const double* x, int ldx, int n, double*
     out),
    (program, d, categorical, natural, x, ldx, n, out))

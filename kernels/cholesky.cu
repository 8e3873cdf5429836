// Cholesky factors of R matrices, row-major, in place: L on and below the diagonal. Above it, where asked for, the transpose of L^-1,
// whose own diagonal is one over that of L: see factor.cuh.
//
// cholesky_small: a block for each matrix of n <= 256, packed in shared memory (n(n+1)/2 + 4 small_line(n) numbers). Launch: R blocks of 256 threads.
// The others, for larger n, go by panels of 64 columns:
//   cholesky_diagonal: factors the first diagonal block. Launch: R blocks.
//   cholesky_panel: for panel k = 0, 1, ... the 64 x 64 blocks below the diagonal's become those of L, and those above of L^-T, by the
//     diagonal block's inverse; what that is off by is taken once more, which makes it as good as substitution.
//     Launch: blocks (max(1, below + (inverse ? k : 0)), R), below = ceil(n/64) - k - 1.
//   cholesky_update: subtracts the panel's products from all that lies right of it; the block that has the next diagonal block factors it
//     too, while others are at their products. Launch: blocks (below, below + (inverse ? k + 1 : 0), R) where below > 0.
//   All of 256 threads; shared memory: 64 * 68 + 64 * 36 numbers. The panel's launch of the last k ends it, even where it has no blocks.
//
// What is above the diagonal is found as if the unit matrix stood below the given one: its rows are those of L^-T in the end.
//
// info: R numbers, 0, or the 1-based order of the first leading minor that is not positive definite (NaN counts as not);
// then R more, which launches tell each other by. All must be 0 before. A matrix whose info is not 0 is left half done.
//
// Sources: Golub and Van Loan 2013, section 4.2; Higham 2002, chapter 12 (refinement in working precision).
#include "cholesky.cuh"
#include "factor.cuh"
#include "tiles.cuh"

namespace assay {

/// The distance of a strip's columns in shared memory: such that four neighbours of each of them lie in different banks.
__device__ inline int small_line(int n) { return (n + 11) / 16 * 16 + 4; }

template <class T>
__device__ inline void cholesky_small(T* a, int lda, long long stride, int n, int* info) {
  SHARED_ARRAY(T, l);
  T* matrix = a + blockIdx.x * stride;
  for (int i = warp(); i < n; i += warps())
    for (int j = lane(); j - lane() <= i; j += WARP) {
      T value = matrix[(size_t)i * lda + min(j, i)];
      if (j <= i) l[packed_row(i) + j] = value;
    }
  __syncthreads();
  int line = small_line(n);
  T* scratch = l + packed_row(n);
  // A strip's columns of L: a sector of each row.
  auto strip = [=](int j, int width, const Corner& corner) {
#pragma unroll
    for (int r = 0; r < STRIP; r++)
#pragma unroll
      for (int c = 0; c <= r; c++)
        if ((int)threadIdx.x == j + r && r < width) matrix[(size_t)(j + r) * lda + j + c] = corner.l[r][c];
    for (int e = threadIdx.x; e < STRIP * (n - j - STRIP); e += blockDim.x) {
      int i = j + STRIP + e / STRIP;
      matrix[(size_t)i * lda + j + e % STRIP] = scratch[e % STRIP * line + i];
    }
  };
  int failed = invert_packed(l, n, n, scratch, line, strip, [](T) {});
  if (failed != 0) {
    if (threadIdx.x == 0) info[blockIdx.x] = failed;
    return;
  }
  for (int j = warp(); j < n; j += warps())
    for (int i = j + 1 + lane(); i < n; i += WARP) matrix[(size_t)j * lda + i] = l[packed_row(i) + j];
}

constexpr int EDGE = SQUARE + 1;  // of a diagonal block in shared memory

/// Factors a square of `size` <= 64 rows in shared memory, L on and below the diagonal and the transpose of its inverse above it, by strips
/// of four columns. It is whole after the next barrier, and must be whole before.
/// @return 0, or the 1-based column whose pivot is not positive; the same for every thread
__device__ inline int factor_square(double* s, int size) {
  for (int j = 0; j < size; j += STRIP) {
    int width = min(STRIP, size - j);
    Corner corner;  // every thread factors and inverts the strip's own block for itself
#pragma unroll
    for (int a = 0; a < STRIP; a++)
#pragma unroll
      for (int b = 0; b <= a; b++) corner.l[a][b] = j + a < size ? s[(j + a) * EDGE + j + b] : double(a == b);
    int failed = corner.factor();
    if (failed != 0) return j + failed;
    int i = threadIdx.x;
    if (i < size && (i < j || i >= j + width)) {
      double* row = s + i * EDGE + j;
      double x[STRIP];
#pragma unroll
      for (int c = 0; c < STRIP; c++) x[c] = c < width ? row[c] : 0;
      corner.solve(x);
#pragma unroll
      for (int c = 0; c < STRIP; c++)
        if (c < width) row[c] = x[c];
    }
    __syncthreads();
    if (threadIdx.x == 0)  // nobody reads it until the next barrier
#pragma unroll
      for (int a = 0; a < STRIP; a++)
#pragma unroll
        for (int b = 0; b <= a; b++) {
          if (a >= width) continue;
          s[(j + a) * EDGE + j + b] = corner.l[a][b];
          if (b < a) s[(j + b) * EDGE + j + a] = corner.v[a][b];
        }
    i = threadIdx.x % SQUARE;  // four threads for each row, side by side those of a column
    int own = i - j;           // of the strip's rows
    if (i < size) {
      double left[STRIP];
#pragma unroll
      for (int b = 0; b < STRIP; b++) {
        left[b] = (own >= 0 && own < width) || b >= width ? 0 : s[i * EDGE + j + b];
#pragma unroll
        for (int a = 0; a <= b; a++)
          if (own == a) left[b] = corner.v[b][a];
      }
      for (int c = j + width + threadIdx.x / SQUARE; c < size; c += STRIP) {
        if (own >= width && c > i) continue;
        double sum = own >= 0 && own < width ? 0 : s[i * EDGE + c];
        for (int b = 0; b < STRIP; b++) sum -= left[b] * s[c * EDGE + j + b];
        s[i * EDGE + c] = sum;
      }
    }
    __syncthreads();
  }
  return 0;
}

/// Factors the diagonal block of panel k, which lies in shared memory with its lower triangle, and puts it in place; or says that it cannot.
__device__ inline void finish_diagonal(double* s, double* matrix, int lead, int n, int k, int* info) {
  int from = k * SQUARE, size = min(SQUARE, n - from);
  __syncthreads();
  int failed = factor_square(s, size);
  if (failed != 0) {
    if (threadIdx.x == 0) *info = from + failed;
    return;
  }
  for (int e = threadIdx.x; e < size * SQUARE; e += blockDim.x) {
    int i = e / SQUARE, j = e % SQUARE;
    if (j < size) matrix[(size_t)(from + i) * lead + from + j] = s[i * EDGE + j];
  }
}

template <class T>
__device__ inline void cholesky_diagonal(T* a, int lda, long long stride, int n, int* info) {
  SHARED_ARRAY(T, s);
  T* matrix = a + blockIdx.x * stride;
  int size = min(SQUARE, n);
  for (int e = threadIdx.x; e < size * SQUARE; e += blockDim.x) {
    int i = e / SQUARE, j = e % SQUARE;
    T value = matrix[(size_t)i * lda + min(j, i)];
    if (j <= i) s[i * EDGE + j] = value;
  }
  finish_diagonal(s, matrix, lda, n, 0, info + gridDim.x + blockIdx.x);
}

template <class T>
__device__ inline void cholesky_panel(T* a, int lda, long long stride, int n, int k, int inverse, int* info) {
  SHARED_ARRAY(T, own);  // 64 x 64 at ACROSS_LINE
  T* tile = own + SQUARE * ACROSS_LINE;
  int failed = info[gridDim.y + blockIdx.y];
  if (blockIdx.x == 0 && threadIdx.x == 0) info[blockIdx.y] = failed;
  int below = (n + SQUARE - 1) / SQUARE - k - 1;
  if (failed != 0 || (int)blockIdx.x >= below + (inverse ? k : 0)) return;
  T* matrix = a + blockIdx.y * stride;
  int from = k * SQUARE, size = min(SQUARE, n - from);
  int row0 = ((int)blockIdx.x < below ? k + 1 + blockIdx.x : blockIdx.x - below) * SQUARE;
  T* rows = matrix + (size_t)row0 * lda + from;
  int count = min(SQUARE, n - row0);
  for (int e = threadIdx.x; e < SQUARE * SQUARE; e += blockDim.x) {
    int i = e / SQUARE, j = e % SQUARE;
    own[i * ACROSS_LINE + j] = i < count && j < size ? rows[(size_t)i * lda + j] : T(0);
  }
  const T* diagonal = matrix + (size_t)from * lda + from;
  FactorOf<true, false> inverted = {diagonal, lda, size};
  FactorOf<false, false> factor = {diagonal, lda, size};
  auto by_inverse = [=](int o, int q) { return inverted.number(o, q); };
  auto by_factor = [=](int o, int q) { return factor.number(o, q); };
  Sums solved, back;
  solved.clear();
  back.clear();
  add_resident<true>(solved, own, by_inverse, tile);
  __syncthreads();
#pragma unroll
  for (int e = 0; e < 16; e++) own[solved.row(e) * ACROSS_LINE + solved.column(e)] = solved.at[e];
  add_resident<false>(back, own, by_factor, tile);
  __syncthreads();
  auto limit = [=](int) { return size; };
  back.change(rows, lda, 0, 0, count, limit, [](T given, T sum) { return given - sum; });  // elsewhere it is 0
#pragma unroll
  for (int e = 0; e < 16; e++) own[back.row(e) * ACROSS_LINE + back.column(e)] = back.at[e];
  add_resident<true>(solved, own, by_inverse, tile);
  solved.put(rows, lda, 0, 0, count, limit);
}

template <class T>
__device__ inline void cholesky_update(T* a, int lda, long long stride, int n, int k, int* info) {
  SHARED_ARRAY(T, shared);
  int r = blockIdx.z, below = gridDim.x;
  if (info[r] != 0) return;
  int i = (int)blockIdx.y < below ? k + 1 + blockIdx.y : blockIdx.y - below, c = k + 1 + blockIdx.x;
  if (i > k && i < c) return;
  T* matrix = a + r * stride;
  int row0 = i * SQUARE, column0 = c * SQUARE, from = k * SQUARE;
  FactorOf<true, true> diagonal = {matrix + (size_t)from * lda + from, lda, SQUARE};  // L^-T
  bool begins = i == k;  // the first products that these numbers get
  auto left = [=](int row, int q) {
    if (begins) return diagonal.number(row, q - from);
    return row0 + row < n ? matrix[(size_t)(row0 + row) * lda + q] : T(0);
  };
  auto right = [=](int o, int q) { return column0 + o < n ? matrix[(size_t)(column0 + o) * lda + q] : T(0); };
  Sums sums;
  sums.clear();
  add_products<false, false>(sums, from, from + SQUARE, left, right, shared);
  bool next = i == c && c == k + 1;
  if (next) __syncthreads();
  auto limit = [=](int row) { return i == c ? min(n, row + 1) : n; };
  for (int e = 0; e < 16; e++) sums.at[e] = -sums.at[e];
  if (!begins) sums.change(matrix, lda, row0, column0, n, limit, [](T entry, T sum) { return entry + sum; });
  if (!next) {
    sums.put(matrix, lda, row0, column0, n, limit);
    return;
  }
  // The upper half, which was not changed, is not read.
  for (int e = 0; e < 16; e++) shared[sums.row(e) * EDGE + sums.column(e)] = sums.at[e];
  finish_diagonal(shared, matrix, lda, n, c, info + gridDim.z + r);
}

}  // namespace assay

KERNEL(cholesky_small, (double* a, int lda, long long stride, int n, int* info), (a, lda, stride, n, info))

KERNEL(cholesky_diagonal, (double* a, int lda, long long stride, int n, int* info), (a, lda, stride, n, info))

KERNEL(
    cholesky_panel,
    (double* a, int lda, long long stride, int n, int k, int inverse, int* info),
    (a, lda, stride, n, k, inverse, info))

KERNEL(
    cholesky_update,
    (double* a, int lda, long long stride, int n, int k, int* info),
    (a, lda, stride, n, k, info))

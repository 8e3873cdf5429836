// Products with a factor and its inverse, which stand where triangular solves would: no number waits for another. And what a factor grows by.
//
// L^-1 b by the inverse X is off by more than a substitution's rounding where L is badly conditioned, most of it by what X is off by: as X
// is found with the factor, L X = I holds to rounding, X L = I only to that times L's condition, and L^-1 b is off by a share of I - X L.
// One step of Newton's iteration, X + (I - X L) X = 2 X - (X L) X, squares that. A row that is solved for alone is mended instead: b - L x, a
// product too, times the inverse, goes to x.
//
// multiply_factor: C[r] := base[r] + sign A[r] F[r], rows of n numbers: F multiplies a row by L^-1 (kind 1), L^-T (3), L (0) or L^T (2).
//   `base` may be C, or null for 0. In tiles of 64 x 64. Launch: blocks (ceil(n/64), ceil(m/64), R) of 256 threads.
//   @param square R factors, see factor.cuh; a, base, c: m x n at the leading dimension ldm, which is even, as are all of what is written
//   @param count the number of rows where it is not m, or null; info: R, or null; what is not 0 is left out
// multiply_factor_few: the same, where rows are so few that tiles would be empty: eight of them for each block.
//   Launch: blocks (ceil(n/32), ceil(m/8), R) of 256 threads.
// multiply_rows: C[r] := alpha A[r] A[r]^T + beta C[r], the lower triangle, A: n x k; where `inverse`, A = L[r]^-T, of squares.
//   Launch: blocks (ceil(n/64), ceil(n/64), R) of 256 threads.
// inverse_rows: `rows`, m x n at row_lead, := rows `first` on of X, 0 beyond the diagonal; or, where `add`, X += rows, below the diagonal only, which
//   is one over that of L. In tiles of 32 x 32. Launch: blocks (ceil(n/32), ceil(m/32)) of 256 threads with 32 * 33 numbers.
// append_row: writes row n of L, its first n numbers from `row`, which was solved for, the diagonal from the pivot
//   k(x,x) + noise + jitter - |row|^2; and column n of the inverse, from `whole` = L^-T row. info[0] = 1, and nothing written, where the pivot is
//   below 1e-14 of the diagonal. Launch: ceil((n+1)/256) blocks of 256 threads.
//
// Sources: Golub and Van Loan 2013, sections 3.1 and 4.2; Higham 2002, chapter 12 (refinement in working precision) and section 14.2
// (left and right residuals); Ben-Israel 1965 (Newton's iteration for an inverse).
#include "covariance.cuh"
#include "factor.cuh"
#include "tiles.cuh"

namespace assay {

/// One matrix of R.
struct Rows {
  const double *a, *base;
  double sign;
  double* c;
  int ld, m;
};

template <bool INVERSE, bool TRANSPOSED>
__device__ inline void multiply_tile(FactorOf<INVERSE, TRANSPOSED> factor, const Rows& rows, double* shared) {
  int tile = TRANSPOSED ? blockIdx.x : gridDim.x - 1 - blockIdx.x;  // the longest first
  int row0 = blockIdx.y * SQUARE, column0 = tile * SQUARE;
  int end = factor.end(column0 + SQUARE - 1);
  Sums sums;
  sums.clear();
  auto left = [=](int i, int q) { return row0 + i < rows.m && q < end ? rows.a[(size_t)(row0 + i) * rows.ld + q] : 0.0; };
  auto right = [=](int o, int q) { return factor.number(column0 + o, q); };
  add_products<false, FactorOf<INVERSE, TRANSPOSED>::ACROSS>(sums, factor.begin(column0), end, left, right, shared);
  auto limit = [=](int) { return factor.n; };
  double sign = rows.sign;
  for (int e = 0; e < 16; e++) sums.at[e] *= sign;
  if (rows.base != nullptr)
    sums.change(rows.base, rows.ld, row0, column0, rows.m, limit, [](double base, double sum) { return base + sum; });
  sums.put(rows.c, rows.ld, row0, column0, rows.m, limit);
}

constexpr int FEW = 8;

template <bool INVERSE, bool TRANSPOSED>
__device__ inline void multiply_few(FactorOf<INVERSE, TRANSPOSED> factor, const Rows& rows, double* shared) {
  int first = blockIdx.y * FEW, column0 = blockIdx.x * WARP;
  const double* a = rows.a + (size_t)first * rows.ld;
  int count = min(FEW, rows.m - first);
  auto put = [=](int i, int o, double sum) {
    size_t at = (size_t)(first + i) * rows.ld + o;
    rows.c[at] = (rows.base == nullptr ? 0 : rows.base[at]) + rows.sign * sum;
  };
  if constexpr (FactorOf<INVERSE, TRANSPOSED>::ACROSS) {  // a lane for each number, an eighth of the inner ones for each warp
    double sum[FEW] = {};
    int end = factor.end(column0 + WARP - 1);
#pragma unroll 2
    for (int q = factor.begin(column0) + warp(); q < end; q += warps()) {
      double f = factor.number(column0 + lane(), q);
#pragma unroll
      for (int i = 0; i < FEW; i++)
        if (i < count) sum[i] += a[(size_t)i * rows.ld + q] * f;
    }
#pragma unroll
    for (int i = 0; i < FEW; i++) shared[(warp() * FEW + i) * WARP + lane()] = sum[i];
    __syncthreads();
    int i = warp(), o = column0 + lane();
    if (i >= count || o >= factor.n) return;
    double total = 0;
    for (int w = 0; w < warps(); w++) total += shared[(w * FEW + i) * WARP + lane()];
    put(i, o, total);
  } else {  // a warp, four neighbours, so that its lanes put eight rows of a sector each
    constexpr int EACH = WARP / FEW;
    int first_o = column0 + EACH * warp(), end_o = min(factor.n, first_o + EACH);
    double own = 0;
    for (int o = first_o; o < end_o; o++) {
      double sum[FEW] = {};
      int end = factor.end(o);
#pragma unroll 2
      for (int q = factor.begin(o) + lane(); q < end; q += WARP) {
        double f = factor.number(o, q);
#pragma unroll
        for (int i = 0; i < FEW; i++)
          if (i < count) sum[i] += a[(size_t)i * rows.ld + q] * f;
      }
#pragma unroll
      for (int i = 0; i < FEW; i++) {
        double total = warp_sum(sum[i]);
        if (lane() == i * EACH + o - first_o) own = total;
      }
    }
    int i = lane() / EACH, o = first_o + lane() % EACH;
    if (i < count && o < end_o) put(i, o, own);
  }
}

template <bool TILED>
__device__ inline void multiply_kind(
    const double* square, int lead, long long stride, int n, int kind, const double* a, const double* base, double sign,
    double* c, int ldm, long long stride_m, int m, const int* count, const int* info) {
  SHARED_ARRAY(double, shared);
  int r = blockIdx.z;
  if (info != nullptr && info[r] != 0) return;
  long long at = r * stride_m;
  Rows rows = {a + at, base == nullptr ? nullptr : base + at, sign, c + at, ldm, count == nullptr ? m : *count};
  if ((int)blockIdx.y * (TILED ? SQUARE : FEW) >= rows.m) return;
  square += r * stride;
  auto multiply = [&](auto factor) {
    if constexpr (TILED) multiply_tile(factor, rows, shared);
    else multiply_few(factor, rows, shared);
  };
  switch (kind) {
    case 0: return multiply(FactorOf<false, false>{square, lead, n});
    case 1: return multiply(FactorOf<true, false>{square, lead, n});
    case 2: return multiply(FactorOf<false, true>{square, lead, n});
    default: return multiply(FactorOf<true, true>{square, lead, n});
  }
}

template <class T>
__device__ inline void multiply_factor(
    const T* square, int lead, long long stride, int n, int kind, const T* a, const T* base, T sign, T* c, int ldm,
    long long stride_m, int m, const int* count, const int* info) {
  multiply_kind<true>(square, lead, stride, n, kind, a, base, sign, c, ldm, stride_m, m, count, info);
}

template <class T>
__device__ inline void multiply_factor_few(
    const T* square, int lead, long long stride, int n, int kind, const T* a, const T* base, T sign, T* c, int ldm,
    long long stride_m, int m, const int* count, const int* info) {
  multiply_kind<false>(square, lead, stride, n, kind, a, base, sign, c, ldm, stride_m, m, count, info);
}

template <class T>
__device__ inline void multiply_rows(
    int n, int k, T alpha, const T* a, int lda, long long stride_a, int inverse, T beta, T* c, int ldc,
    long long stride_c, const int* info) {
  SHARED_ARRAY(T, shared);
  if (blockIdx.x > blockIdx.y || info[blockIdx.z] != 0) return;
  const T* rows = a + blockIdx.z * stride_a;
  int row0 = blockIdx.y * SQUARE, column0 = blockIdx.x * SQUARE;
  FactorOf<true, true> factor = {rows, lda, n};
  auto number = [=](int row, int q) {
    if (inverse) return factor.number(row, q);
    return row < n && q < k ? rows[(size_t)row * lda + q] : T(0);
  };
  auto left = [=](int i, int q) { return number(row0 + i, q); };
  auto right = [=](int i, int q) { return number(column0 + i, q); };
  Sums sums;
  sums.clear();
  add_products<false, false>(sums, inverse ? row0 : 0, k, left, right, shared);
  T* out = c + blockIdx.z * stride_c;
  auto limit = [=](int row) { return min(n, row + 1); };
  for (int e = 0; e < 16; e++) sums.at[e] *= alpha;
  if (beta != 0) sums.change(out, ldc, row0, column0, n, limit, [=](T entry, T sum) { return sum + beta * entry; });
  sums.put(out, ldc, row0, column0, n, limit);
}

template <class T>
__device__ inline void inverse_rows(T* square, int lead, int n, int first, int m, int add, T* rows) {
  SHARED_ARRAY(T, tile);
  int row0 = blockIdx.y * WARP, column0 = blockIdx.x * WARP, ldm = row_lead(n);
  FactorOf<true, true> transposed = {square, lead, n};
  for (int e = warp(); e < WARP; e += warps()) {  // neighbours in memory are of one row of `rows`, of one column of X
    int row = row0 + (add ? e : lane()), column = column0 + (add ? lane() : e);
    bool within = row < m && column < n;
    tile[e * (WARP + 1) + lane()] =
        !within ? T(0) : add ? rows[(size_t)row * ldm + column] : transposed.number(column, first + row);
  }
  __syncthreads();
  for (int e = warp(); e < WARP; e += warps()) {
    int row = row0 + (add ? lane() : e), column = column0 + (add ? e : lane());
    if (row >= m || column >= n) continue;
    T value = tile[lane() * (WARP + 1) + e];
    if (!add) rows[(size_t)row * ldm + column] = value;
    else if (column < first + row) square[(size_t)column * lead + first + row] += value;
  }
}

template <class T>
__device__ inline void append_row(
    const int* program, int d, int p, const T* natural, T jitter, const T* row, const T* whole, T* square, int lead, int n,
    int* info) {
  SHARED_ARRAY(T, shared);
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  T length = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) length += row[i] * row[i];
  length = block_sum(length, shared);
  T diagonal = covariance_diagonal(c, natural, d) + natural[p - 2] + jitter;
  T pivot = diagonal - length;
  if (!(pivot > T(1e-14) * diagonal)) {
    if (blockIdx.x == 0 && threadIdx.x == 0) info[0] = 1;
    return;
  }
  T root = sqrt(pivot);
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i > n) return;
  square[(size_t)n * lead + i] = i < n ? row[i] : root;
  if (i < n) square[(size_t)i * lead + n] = -whole[i] / root;
}

}  // namespace assay

KERNEL(
    multiply_factor,
    (const double* square, int lead, long long stride, int n, int kind, const double* a, const double* base, double sign,
     double* c, int ldm, long long stride_m, int m, const int* count, const int* info),
    (square, lead, stride, n, kind, a, base, sign, c, ldm, stride_m, m, count, info))

KERNEL(
    multiply_factor_few,
    (const double* square, int lead, long long stride, int n, int kind, const double* a, const double* base, double sign,
     double* c, int ldm, long long stride_m, int m, const int* count, const int* info),
    (square, lead, stride, n, kind, a, base, sign, c, ldm, stride_m, m, count, info))

KERNEL(
    multiply_rows,
    (int n, int k, double alpha, const double* a, int lda, long long stride_a, int inverse, double beta, double* c,
     int ldc, long long stride_c, const int* info),
    (n, k, alpha, a, lda, stride_a, inverse, beta, c, ldc, stride_c, info))

KERNEL(
    inverse_rows,
    (double* square, int lead, int n, int first, int m, int add, double* rows),
    (square, lead, n, first, m, add, rows))

KERNEL(
    append_row,
    (const int* program, int d, int p, const double* natural, double jitter, const double* row, const double* whole,
     double* square, int lead, int n, int* info),
    (program, d, p, natural, jitter, row, whole, square, lead, n, info))

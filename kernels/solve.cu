// Triangular solves, inverse, and what a factor grows by.
//
// solve_lower, solve_lower_transposed: every row b of the m x n matrix B[r] := L[r]^-1 b, L[r]^-T b.
//   Launch: blocks (ceil(m/16), R) of 256 threads.
// invert_lower: V[r] := (L[r]^-1)^T, n x n: row i is L^-1 e_i, zero before i. Launch: blocks (ceil(n/16), R) of 256.
// multiply_rows: C[r] := alpha A[r] A[r]^T + beta C[r], the lower triangle, A: n x k; where `triangular` the rows of A
//   are zero before their own index. Launch: blocks (ceil(n/64), ceil(n/64), R) of 256 threads.
// append_row: writes row n of L: its first n numbers from `row`, which was solved for, the diagonal from the pivot
//   k(x,x) + noise + jitter - |row|^2; info[0] = 1, and nothing written, where the pivot is below 1e-14 of the diagonal.
//   Launch: one block of 256 threads.
//
// Source: Golub and Van Loan 2013, sections 3.1 and 4.2.
#include "covariance.cuh"
#include "triangular.cuh"

namespace assay {

template <bool TRANSPOSED, class T>
__device__ inline void solve_block(
    const T* l, int ldl, long long stride_l, int n, T* b, int ldb, long long stride_b, int m, const int* info) {
  SHARED_ARRAY(T, shared);
  if (info[blockIdx.y] != 0) return;
  int first = blockIdx.x * SIDES;
  solve_rows<TRANSPOSED>(
      l + blockIdx.y * stride_l, ldl, n, b + blockIdx.y * stride_b + (size_t)first * ldb, ldb, min(SIDES, m - first), 0,
      shared);
}

template <class T>
__device__ inline void solve_lower(
    const T* l, int ldl, long long stride_l, int n, T* b, int ldb, long long stride_b, int m, const int* info) {
  solve_block<false>(l, ldl, stride_l, n, b, ldb, stride_b, m, info);
}

template <class T>
__device__ inline void solve_lower_transposed(
    const T* l, int ldl, long long stride_l, int n, T* b, int ldb, long long stride_b, int m, const int* info) {
  solve_block<true>(l, ldl, stride_l, n, b, ldb, stride_b, m, info);
}

template <class T>
__device__ inline void invert_lower(
    const T* l, int ldl, long long stride_l, int n, T* v, int ldv, long long stride_v, const int* info) {
  SHARED_ARRAY(T, shared);
  if (info[blockIdx.y] != 0) return;
  int first = blockIdx.x * SIDES;
  int sides = min(SIDES, n - first);
  T* rows = v + blockIdx.y * stride_v + (size_t)first * ldv;
  for (int i = warp(); i < sides; i += warps())
    for (int j = lane(); j < n; j += WARP) rows[(size_t)i * ldv + j] = j == first + i ? T(1) : T(0);
  // No barrier: the solves have each element read by the thread that wrote it here.
  solve_rows<false>(l + blockIdx.y * stride_l, ldl, n, rows, ldv, sides, first / STEP * STEP, shared);
}

constexpr int SQUARE = 64;

template <class T>
__device__ inline void multiply_rows(
    int n, int k, T alpha, const T* a, int lda, long long stride_a, int triangular, T beta, T* c, int ldc,
    long long stride_c, const int* info) {
  SHARED_ARRAY(T, shared);
  if (blockIdx.x > blockIdx.y || info[blockIdx.z] != 0) return;
  T* left = shared;                  // 64 x 33
  T* right = shared + SQUARE * LINE;  // 64 x 33
  const T* rows = a + blockIdx.z * stride_a;
  int row0 = blockIdx.y * SQUARE, column0 = blockIdx.x * SQUARE;
  int y = threadIdx.x / 16, x = threadIdx.x % 16;  // rows y + 16 i, columns x + 16 j
  T sum[4][4] = {};
  for (int at = triangular ? row0 / STEP * STEP : 0; at < k; at += STEP) {
    __syncthreads();
    for (int e = threadIdx.x; e < SQUARE * STEP; e += blockDim.x) {
      int i = e / STEP, j = e % STEP;
      bool inside = at + j < k;
      left[i * LINE + j] = inside && row0 + i < n ? rows[(size_t)(row0 + i) * lda + at + j] : T(0);
      right[i * LINE + j] = inside && column0 + i < n ? rows[(size_t)(column0 + i) * lda + at + j] : T(0);
    }
    __syncthreads();
    for (int q = 0; q < STEP; q++) {
      T l[4], u[4];
      for (int i = 0; i < 4; i++) l[i] = left[(y + 16 * i) * LINE + q];
      for (int j = 0; j < 4; j++) u[j] = right[(x + 16 * j) * LINE + q];
      for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) sum[i][j] += l[i] * u[j];
    }
  }
  T* out = c + blockIdx.z * stride_c;
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) {
      int row = row0 + y + 16 * i, column = column0 + x + 16 * j;
      if (row >= n || column > row) continue;
      T& entry = out[(size_t)row * ldc + column];
      entry = alpha * sum[i][j] + (beta == 0 ? T(0) : beta * entry);
    }
  }
}

template <class T>
__device__ inline void append_row(
    const int* program, int d, int p, const T* natural, T jitter, const T* row, T* l, int ldl, int n,
    int* info) {
  SHARED_ARRAY(T, shared);
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  T square = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) square += row[i] * row[i];
  square = block_sum(square, shared);
  T diagonal = covariance_diagonal(c, natural, d) + natural[p - 2] + jitter;
  T pivot = diagonal - square;
  if (!(pivot > T(1e-14) * diagonal)) {
    if (threadIdx.x == 0) info[0] = 1;
    return;
  }
  for (int i = threadIdx.x; i <= n; i += blockDim.x) l[(size_t)n * ldl + i] = i < n ? row[i] : sqrt(pivot);
}

}  // namespace assay

KERNEL(
    solve_lower,
    (const double* l, int ldl, long long stride_l, int n, double* b, int ldb, long long stride_b, int m, const int*
     info),
    (l, ldl, stride_l, n, b, ldb, stride_b, m, info))
KERNEL(
    solve_lower_transposed,
    (const double* l, int ldl, long long stride_l, int n, double* b, int ldb, long long stride_b, int m, const int*
     info),
    (l, ldl, stride_l, n, b, ldb, stride_b, m, info))

KERNEL(
    invert_lower,
    (const double* l, int ldl, long long stride_l, int n, double* v, int ldv, long long stride_v, const int* info),
    (l, ldl, stride_l, n, v, ldv, stride_v, info))

KERNEL(
    multiply_rows,
    (int n, int k, double alpha, const double* a, int lda, long long stride_a, int triangular, double beta, double* c,
     int ldc, long long stride_c, const int* info),
    (n, k, alpha, a, lda, stride_a, triangular, beta, c, ldc, stride_c, info))

KERNEL(
    append_row,
    (const int* program, int d, int p, const double* natural, double jitter, const double* row, double* l, int ldl, int
     n, int* info),
    (program, d, p, natural, jitter, row, l, ldl, n, info))

// Cholesky factors of R matrices, lower triangle, row-major, in place.
//
// cholesky_small: a block for each matrix, packed in shared memory (n(n+1)/2 numbers). Launch: R blocks of 256 threads.
// cholesky_panel, cholesky_update: larger n, by 32-wide panels from the left. For the panel that begins at column k,
//   cholesky_panel: each block factors the diagonal block for itself (no launch apart for it) and solves 64 rows below.
//   Launch: blocks (max(1, ceil((n-k-32)/64)), R) of 256 threads. The factored diagonal goes to `diagonals` (R x 32 x 32),
//   since other blocks still read the matrix.
//   cholesky_update: puts the diagonal block in place and subtracts the panel's product from what is right of it, in
//   tiles of 64 x 64. Launch: blocks (tiles, tiles, R) of 256 threads, tiles = max(1, ceil((n-k-32)/64)).
//
// info[r]: 0, or the 1-based order of the first leading minor that is not positive definite (NaN counts as not);
// must be 0 before; a matrix whose info is not 0 is left as it is.
//
// Source: Golub and Van Loan 2013, section 4.2.
#include "cholesky.cuh"

namespace assay {

constexpr int PANEL = 32;
constexpr int TILE = 64;
constexpr int PADDED = PANEL + 1;

template <class T>
__device__ inline void cholesky_small(T* a, int lda, long long stride, int n, int* info) {
  SHARED_ARRAY(T, l);
  T* matrix = a + blockIdx.x * stride;
  for (int i = warp(); i < n; i += warps())
    for (int j = lane(); j <= i; j += WARP) l[i * (i + 1) / 2 + j] = matrix[(size_t)i * lda + j];
  __syncthreads();
  int failed = factor_packed(l, n, n);
  if (failed != 0) {
    if (threadIdx.x == 0) info[blockIdx.x] = failed;
    return;
  }
  for (int i = warp(); i < n; i += warps())
    for (int j = lane(); j <= i; j += WARP) matrix[(size_t)i * lda + j] = l[i * (i + 1) / 2 + j];
}

/// Factors a block of `size` <= 32 columns in shared memory by one warp, a lane for each row.
/// @return 0, or the 1-based column whose pivot is not positive
template <class T>
__device__ inline int factor_diagonal(T* block, int size) {
  int row = lane();
  for (int j = 0; j < size; j++) {
    T pivot = block[j * PADDED + j];
    if (!(pivot > 0)) return j + 1;
    T root = sqrt(pivot);
    T mine = row > j && row < size ? block[row * PADDED + j] / root : T(0);
    __syncwarp();
    if (row == j) block[j * PADDED + j] = root;
    if (row > j && row < size) block[row * PADDED + j] = mine;
    __syncwarp();
    if (row > j && row < size)
      for (int k = j + 1; k <= row; k++) block[row * PADDED + k] -= mine * block[k * PADDED + j];
    __syncwarp();
  }
  return 0;
}

template <class T>
__device__ inline void cholesky_panel(T* a, int lda, long long stride, int n, int k, T* diagonals, int* info) {
  SHARED_ARRAY(T, shared);
  T* diagonal = shared;                // 32 x 33
  T* rows = shared + PANEL * PADDED;   // 64 x 33
  int* failed = reinterpret_cast<int*>(rows + TILE * PADDED);
  T* matrix = a + blockIdx.y * stride;
  int size = min(PANEL, n - k);
  if (threadIdx.x == 0) *failed = info[blockIdx.y];  // one read: block 0 of the matrix may be writing it by now
  __syncthreads();
  if (*failed != 0) return;
  for (int e = threadIdx.x; e < size * size; e += blockDim.x) {
    int i = e / size, j = e % size;
    diagonal[i * PADDED + j] = j <= i ? matrix[(size_t)(k + i) * lda + k + j] : T(0);
  }
  int first = k + PANEL + blockIdx.x * TILE;
  int count = max(0, min(TILE, n - first));
  for (int e = threadIdx.x; e < count * PANEL; e += blockDim.x)
    rows[e / PANEL * PADDED + e % PANEL] = matrix[(size_t)(first + e / PANEL) * lda + k + e % PANEL];
  __syncthreads();
  if (warp() == 0) {
    int bad = factor_diagonal(diagonal, size);
    if (lane() == 0) *failed = bad;
  }
  __syncthreads();
  if (*failed != 0) {
    // Blocks of one matrix agree: they factor the same block.
    if (blockIdx.x == 0 && threadIdx.x == 0) info[blockIdx.y] = k + *failed;
    return;
  }
  if (blockIdx.x == 0)
    for (int e = threadIdx.x; e < size * size; e += blockDim.x)
      diagonals[(size_t)blockIdx.y * PANEL * PANEL + e / size * PANEL + e % size] = diagonal[e / size * PADDED + e % size];
  int row = threadIdx.x;  // x L^T = a, a thread for each row
  if (row < count) {
    for (int j = 0; j < PANEL; j++) {
      T sum = rows[row * PADDED + j];
      for (int c = 0; c < j; c++) sum -= rows[row * PADDED + c] * diagonal[j * PADDED + c];
      rows[row * PADDED + j] = sum / diagonal[j * PADDED + j];
    }
  }
  __syncthreads();
  for (int e = threadIdx.x; e < count * PANEL; e += blockDim.x)
    matrix[(size_t)(first + e / PANEL) * lda + k + e % PANEL] = rows[e / PANEL * PADDED + e % PANEL];
}

template <class T>
__device__ inline void cholesky_update(T* a, int lda, long long stride, int n, int k, const T* diagonals, const int* info) {
  SHARED_ARRAY(T, shared);
  if (info[blockIdx.z] != 0 || blockIdx.x > blockIdx.y) return;
  T* left = shared;                   // 64 x 33
  T* above = shared + TILE * PADDED;  // 64 x 33
  T* matrix = a + blockIdx.z * stride;
  int size = min(PANEL, n - k);
  if (blockIdx.x == 0 && blockIdx.y == 0) {
    for (int e = threadIdx.x; e < size * size; e += blockDim.x) {
      int i = e / size, j = e % size;
      if (j <= i) matrix[(size_t)(k + i) * lda + k + j] = diagonals[(size_t)blockIdx.z * PANEL * PANEL + i * PANEL + j];
    }
  }
  int row0 = k + PANEL + blockIdx.y * TILE;
  int column0 = k + PANEL + blockIdx.x * TILE;
  if (row0 >= n) return;  // the last panel
  for (int e = threadIdx.x; e < TILE * PANEL; e += blockDim.x) {
    int i = e / PANEL, j = e % PANEL;
    left[i * PADDED + j] = row0 + i < n ? matrix[(size_t)(row0 + i) * lda + k + j] : T(0);
    above[i * PADDED + j] = column0 + i < n ? matrix[(size_t)(column0 + i) * lda + k + j] : T(0);
  }
  __syncthreads();
  int y = threadIdx.x / 16, x = threadIdx.x % 16;  // rows y + 16 i, columns x + 16 j
  T sum[4][4] = {};
  for (int c = 0; c < PANEL; c++) {
    T l[4], u[4];
    for (int i = 0; i < 4; i++) l[i] = left[(y + 16 * i) * PADDED + c];
    for (int j = 0; j < 4; j++) u[j] = above[(x + 16 * j) * PADDED + c];
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 4; j++) sum[i][j] += l[i] * u[j];
  }
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) {
      int row = row0 + y + 16 * i, column = column0 + x + 16 * j;
      if (row < n && column <= row) matrix[(size_t)row * lda + column] -= sum[i][j];
    }
  }
}

}  // namespace assay

KERNEL(cholesky_small, (double* a, int lda, long long stride, int n, int* info), (a, lda, stride, n, info))

KERNEL(
    cholesky_panel,
    (double* a, int lda, long long stride, int n, int k, double* diagonals, int* info),
    (a, lda, stride, n, k, diagonals, info))

KERNEL(
    cholesky_update,
    (double* a, int lda, long long stride, int n, int k, const double* diagonals, const int* info),
    (a, lda, stride, n, k, diagonals, info))

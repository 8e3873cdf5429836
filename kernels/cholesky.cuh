// Cholesky factor, its inverse, and the inverse of the matrix: one lower triangle by one block, in place.
//
// The triangle lies in shared memory, packed by rows, and is whole before a call (a barrier) and after it. All threads
// of the block call. Columns go in strips of four and rows in groups of four, so that a number that was read serves
// four products: shared memory is what limits these.
//
// `rows` is n, or n + 1: then one more row lies below the triangle, of n numbers b. Factoring turns it into L^-1 b, and
// inverting turns that into -L^-T L^-1 b, minus the solution of K x = b, for the price of one more row.
//
// Sources: Golub and Van Loan 2013, section 4.2; Higham 2002, section 14.2.
#pragma once
#include "device.cuh"

namespace assay {

constexpr int STRIP = 4;

/// Where row i of a packed lower triangle begins.
__device__ inline int packed_row(int i) { return i * (i + 1) / 2; }

/// The diagonal block of the strip that begins at column j; past the end the identity.
template <class T>
__device__ inline void read_diagonal(const T* l, int n, int j, T (&block)[STRIP][STRIP]) {
  for (int a = 0; a < STRIP; a++)
    for (int b = 0; b <= a; b++) block[a][b] = j + a < n ? l[packed_row(j + a) + j + b] : T(a == b);
}

/// K := L.
/// @return 0, or the 1-based order of the first leading minor that is not positive definite (NaN counts as not); the
///   same for every thread
template <class T>
__device__ inline int factor_packed(T* l, int n, int rows) {
  for (int j = 0; j < n; j += STRIP) {
    int width = min(STRIP, n - j);
    T diagonal[STRIP][STRIP];
    read_diagonal(l, n, j, diagonal);  // every thread factors it for itself
    for (int c = 0; c < STRIP; c++) {
      if (!(diagonal[c][c] > 0)) return j + c + 1;
      diagonal[c][c] = sqrt(diagonal[c][c]);
      for (int a = c + 1; a < STRIP; a++) {
        diagonal[a][c] /= diagonal[c][c];
        for (int b = c + 1; b <= a; b++) diagonal[a][b] -= diagonal[a][c] * diagonal[b][c];
      }
    }
    for (int i = j + width + threadIdx.x; i < rows; i += blockDim.x) {
      T* row = l + packed_row(i) + j;
      T solved[STRIP];
      for (int c = 0; c < STRIP; c++) {
        T sum = c < width ? row[c] : T(0);
        for (int b = 0; b < c; b++) sum -= solved[b] * diagonal[c][b];
        solved[c] = sum / diagonal[c][c];
        if (c < width) row[c] = solved[c];
      }
    }
    __syncthreads();
    if (threadIdx.x == 0)  // nobody reads it until the next barrier
      for (int a = 0; a < width; a++)
        for (int b = 0; b <= a; b++) l[packed_row(j + a) + j + b] = diagonal[a][b];
    int below = j + STRIP;
    for (int first = below + STRIP * warp(); first < rows; first += STRIP * warps()) {
      T left[STRIP][STRIP];
      for (int r = 0; r < STRIP; r++)
        for (int c = 0; c < STRIP; c++) left[r][c] = first + r < rows ? l[packed_row(first + r) + j + c] : T(0);
      for (int k = below + lane(); k < min(first + STRIP, n); k += WARP) {
        const T* other = l + packed_row(k) + j;
        T right[STRIP] = {other[0], other[1], other[2], other[3]};
        for (int r = 0; r < STRIP; r++) {
          int i = first + r;
          if (i >= rows || k > i) continue;
          T sum = 0;
          for (int c = 0; c < STRIP; c++) sum += left[r][c] * right[c];
          l[packed_row(i) + k] -= sum;
        }
      }
    }
    __syncthreads();
  }
  return 0;
}

/// L := L^-1; whole after the next barrier but for its diagonal's blocks, which are whole at once. The barrier that a strip begins with
/// stands between what the one before leaves and what reads it.
template <class T>
__device__ inline void invert_packed(T* l, int n, int rows) {
  for (int j = 0; j < n; j += STRIP) {  // here rows from j on hold, left of j, minus L times the inverse's rows above
    int width = min(STRIP, n - j);
    T diagonal[STRIP][STRIP];
    read_diagonal(l, n, j, diagonal);
    __syncthreads();
    for (int k = threadIdx.x; k < j + width; k += blockDim.x) {
      T solved[STRIP];
      for (int a = 0; a < STRIP; a++) {
        T sum = k == j + a ? T(1) : T(0);
        if (k < j && a < width) sum = l[packed_row(j + a) + k];
        for (int b = 0; b < a; b++) sum -= diagonal[a][b] * solved[b];
        solved[a] = sum / diagonal[a][a];
        if (a < width && k <= j + a) l[packed_row(j + a) + k] = solved[a];
      }
    }
    __syncthreads();
    for (int first = j + width + STRIP * warp(); first < rows; first += STRIP * warps()) {
      T left[STRIP][STRIP];
      for (int r = 0; r < STRIP; r++)
        for (int c = 0; c < STRIP; c++)
          left[r][c] = first + r < rows && c < width ? l[packed_row(first + r) + j + c] : T(0);
      __syncwarp();  // read by all lanes before one writes there
      for (int k = lane(); k < j + width; k += WARP) {
        T right[STRIP];
        for (int c = 0; c < STRIP; c++) right[c] = c < width && k <= j + c ? l[packed_row(j + c) + k] : T(0);
        for (int r = 0; r < STRIP; r++) {
          if (first + r >= rows) continue;
          T& entry = l[packed_row(first + r) + k];
          T sum = k < j ? entry : T(0);
          for (int c = 0; c < STRIP; c++) sum -= left[r][c] * right[c];
          entry = sum;
        }
      }
    }
  }
}

/// L^-1 := L^-T L^-1, the inverse of the matrix. Of what invert_packed leaves it reads the first diagonal block before its first barrier.
template <class T>
__device__ inline void square_packed(T* l, int n) {
  for (int j = 0; j < n; j += STRIP) {  // here rows above j hold their sums over the rows above j
    int width = min(STRIP, n - j);
    T diagonal[STRIP][STRIP];
    read_diagonal(l, n, j, diagonal);
    for (int first = STRIP * warp(); first < j; first += STRIP * warps()) {
      T left[STRIP][STRIP];
      for (int r = 0; r < STRIP; r++)
        for (int c = 0; c < STRIP; c++) left[r][c] = c < width ? l[packed_row(j + c) + first + r] : T(0);
      for (int k = lane(); k < first + STRIP; k += WARP) {
        T right[STRIP];
        for (int c = 0; c < STRIP; c++) right[c] = c < width ? l[packed_row(j + c) + k] : T(0);
        for (int r = 0; r < STRIP; r++) {
          if (k > first + r) continue;
          T sum = 0;
          for (int c = 0; c < STRIP; c++) sum += left[r][c] * right[c];
          l[packed_row(first + r) + k] += sum;
        }
      }
    }
    __syncthreads();
    for (int k = threadIdx.x; k < j + width; k += blockDim.x) {
      T column[STRIP];
      for (int a = 0; a < STRIP; a++) column[a] = a < width && k <= j + a ? l[packed_row(j + a) + k] : T(0);
      for (int b = 0; b < STRIP; b++) {
        if (b >= width || k > j + b) continue;
        T sum = 0;
        for (int a = b; a < STRIP; a++) sum += (a < width ? diagonal[a][b] : T(0)) * column[a];
        l[packed_row(j + b) + k] = sum;
      }
    }
    __syncthreads();
  }
}

}  // namespace assay

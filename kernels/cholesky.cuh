// The inverse of a Cholesky factor: one lower triangle by one block, in place.
//
// The triangle lies in shared memory, packed by rows, and is whole before a call (a barrier) and after it. All threads of the block call.
// Columns go in strips of four: a strip's columns of L are found, subtracted from what lies right of them, and multiplied into the
// inverse's rows, left of them, in one go. Rows go in groups of four, so that a number that was read serves four products.
//
// Sources: Golub and Van Loan 2013, section 4.2; Higham 2002, section 14.2.
#pragma once
#include "device.cuh"

namespace assay {

constexpr int STRIP = 4;

/// Where row i of a packed lower triangle begins.
__device__ inline int packed_row(int i) { return (unsigned)i * (unsigned)(i + 1) >> 1; }

/// The same in device memory, where each row begins at a sector: it has as many numbers as the next multiple of four.
__device__ inline int spread_row(int i) { return 4 * (i / 4 + 1) * (i / 4 * 2 + i % 4); }

/// The row of entry e of a triangle in device memory.
__device__ inline int row_of(int e) {
  int fours = (int)((sqrt(0.5f * e + 1) - 1) / 2);
  while (8 * fours * (fours + 1) > e) fours--;  // the root is rounded
  while (8 * (fours + 1) * (fours + 2) <= e) fours++;
  return 4 * fours + (e - 8 * fours * (fours + 1)) / (4 * (fours + 1));
}

/// One over the root of a normal positive number, to 1 ulp: a first guess of 20 bits, and three terms of a series for what it is off by.
__device__ inline double over_root(double a) {
  double guess;
  asm("rsqrt.approx.ftz.f64 %0, %1;" : "=d"(guess) : "d"(a));
  double off = fma(-(a * guess), guess, 1.0);
  return fma(guess * off, fma(off, 0.375, 0.5), guess);
}

constexpr double LEAST_PIVOT = 2.2250738585072014e-308;  // the least normal number

/// A diagonal block of four columns: its factor, the factor's inverse, and one over the factor's diagonal.
struct Corner {
  double l[STRIP][STRIP], v[STRIP][STRIP];

  /// @return 0, or the 1-based column of the block whose pivot is not positive (NaN is not)
  __device__ inline int factor() {
#pragma unroll
    for (int c = 0; c < STRIP; c++) {
      if (!(l[c][c] >= LEAST_PIVOT)) return c + 1;
      v[c][c] = over_root(l[c][c]);
      l[c][c] *= v[c][c];
#pragma unroll
      for (int a = c + 1; a < STRIP; a++) {
        l[a][c] *= v[c][c];
#pragma unroll
        for (int b = c + 1; b <= a; b++) l[a][b] -= l[a][c] * l[b][c];
      }
    }
#pragma unroll
    for (int a = 1; a < STRIP; a++)
#pragma unroll
      for (int c = 0; c < a; c++) {
        double sum = 0;
#pragma unroll
        for (int b = c; b < a; b++) sum += l[a][b] * v[b][c];
        v[a][c] = -sum * v[a][a];
      }
    return 0;
  }

  /// x := L^-1 x, by substitution.
  __device__ inline void solve(double (&x)[STRIP]) const {
#pragma unroll
    for (int c = 0; c < STRIP; c++) {
#pragma unroll
      for (int b = 0; b < c; b++) x[c] -= x[b] * l[c][b];
      x[c] *= v[c][c];
    }
  }
};

/// Numbers of shared memory beside the triangle.
__device__ inline int inversion_scratch(int line) { return STRIP * line; }

/// What a strip's columns of L take from four rows, by a warp: from the matrix right of the strip, and from the inverse left of it.
/// @param scratch the strip's columns, `rows` numbers each at the distance `line`, 0 in its own rows; l: its rows of the inverse
__device__ inline void subtract_products(
    double* l, int n, int rows, const double* scratch, int line, int j, int width, int first) {
  if (first + STRIP > n) {  // the last rows: a lane has a number, not four
    for (int i = first; i < rows; i++)
      for (int k = lane(); k <= min(i, n - 1); k += WARP) {
        double value = l[packed_row(i) + k];
        for (int c = 0; c < width; c++)
          value -= scratch[c * line + i] * (k < j ? l[packed_row(j + c) + k] : scratch[c * line + k]);
        l[packed_row(i) + k] = value;
      }
    return;
  }
  double left[STRIP][STRIP];
#pragma unroll
  for (int r = 0; r < STRIP; r++)
#pragma unroll
    for (int c = 0; c < STRIP; c++) left[r][c] = -scratch[c * line + first + r];
  double* entry = l + packed_row(first) + lane();
  for (int k = lane(); k <= first; k += WARP, entry += WARP) {
    bool inverted = k < j;
    const double* right = inverted ? l + packed_row(j) + k : scratch + k;
    double value[STRIP];
#pragma unroll
    for (int r = 0; r < STRIP; r++) value[r] = entry[r * first + packed_row(r)];
#pragma unroll
    for (int c = 0; c < STRIP; c++) {
      double number = *right;
      right += inverted ? j + 1 + c : line;
#pragma unroll
      for (int r = 0; r < STRIP; r++) value[r] = fma(left[r][c], number, value[r]);
    }
#pragma unroll
    for (int r = 0; r < STRIP; r++) entry[r * first + packed_row(r)] = value[r];
  }
  if (lane() < packed_row(STRIP - 1)) {  // what the four rows have beyond the first one's diagonal
    int r = lane() < 1 ? 1 : (lane() < 3 ? 2 : 3), k = first + 1 + lane() - packed_row(r - 1);
    double value = l[packed_row(first + r) + k];
#pragma unroll
    for (int c = 0; c < STRIP; c++) value -= scratch[c * line + first + r] * scratch[c * line + k];
    l[packed_row(first + r) + k] = value;
  }
}

/// K := L^-1, n x n.
/// @param rows n, or n + 1: then one more row lies below the triangle, of n numbers b. It becomes -L^-T L^-1 b, minus the solution of
///   K x = b, for the price of one more row. At most as many as the block has threads.
/// @param scratch inversion_scratch(line) numbers, line >= rows
/// @param strip called by all threads with (j, width, corner) when the strip's columns of L, from j on, stand in `scratch` below its own
///   rows, at `line` each; they are there until it returns
/// @param found called with each number of L^-1 b, by one thread
/// @return 0, or the 1-based order of the first leading minor that is not positive definite; the same for every thread
template <class Strip, class Found>
__device__ inline int invert_packed(double* l, int n, int rows, double* scratch, int line, Strip strip, Found found) {
  int own = threadIdx.x;
  for (int j = 0; j < n; j += STRIP) {
    int width = min(STRIP, n - j);
    Corner corner;  // every thread factors it for itself; past the end it is the identity
#pragma unroll
    for (int a = 0; a < STRIP; a++)
#pragma unroll
      for (int b = 0; b <= a; b++) corner.l[a][b] = j + a < n ? l[packed_row(j + a) + j + b] : double(a == b);
    int failed = corner.factor();
    if (failed != 0) return j + failed;
    double *row = l + packed_row(own) + j, x[STRIP];
    if (own >= j + width && own < rows) {  // a row of L
#pragma unroll
      for (int c = 0; c < STRIP; c++) x[c] = c < width ? row[c] : 0;
      corner.solve(x);
#pragma unroll
      for (int c = 0; c < STRIP; c++) {
        scratch[c * line + own] = x[c];
        if (c >= width) continue;
        if (own == n) found(x[c]);
        double sum = 0;
#pragma unroll
        for (int b = c; b < STRIP; b++) sum += x[b] * corner.v[b][c];
        row[c] = -sum;
      }
    } else if (own < j) {  // a column of the inverse's rows
#pragma unroll
      for (int a = 0; a < STRIP; a++) x[a] = a < width ? l[packed_row(j + a) + own] : 0;
      corner.solve(x);
#pragma unroll
      for (int a = 0; a < STRIP; a++)
        if (a < width) l[packed_row(j + a) + own] = x[a];
    } else if (own < j + width) {
#pragma unroll
      for (int c = 0; c < STRIP; c++) scratch[c * line + own] = 0;
    }
    __syncthreads();
#pragma unroll
    for (int a = 0; a < STRIP; a++)  // nobody reads it until the next barrier
      if (own == j + a && a < width)
#pragma unroll
        for (int b = 0; b <= a; b++) row[b] = corner.v[a][b];
    strip(j, width, corner);
    for (int first = j + width + STRIP * warp(); first < rows; first += STRIP * warps())
      subtract_products(l, n, rows, scratch, line, j, width, first);
    __syncthreads();
  }
  return 0;
}

}  // namespace assay

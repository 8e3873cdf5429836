// Triangular solves by one block for up to 16 right-hand sides, in panels of 32 unknowns.
#pragma once
#include "device.cuh"

namespace assay {

constexpr int SIDES = 16;  // right-hand sides of a block
constexpr int STEP = 32;   // unknowns of a panel
constexpr int LINE = STEP + 1;

/// Numbers of shared memory that the solves need.
constexpr int SOLVE_SHARED = STEP * LINE + 2 * SIDES * LINE;

/// Every row b of B := L^-1 b (TRANSPOSED: L^-T b), by a block of 256 threads. All threads call it; what it writes is whole, and
/// `shared` free, after the next barrier. Element (i, j) of B is read and written by one thread only: lane j mod 32 of warp i mod 8.
/// @param l lower triangle, row-major; @param sides rows of B, at most 16
/// @param first the first unknown that is not 0 in any right-hand side (a multiple of 32); 0 for TRANSPOSED
/// @param shared SOLVE_SHARED numbers
template <bool TRANSPOSED, class T>
__device__ inline void solve_rows(const T* l, int ldl, int n, T* b, int ldb, int sides, int first, T* shared) {
  T* tile = shared;                    // 32 x 33 of L: tile[unknown of this panel][known unknown]
  T* known = shared + STEP * LINE;     // 16 x 33 of B
  T* sums = known + SIDES * LINE;      // 16 x 33: the panel's right-hand sides
  int panels = (n + STEP - 1) / STEP;
  for (int q = first / STEP; q < panels; q++) {
    int panel = (TRANSPOSED ? panels - 1 - q + first / STEP : q) * STEP;
    int size = min(STEP, n - panel);
    int side = threadIdx.x / STEP, unknown = threadIdx.x % STEP;  // this thread's: side and side + 8
    T sum[2];
    for (int h = 0; h < 2; h++) {
      int s = side + 8 * h;
      sum[h] = s < sides && unknown < size ? b[(size_t)s * ldb + panel + unknown] : T(0);
    }
    int from = TRANSPOSED ? panel + STEP : first;
    int to = TRANSPOSED ? n : panel;
    for (int c = from; c < to; c += STEP) {
      int width = min(STEP, to - c);
      __syncthreads();
      for (int e = threadIdx.x; e < STEP * STEP; e += blockDim.x) {
        int i = e / STEP, j = e % STEP;
        if (TRANSPOSED)  // i runs along the known, j along the panel, so that reads are contiguous
          tile[j * LINE + i] = i < width && j < size ? l[(size_t)(c + i) * ldl + panel + j] : T(0);
        else
          tile[i * LINE + j] = i < size && j < width ? l[(size_t)(panel + i) * ldl + c + j] : T(0);
      }
      for (int e = threadIdx.x; e < SIDES * STEP; e += blockDim.x) {
        int i = e / STEP, j = e % STEP;
        known[i * LINE + j] = i < sides && j < width ? b[(size_t)i * ldb + c + j] : T(0);
      }
      __syncthreads();
      for (int j = 0; j < STEP; j++) {
        T factor = tile[unknown * LINE + j];
        sum[0] -= factor * known[side * LINE + j];
        sum[1] -= factor * known[(side + 8) * LINE + j];
      }
    }
    __syncthreads();
    for (int e = threadIdx.x; e < STEP * STEP; e += blockDim.x) {
      int i = e / STEP, j = e % STEP;
      tile[i * LINE + j] = i < size && j <= i ? l[(size_t)(panel + i) * ldl + panel + j] : T(0);
    }
    sums[side * LINE + unknown] = sum[0];
    sums[(side + 8) * LINE + unknown] = sum[1];
    __syncthreads();
    for (int s = warp(); s < sides; s += warps()) {  // a lane for each unknown
      T mine = sums[s * LINE + lane()];
      for (int k = 0; k < size; k++) {
        int j = TRANSPOSED ? size - 1 - k : k;
        T x = __shfl_sync(ALL_LANES, mine, j) / tile[j * LINE + j];
        if (lane() == j) mine = x;
        else if (TRANSPOSED ? lane() < j : lane() > j)
          mine -= x * (TRANSPOSED ? tile[j * LINE + lane()] : tile[lane() * LINE + j]);
      }
      if (lane() < size) b[(size_t)s * ldb + panel + lane()] = mine;
    }
  }
}

}  // namespace assay

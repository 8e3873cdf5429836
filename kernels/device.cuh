// What every device kernel includes.
//
// Letters as in the Gaussian-process package: X: n points of d coordinates, coordinate-major (x[j * ldx + i]).
// K: n x n, row-major with a leading dimension, lower triangle. L: its Cholesky factor. theta: p hyperparameters.
// A batch of R models lies one after the other at a stride. Bodies are of any precision T; Gaussian processes are FP64 but for what
// only bounds them (screen.cu), training is FP32.
#pragma once

#include <math.h>

// Dynamic shared memory of the block as an array of T.
#define SHARED_ARRAY(T, name)                        \
  extern __shared__ __align__(16) unsigned char shared_bytes_[]; \
  T* name = reinterpret_cast<T*>(shared_bytes_)

// A kernel of the body of its name, in FP64.
#define KERNEL(name, parameters, arguments) \
  extern "C" __global__ void __launch_bounds__(256, 1) name##_f64 parameters { assay::name<double> arguments; }

namespace assay {

constexpr unsigned ALL_LANES = 0xffffffffu;
constexpr int WARP = 32;

__device__ inline int lane() { return threadIdx.x % WARP; }
__device__ inline int warp() { return threadIdx.x / WARP; }
__device__ inline int warps() { return blockDim.x / WARP; }

/// The distance of rows of n numbers in FP64, so that each begins at a sector of 32 bytes.
__host__ __device__ constexpr int row_lead(int n) { return (n + 3) / 4 * 4; }

/// Sum over the lanes of a warp; every lane gets it.
template <class T>
__device__ inline T warp_sum(T value) {
  for (int step = WARP / 2; step > 0; step /= 2) value += __shfl_xor_sync(ALL_LANES, value, step);
  return value;
}

/// Largest over the lanes of a warp; every lane gets it.
template <class T>
__device__ inline T warp_max(T value) {
  for (int step = WARP / 2; step > 0; step /= 2) {
    T other = __shfl_xor_sync(ALL_LANES, value, step);
    value = other > value ? other : value;
  }
  return value;
}

/// Sums over the threads of a block, whose size is a multiple of 32; every thread gets them.
/// @param scratch COUNT * warps() numbers of shared memory; a barrier must stand between what is done there before, or after, and this
template <int COUNT, class T>
__device__ inline void block_sums(T (&values)[COUNT], T* scratch) {
  for (int k = 0; k < COUNT; k++) {
    values[k] = warp_sum(values[k]);
    if (lane() == 0) scratch[k * warps() + warp()] = values[k];
  }
  __syncthreads();
  for (int k = 0; k < COUNT; k++) {
    values[k] = 0;
    for (int w = 0; w < warps(); w++) values[k] += scratch[k * warps() + w];
  }
}

/// Sum over the threads of a block: as block_sums.
template <class T>
__device__ inline T block_sum(T value, T* scratch) {
  T values[1] = {value};
  block_sums(values, scratch);
  return values[0];
}

/// Numbers of shared memory that column_sums needs.
constexpr int COLUMN_SCRATCH = WARP * (WARP + 1);

/// put(column, sum) by one lane, for each column of a matrix: a warp's lanes add up its numbers, whose rows a block of 256 threads reads
/// side by side. It begins with a barrier.
/// @param shared COLUMN_SCRATCH numbers
template <class T, class Put>
__device__ inline void column_sums(const T* from, int rows, int lead, int columns, T* shared, Put put) {
  constexpr int EACH = 4;  // columns of a warp
  __syncthreads();
#pragma unroll 1
  for (int first = 0; first < columns; first += WARP) {
    T sum[EACH] = {};
#pragma unroll 1
    for (int row = 0; row < rows; row += WARP) {
#pragma unroll
      for (int k = 0; k < EACH; k++) {
        int r = warp() + k * warps();
        if (row + r < rows && first + lane() < columns)
          shared[r * (WARP + 1) + lane()] = from[(size_t)(row + r) * lead + first + lane()];
      }
      __syncthreads();
      if (row + lane() < rows)
#pragma unroll
        for (int k = 0; k < EACH; k++)
          if (first + warp() + k * warps() < columns) sum[k] += shared[lane() * (WARP + 1) + warp() + k * warps()];
      __syncthreads();
    }
#pragma unroll
    for (int k = 0; k < EACH; k++) {
      int column = first + warp() + k * warps();
      T total = warp_sum(sum[k]);
      if (lane() == 0 && column < columns) put(column, total);
    }
  }
}

}  // namespace assay

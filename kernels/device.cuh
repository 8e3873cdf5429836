// What every device kernel includes.
//
// Letters as in the Gaussian-process package: X: n points of d coordinates, coordinate-major (x[j * ldx + i]).
// K: n x n, row-major with a leading dimension, lower triangle. L: its Cholesky factor. theta: p hyperparameters.
// A batch of R models lies one after the other at a stride. Every kernel has a body for T = double and T = float.
#pragma once

#include <math.h>

// Dynamic shared memory of the block as an array of T.
#define SHARED_ARRAY(T, name)                        \
  extern __shared__ __align__(16) unsigned char shared_bytes_[]; \
  T* name = reinterpret_cast<T*>(shared_bytes_)

// Both precisions of a kernel from one body: NAME_f64 and NAME_f32.
#define KERNEL_PAIR(name, parameters64, parameters32, arguments)                                                \
  extern "C" __global__ void __launch_bounds__(256, 1) name##_f64 parameters64 { assay::name<double> arguments; } \
  extern "C" __global__ void __launch_bounds__(256, 1) name##_f32 parameters32 { assay::name<float> arguments; }

namespace assay {

constexpr unsigned ALL_LANES = 0xffffffffu;
constexpr int WARP = 32;

__device__ inline int lane() { return threadIdx.x % WARP; }
__device__ inline int warp() { return threadIdx.x / WARP; }
__device__ inline int warps() { return blockDim.x / WARP; }

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

/// Sum over the threads of a block, whose size is a multiple of 32; every thread gets it.
/// @param scratch warps() numbers of shared memory
template <class T>
__device__ inline T block_sum(T value, T* scratch) {
  value = warp_sum(value);
  __syncthreads();
  if (lane() == 0) scratch[warp()] = value;
  __syncthreads();
  T sum = 0;
  for (int w = 0; w < warps(); w++) sum += scratch[w];
  return sum;
}

}  // namespace assay

// Cholesky factor of one matrix by one block.
#pragma once
#include "device.cuh"

namespace assay {

/// Where row i of a packed lower triangle begins.
__device__ inline int packed_row(int i) { return i * (i + 1) / 2; }

/// Factors a lower triangle in place, packed by rows: n(n+1)/2 numbers of shared memory, whole before the call (a
/// barrier) and after it. All threads of the block call it, and all get the same answer.
/// @return 0, or the 1-based order of the first leading minor that is not positive definite (NaN counts as not)
template <class T>
__device__ inline int factor_packed(T* l, int n) {
  for (int j = 0; j < n; j++) {
    T pivot = l[packed_row(j) + j];
    if (!(pivot > 0)) return j + 1;  // the same for every thread
    T root = sqrt(pivot);
    __syncthreads();
    for (int i = j + threadIdx.x; i < n; i += blockDim.x) {
      T& entry = l[packed_row(i) + j];
      entry = i == j ? root : entry / root;
    }
    __syncthreads();
    for (int i = j + 1 + warp(); i < n; i += warps()) {
      T left = l[packed_row(i) + j];
      for (int k = j + 1 + lane(); k <= i; k += WARP) l[packed_row(i) + k] -= left * l[packed_row(k) + j];
    }
    __syncthreads();
  }
  return 0;
}

}  // namespace assay

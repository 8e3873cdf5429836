// A Cholesky factor and its inverse in one square, as cholesky.cu leaves them: L on and below the diagonal, row-major, and above
// the diagonal the transpose of L^-1, whose own diagonal is one over that of L.
#pragma once
#include "device.cuh"

namespace assay {

/// What is multiplied by: y[o] = sum over q of x[q] times number(o, q).
/// INVERSE: L^-1 instead of L. TRANSPOSED: its transpose, so that q runs from o on instead of up to o.
template <bool INVERSE, bool TRANSPOSED>
struct FactorOf {
  /// Whether neighbours in memory are of one q.
  static constexpr bool ACROSS = INVERSE != TRANSPOSED;

  const double* square;
  int lead, n;

  /// The first q of outputs from `first` on, and the one after the last of those up to `last`.
  __device__ inline int begin(int first) const { return TRANSPOSED ? first : 0; }
  __device__ inline int end(int last) const { return TRANSPOSED ? n : min(n, last + 1); }

  __device__ inline double number(int o, int q) const {
    if (o >= n || q >= n || (TRANSPOSED ? q < o : q > o)) return 0;
    double value = square[ACROSS ? (size_t)q * lead + o : (size_t)o * lead + q];
    return INVERSE && o == q ? 1 / value : value;
  }
};

/// to := the product with x, of n numbers each, by one block. `to` is whole after the next barrier.
template <bool INVERSE, bool TRANSPOSED>
__device__ inline void multiply_vector(FactorOf<INVERSE, TRANSPOSED> factor, const double* x, double* to) {
  int n = factor.n;
  if constexpr (FactorOf<INVERSE, TRANSPOSED>::ACROSS) {  // a thread for each number
    for (int o = threadIdx.x; o < n; o += blockDim.x) {
      double sum = 0;
      int end = factor.end(o);
#pragma unroll 4
      for (int q = factor.begin(o); q < end; q++) sum += x[q] * factor.number(o, q);
      to[o] = sum;
    }
  } else {  // a warp
    for (int o = warp(); o < n; o += warps()) {
      double sum = 0;
      int end = factor.end(o);
#pragma unroll 2
      for (int q = factor.begin(o) + lane(); q < end; q += WARP) sum += x[q] * factor.number(o, q);
      sum = warp_sum(sum);
      if (lane() == 0) to[o] = sum;
    }
  }
}

}  // namespace assay

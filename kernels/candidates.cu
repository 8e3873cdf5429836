// Points of a scrambled Sobol net, written where they are needed. The same points as dev.assay.internal.engine.CandidateNet.
//
// net_points: point `index[t]`, or `first + t` where index is null, for t < m: coordinate j goes to
//   out[t * point_stride + j * coordinate_stride], and to `single` likewise, in FP32, unless that is null.
//   Launch: blocks (ceil(m/256), d) of 256 threads.
//   @param directions, scrambles of SobolSequence: sobol x 31 and sobol integers; later coordinates are drawn by Philox
//   @param options d: 0 continuous, s > 0: one of s grid positions, s < 0: one of -s categories
//   @param at d: where a grid's positions begin in `positions`
//   @param low, high d bounds: of positions, where they are not 0 and 1
//
// Sources: Joe and Kuo 2008 (directions), Owen 1995 with the hash of Laine and Karras 2011 (scrambling), Salmon et al.
// 2011 (Philox4x32-10).
#include "philox.cuh"

namespace assay {

constexpr int DIRECTIONS = 31;

/// A nested uniform permutation: flips each bit depending on all higher ones.
__device__ inline unsigned scrambled(unsigned x, unsigned seed) {
  unsigned v = __brev(x);
  v ^= v * 0x3d20adeau;
  v += seed;
  v *= seed >> 16 | 1;
  v ^= v * 0x05526c56u;
  v ^= v * 0x53a22864u;
  return __brev(v);
}

__device__ inline double sobol_unit(unsigned index, const int* directions, int scramble) {
  unsigned x = 0;
  int k = 0;
  for (unsigned bits = index ^ index >> 1; bits != 0; bits >>= 1, k++)
    if (bits & 1) x ^= (unsigned)directions[k];
  return scrambled(x, (unsigned)scramble) * (1.0 / 4294967296.0);
}

/// Double number `number` of a stream, as java.util.random.RandomGenerator makes it: 53 bits.
__device__ inline double philox_unit(unsigned long long key, unsigned long long stream, int number) {
  Philox bits(key, stream, number / 2);
  int half = number % 2 * 2;
  unsigned long long word = (unsigned long long)bits.x[half + 1] << 32 | bits.x[half];
  return (word >> 11) * (1.0 / 9007199254740992.0);
}

/// The grid position nearest to a value; the lower one of two as near.
__device__ inline double nearest_position(const double* positions, int count, double value) {
  int low = 0, high = count - 1;
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (positions[middle] <= value) low = middle;
    else high = middle;
  }
  return value - positions[low] <= positions[high] - value ? positions[low] : positions[high];
}

/// Rounded twice, as on the processor.
__device__ inline double between(double low, double high, double u) {
  return __dadd_rn(low, __dmul_rn(u, high - low));
}

__device__ inline double coordinate_at(double u, int options, const double* positions, double low, double high) {
  if (options < 0) return min((int)(u * -options), -options - 1);
  if (options == 0) return between(low, high, u);
  return low == 0 && high == 1 ? positions[min((int)(u * options), options - 1)]
                              : nearest_position(positions, options, between(low, high, u));
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) net_points_f64(
    int first, const int* index, int m, long long seed, long long purpose, int sobol, const int* directions,
    const int* scrambles, const int* options, const int* at, const double* positions, const double* low,
    const double* high, double* out, float* single, int point_stride, int coordinate_stride) {
  using namespace assay;
  int t = blockIdx.x * blockDim.x + threadIdx.x, j = blockIdx.y;
  if (t >= m) return;
  unsigned point = index != nullptr ? index[t] : first + t;
  double u = j < sobol ? sobol_unit(point, directions + (size_t)j * DIRECTIONS, scrambles[j])
                       : philox_unit(seed, purpose | point, j - sobol);
  double value = coordinate_at(u, options[j], positions + at[j], low[j], high[j]);
  size_t to = (size_t)t * point_stride + (size_t)j * coordinate_stride;
  out[to] = value;
  if (single != nullptr) single[to] = (float)value;
}

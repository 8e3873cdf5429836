// The largest of m numbers: by their leading bits, eight at a time, until enough are known to lie above.
//
// select_keys: every value as an integer in the same order, rounded up to FP32 first; NaN becomes the largest: of it
//   nothing is known.
//   Launch: ceil(m/256) blocks of 256 threads.
// select_count: how many of the keys that share the leading bits found so far have each of the next 8 bits.
//   Launch: up to ceil(m/256) blocks of 256 threads; each takes every gridDim.x-th part.
// select_digit: chooses the 8 bits so that at least `state[1]` keys are not below, and clears the counts. Launch: one
//   block of 256 threads. After four rounds of the two state[0] is the key of the k-th largest number.
// select_above: index of every key from state[0] on, in no order, and their number. Launch: ceil(m/256) blocks of 256.
//   @param state 2 integers: bits found (0 at first), how many are still sought
//   @param shift 24, 16, 8, 0
//   @param counts 256, 0 before the first round; found: m; total: 0 before
//
// Source: Alabi et al. 2012, "Fast k-selection algorithms for graphics processing units" (radix select).
#include "device.cuh"

namespace assay {

constexpr int DIGITS = 256;

/// Not below the number, in FP32.
__device__ inline float rounded_up(double value) {
  float nearest = (float)value;
  return (double)nearest < value ? nextafterf(nearest, INFINITY) : nearest;
}

/// A number's place in the order of all.
__device__ inline unsigned order_key(float value) {
  unsigned bits;
  memcpy(&bits, &value, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) select_keys_f64(const double* values, int m, unsigned* keys) {
  int t = blockIdx.x * blockDim.x + threadIdx.x;
  if (t >= m) return;
  double value = values[t];
  keys[t] = value != value ? ~0u : assay::order_key(assay::rounded_up(value));
}

extern "C" __global__ void __launch_bounds__(256, 1) select_count_f64(
    const unsigned* keys, int m, const unsigned* state, int shift, int* counts) {
  SHARED_ARRAY(int, own);
  own[threadIdx.x] = 0;
  __syncthreads();
  unsigned mask = shift == 24 ? 0 : ~0u << (shift + 8);
  for (long long t = (long long)blockIdx.x * blockDim.x + threadIdx.x; t < m; t += (long long)gridDim.x * blockDim.x)
    if ((keys[t] & mask) == (state[0] & mask)) atomicAdd(own + (keys[t] >> shift & 0xff), 1);
  __syncthreads();
  if (own[threadIdx.x] != 0) atomicAdd(counts + threadIdx.x, own[threadIdx.x]);
}

extern "C" __global__ void __launch_bounds__(256, 1) select_digit_f64(unsigned* state, int shift, int* counts) {
  if (threadIdx.x == 0) {
    int sought = state[1], digit = assay::DIGITS - 1;
    for (; digit > 0 && counts[digit] < sought; digit--) sought -= counts[digit];
    state[0] |= (unsigned)digit << shift;
    state[1] = sought;
  }
  __syncthreads();
  counts[threadIdx.x] = 0;
}

extern "C" __global__ void __launch_bounds__(256, 1) select_above_f64(
    const unsigned* keys, int m, const unsigned* state, int* found, int* total) {
  int t = blockIdx.x * blockDim.x + threadIdx.x;
  if (t < m && keys[t] >= state[0]) found[atomicAdd(total, 1)] = t;
}

// Means of a posterior at many candidates that are not too high, so that few candidates need them exactly: with variances that are not too
// low (subset.cu) they bound from above every acquisition that grows with the variance and falls with the mean.
//
// screen: the mean over all n observations in FP32, less an allowance for its rounding. A block takes 64 candidates, and 64 observations
//   at a time: their coordinates are scaled and staged in shared memory, 32 at once, and a thread has 4 x 4 pairs.
//   Launch: blocks (ceil(m/64), ceil(models/4)) of 256 threads with 17,440 bytes of shared memory.
//   @param x32 d x n at stride ldx; alpha32: models x n at stride lda
//   @param mean what is added to the sums, in FP64
//   @param allowance relative error of a covariance whatever its size; slope: more of it for each e-th part that it is
//     smaller than k(x,x), since what rounding does to a distance grows with the distance
//   @param points32 d x m at stride ldp
//   @param model which row of means (ldp numbers each) each of the `models` models has
// to_single: count numbers. Launch: ceil(count/256) blocks of 256 threads.
//
// Source: Rasmussen and Williams 2006, Eq. 2.25.
#include "covariance.cuh"

namespace assay {

constexpr int TOGETHER = 4;  // models of a block: their sums stay in registers
constexpr int SIDE = 64;     // candidates, and observations, of a tile
constexpr int CHUNK = 32;    // coordinates at once
constexpr int GROUP = 4;     // of them, that one test asks for categories
constexpr int OWN = 4;       // candidates, and observations, of a thread: neighbours
constexpr int PAIRS = OWN * OWN;
constexpr int STAGED = 2 * SIDE * CHUNK;  // numbers of shared memory; then the weights, and a number for each group of coordinates

/// 2^v and the root of v, to 2 ulp and to 1; what is subnormal is 0.
__device__ inline float fast_exp2(float v) {
  float result;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(v));
  return result;
}
__device__ inline float fast_root(float v) {
  float result;
  asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(v));
  return result;
}

constexpr float LOG2_E = 1.44269504f;

__device__ inline float fast_matern52(float s) {
  float t = fast_root(5 * s);
  return ((t * (1 / 3.0f) + 1) * t + 1) * fast_exp2(t * -LOG2_E);
}

/// Sixteen sums of squares to values of a radial leaf.
__device__ inline void fast_profiles(int kind, float scale, float shape, float (&s)[PAIRS]) {
  switch (kind) {  // the same for every thread
    case MATERN52:
#pragma unroll
      for (int e = 0; e < PAIRS; e++) s[e] = scale * fast_matern52(s[e]);
      return;
    case MATERN32:
#pragma unroll
      for (int e = 0; e < PAIRS; e++) {
        float t = fast_root(3 * s[e]);
        s[e] = scale * ((1 + t) * fast_exp2(t * -LOG2_E));
      }
      return;
    case RBF:
#pragma unroll
      for (int e = 0; e < PAIRS; e++) s[e] = scale * fast_exp2(s[e] * (-0.5f * LOG2_E));
      return;
    default:
#pragma unroll
      for (int e = 0; e < PAIRS; e++) s[e] = scale * radial_profile(kind, s[e], shape);
  }
}

/// 64 points of a side of a tile.
struct Side {
  const float* x;
  int lead, first, last;  // beyond the last point it is repeated

  /// Coordinates from j0 on, scaled but for categories, to `count` x 64 numbers; beyond the last coordinate `padding`.
  __device__ inline void stage(const float* inverse, const int* categorical, int j0, int d, int count, float padding, float* to) const {
    int i = threadIdx.x % SIDE;
    const float* point = x + min(first + i, last);
    for (int j = threadIdx.x / SIDE; j < count; j += 256 / SIDE) {
      float v = padding;
      if (j0 + j < d) {
        v = point[(size_t)(j0 + j) * lead];
        if (!categorical[j0 + j]) v *= inverse[j0 + j];
      }
      to[j * SIDE + i] = v;
    }
  }
};

/// Calls each(e, u) for every coordinate and pair e, u being the scaled difference, and for up to three more with the difference `beyond`.
/// @param fresh whether `own` was not staged by the call before; only of up to 32 coordinates may it have been
template <class Each>
__device__ inline void differences_of_pairs(
    const float* inverse, const int* categorical, const Side& own, const Side& other, int d, bool fresh, float beyond,
    float* shared, Each each) {
  int* groups = reinterpret_cast<int*>(shared + STAGED + TOGETHER * SIDE);
#pragma unroll 1
  for (int j0 = 0; j0 < d; j0 += CHUNK) {
    int count = (min(CHUNK, d - j0) + GROUP - 1) / GROUP * GROUP;
    __syncthreads();  // what was staged before is read until here
    if (fresh) own.stage(inverse, categorical, j0, d, count, beyond, shared);
    other.stage(inverse, categorical, j0, d, count, 0, shared + SIDE * CHUNK);
    if ((int)threadIdx.x < count / GROUP) {
      int bits = 0;
      for (int h = 0; h < GROUP; h++) {
        int j = j0 + GROUP * threadIdx.x + h;
        if (j < d && categorical[j]) bits |= 1 << h;
      }
      groups[threadIdx.x] = bits;
    }
    __syncthreads();
    const float* mine = shared + threadIdx.x / (SIDE / OWN) * OWN;
    const float* theirs = shared + SIDE * CHUNK + threadIdx.x % (SIDE / OWN) * OWN;
#pragma unroll 1
    for (int j = 0; j < count; j += GROUP, mine += GROUP * SIDE, theirs += GROUP * SIDE) {
      int bits = groups[j / GROUP];  // the same for every thread
#pragma unroll
      for (int h = 0; h < GROUP; h++) {
        float4 a4 = *reinterpret_cast<const float4*>(mine + h * SIDE);
        float4 b4 = *reinterpret_cast<const float4*>(theirs + h * SIDE);
        float a[OWN] = {a4.x, a4.y, a4.z, a4.w}, b[OWN] = {b4.x, b4.y, b4.z, b4.w};
        float apart = bits >> h & 1 ? inverse[j0 + j + h] : -1.0f;
#pragma unroll
        for (int e = 0; e < PAIRS; e++) {
          float u = a[e / OWN] - b[e % OWN];
          if (bits != 0 && apart >= 0) u = u == 0 ? 0.0f : apart;
          each(e, u);
        }
      }
    }
  }
}

constexpr float FAR = 1e15f;  // a coordinate's covariance is 0 there

/// A leaf's values at the thread's pairs.
__device__ inline void leaf_of_pairs(
    int kind, const float* natural, const int* categorical, const Side& own, const Side& other, int d, bool fresh, float* shared,
    float (&values)[PAIRS]) {
  const float* inverse = natural + first_length(kind);
#pragma unroll
  for (int e = 0; e < PAIRS; e++) values[e] = 0;
  if (kind < ADDITIVE1) {
    differences_of_pairs(inverse, categorical, own, other, d, fresh, 0, shared, [&](int e, float u) { values[e] += u * u; });
    fast_profiles(kind, natural[0], kind == RATIONAL_QUADRATIC ? inverse[d] : 1.0f, values);
    return;
  }
  float second[PAIRS] = {};
  differences_of_pairs(inverse, categorical, own, other, d, fresh, FAR, shared, [&](int e, float u) {
    float z = fast_matern52(u * u);
    second[e] += values[e] * z;
    values[e] += z;
  });
  float pairs = kind == ADDITIVE2 ? natural[1] : 0.0f;
#pragma unroll
  for (int e = 0; e < PAIRS; e++) values[e] = natural[0] * values[e] + pairs * second[e];
}

/// The covariances of the thread's pairs.
__device__ inline void covariances_of_pairs(
    const Covariance& c, const float* natural, const int* categorical, const Side& own, const Side& other, int d, bool fresh,
    float* shared, float (&k)[PAIRS]) {
  float values[PAIRS][MAX_LEAVES];  // in local memory
#pragma unroll 1
  for (int l = 0; l < c.leaves; l++) {
    leaf_of_pairs(c.kind[l], natural + c.at[l], categorical, own, other, d, fresh, shared, k);
    if (c.leaves == 1) return;
#pragma unroll
    for (int e = 0; e < PAIRS; e++) values[e][l] = k[e];
  }
#pragma unroll
  for (int e = 0; e < PAIRS; e++) k[e] = 0;
#pragma unroll 1
  for (int t = 0; t < c.terms; t++) {
    float product[PAIRS];
#pragma unroll
    for (int e = 0; e < PAIRS; e++) product[e] = 1;
#pragma unroll 1
    for (int l = 0; l < c.leaves; l++) {
      if (!(c.leaves_of[t] >> l & 1)) continue;
#pragma unroll
      for (int e = 0; e < PAIRS; e++) product[e] *= values[e][l];
    }
#pragma unroll
    for (int e = 0; e < PAIRS; e++) k[e] += product[e];
  }
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 2) screen_f32(
    const int* program, int d, const int* categorical, const float* natural32, const float* x32, int ldx, int n,
    const float* alpha32, int lda, int models, const int* model, const double* mean, double allowance, double slope,
    const float* points32, int ldp, int m, double* means) {
  using namespace assay;
  SHARED_ARRAY(float, shared);
  float* weights = shared + STAGED;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  int first = blockIdx.y * TOGETHER, count = min(TOGETHER, models - first);
  int column = threadIdx.x % (SIDE / OWN) * OWN;
  Side candidates = {points32, ldp, (int)blockIdx.x * SIDE, m - 1};
  double low[TOGETHER][OWN] = {};
  // Of log(k(x,x)/k) a bound from above serves: a float's bits, as a whole number, are at most 2^23 times its logarithm to base 2 plus 127.
  float most = covariance_diagonal(c, natural32, d), more = (float)slope;
  float none = (float)allowance + more * 0.693148f * (log2(most) + 127.001f), fall = more * (-0.693147f / 8388608);
#pragma unroll 1
  for (int from = 0; from < n; from += SIDE) {
    float k[PAIRS], off[PAIRS];
    Side observations = {x32, ldx, from, n - 1};
    bool fresh = from == 0 || d > CHUNK || c.leaves > 1;
    covariances_of_pairs(c, natural32, categorical, candidates, observations, d, fresh, shared, k);
#pragma unroll
    for (int e = 0; e < PAIRS; e++) {
      float relative = none + fall * (float)(int)__float_as_uint(k[e]);
      off[e] = k[e] * max(relative, (float)allowance);
    }
    // Since the last weights were read there was the barrier that coordinates are staged after.
    for (int e = threadIdx.x; e < TOGETHER * SIDE; e += blockDim.x) {
      int g = e / SIDE, i = from + e % SIDE;
      weights[e] = g < count && i < n ? alpha32[(size_t)(first + g) * lda + i] : 0.0f;
    }
    __syncthreads();
#pragma unroll
    for (int g = 0; g < TOGETHER; g++) {
      if (g >= count) continue;  // the same for every thread
      float4 w4 = *reinterpret_cast<const float4*>(weights + g * SIDE + column);
      float w[OWN] = {w4.x, w4.y, w4.z, w4.w};
#pragma unroll
      for (int i = 0; i < OWN; i++) {
        float part = 0, doubt = 0;
#pragma unroll
        for (int q = 0; q < OWN; q++) {
          part += k[i * OWN + q] * w[q];
          doubt += off[i * OWN + q] * fabs(w[q]);
        }
        low[g][i] += part - doubt;
      }
    }
  }
#pragma unroll
  for (int g = 0; g < TOGETHER; g++) {
    if (g >= count) continue;
#pragma unroll
    for (int i = 0; i < OWN; i++) {
      double sum = low[g][i];
      for (int step = SIDE / OWN / 2; step > 0; step /= 2) sum += __shfl_xor_sync(ALL_LANES, sum, step);
      int t = candidates.first + (int)threadIdx.x / (SIDE / OWN) * OWN + i;
      if (column == 0 && t < m) means[(size_t)model[first + g] * ldp + t] = *mean + sum;
    }
  }
}

extern "C" __global__ void __launch_bounds__(256, 1) to_single_f32(const double* from, float* to, long long count) {
  long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) to[i] = (float)from[i];
}

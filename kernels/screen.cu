// Bounds of a posterior at many candidates, so that few of them need it exactly: a mean that is not too high and a
// variance that is not too low, which bound from above every acquisition that grows with the variance and falls with the
// mean.
//
// screen: the mean over all n observations in FP32, less an allowance for its rounding; the variance in FP64 given only
//   s of the observations: knowing less, it is never smaller. For tiles of 32 candidates, a lane for each; a warp takes
//   every eighth part of the observations. Launch: blocks (ceil(m/32), ceil(models/4)) of 256 threads with
//   8 max(32 s, 256) bytes of shared memory.
//   @param x32 d x n at stride ldx; alpha32: models x n at stride lda
//   @param subset d x s; factor: s x s, the subset's, with its inverse: see factor.cuh; info: not 0 where it has none
//   @param allowance relative error of a covariance whatever its size; slope: more of it for each e-th part that it is
//     smaller than k(x,x), since what rounding does to a distance grows with the distance; slack: of the variance,
//     relative to k(x,x)
//   @param points d x m at stride ldp, points32 likewise
//   @param model which row of means and variances (ldp numbers each) each of the `models` models has
// choose_subset: which s of n observations leave the least variance: each is the one of the largest variance given those
//   before it. Launch: one block of 256 threads with 128 bytes of shared memory.
//   @param columns s x n and left n: workspace; subset: d x s, out
// to_single: count numbers. Launch: ceil(count/256) blocks of 256 threads.
//
// Sources: Rasmussen and Williams 2006, Eq. 2.26, whose subtrahend grows with every observation (the bound); Foster et al.
// 2009, "Stable and efficient Gaussian process calculations" (pivoted Cholesky for a subset).
#include "covariance.cuh"
#include "factor.cuh"

namespace assay {

constexpr int TOGETHER = 4;  // models of a block: their sums stay in registers
constexpr int RUN = 8;       // covariances that are summed in FP32 before they go to an FP64 sum
constexpr int ROWS = 4;      // of the inverse at once

/// Sums of all warps' shares. A barrier must stand between what is done with `shared` before, or after, and this.
__device__ inline double sum_over_warps(double share, double* shared) {
  shared[threadIdx.x] = share;
  __syncthreads();
  double sum = 0;
  for (int w = 0; w < warps(); w++) sum += shared[w * WARP + lane()];
  return sum;
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) screen_f32(
    const int* program, int d, int p, const int* categorical, const float* natural32, const float* x32, int ldx, int n,
    const float* alpha32, int lda, int models, const int* model, const double* natural, const double* subset, int s,
    const double* factor, const int* info, double allowance, double slope, double slack, const double* points, const float* points32,
    int ldp, int m, double* means, double* variances) {
  using namespace assay;
  SHARED_ARRAY(double, shared);
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  int t = blockIdx.x * WARP + lane();
  int at = min(t, m - 1);  // lanes beyond the last candidate repeat it
  int first = blockIdx.y * TOGETHER, count = min(TOGETHER, models - first);
  double sum[TOGETHER] = {}, error[TOGETHER] = {};
  float most = covariance_diagonal(c, natural32, d), least = (float)allowance, more = (float)slope;
  for (int from = warp() * RUN; from < n; from += warps() * RUN) {
    float part[TOGETHER] = {}, off[TOGETHER] = {};
    for (int i = from; i < min(n, from + RUN); i++) {
      float k = covariance_at(c, natural32, d, categorical, points32 + at, ldp, x32 + i, ldx);
      float relative = least + more * max(log(most / max(k, 1e-37f)), 0.0f);
#pragma unroll
      for (int g = 0; g < TOGETHER; g++) {
        if (g < count) {
          float term = k * alpha32[(size_t)(first + g) * lda + i];
          part[g] += term;
          off[g] += fabs(term) * relative;
        }
      }
    }
#pragma unroll
    for (int g = 0; g < TOGETHER; g++) {
      sum[g] += part[g];
      error[g] += off[g];
    }
  }
#pragma unroll
  for (int g = 0; g < TOGETHER; g++) {
    if (g >= count) continue;  // the same for every thread
    if (g > 0) __syncthreads();
    double mean = natural[p - 1] + sum_over_warps(sum[g] - error[g], shared);
    if (warp() == 0 && t < m) means[(size_t)model[first + g] * ldp + t] = mean;
  }
  if (blockIdx.y != 0) return;
  __syncthreads();
  for (int i = warp(); i < s; i += warps())
    shared[i * WARP + lane()] = covariance_at(c, natural, d, categorical, points + at, ldp, subset + i, s);
  __syncthreads();
  double square = 0;
  int known = *info == 0 ? s : 0;  // knowing nothing bounds too
  FactorOf<true, false> inverse = {factor, s, s};
  for (int row = warp() * ROWS; row < known; row += warps() * ROWS) {
    double half[ROWS] = {};
    for (int j = 0; j < row; j++) {
      double k = shared[j * WARP + lane()];
      const double* column = factor + (size_t)j * s + row;
#pragma unroll
      for (int q = 0; q < ROWS; q++)
        if (row + q < s) half[q] += column[q] * k;
    }
    for (int j = row; j < min(row + ROWS, s); j++) {
      double k = shared[j * WARP + lane()];
#pragma unroll
      for (int q = 0; q < ROWS; q++) half[q] += inverse.number(row + q, j) * k;
    }
#pragma unroll
    for (int q = 0; q < ROWS; q++) square += half[q] * half[q];
  }
  __syncthreads();
  square = sum_over_warps(square, shared);
  if (warp() != 0 || t >= m) return;
  double prior = covariance_diagonal(c, natural, d);
  double variance = max(prior - square, 0.0) + slack * prior;  // the exact one may have lost digits too
  for (int g = 0; g < models; g++) variances[(size_t)model[g] * ldp + t] = variance;
}

extern "C" __global__ void __launch_bounds__(256, 1) choose_subset_f64(
    const int* program, int d, int p, const int* categorical, const double* natural, const double* x, int ldx, int n,
    int s, double jitter, double* columns, double* left, double* subset) {
  using namespace assay;
  SHARED_ARRAY(double, tops);
  int* owners = reinterpret_cast<int*>(tops + WARP / 4);
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  double prior = covariance_diagonal(c, natural, d);
  for (int i = threadIdx.x; i < n; i += blockDim.x) left[i] = prior;
  for (int q = 0; q < s; q++) {
    double top = -INFINITY;
    int chosen = n;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
      if (left[i] > top) {
        top = left[i];
        chosen = i;
      }
    }
    auto take = [&](double value, int index) {
      if (value > top || (value == top && index < chosen)) {
        top = value;
        chosen = index;
      }
    };
    for (int step = WARP / 2; step > 0; step /= 2) {
      double value = __shfl_xor_sync(ALL_LANES, top, step);
      int index = __shfl_xor_sync(ALL_LANES, chosen, step);
      take(value, index);
    }
    __syncthreads();  // those of the round before are read until here
    if (lane() == 0) {
      tops[warp()] = top;
      owners[warp()] = chosen;
    }
    __syncthreads();  // columns of other threads' observations are whole from here on, too
    for (int w = 0; w < warps(); w++) take(tops[w], owners[w]);
    for (int j = threadIdx.x; j < d; j += blockDim.x) subset[(size_t)j * s + q] = x[(size_t)j * ldx + chosen];
    double scale = 1 / sqrt(max(top, 0.0) + natural[p - 2] + jitter);
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
      double value = covariance_at(c, natural, d, categorical, x + i, ldx, x + chosen, ldx);
      for (int r = 0; r < q; r++) value -= columns[(size_t)r * n + i] * columns[(size_t)r * n + chosen];
      value *= scale;
      columns[(size_t)q * n + i] = value;
      left[i] -= value * value;
      if (i == chosen) left[i] = -INFINITY;  // counted twice it would seem to tell more than it does
    }
  }
}

extern "C" __global__ void __launch_bounds__(256, 1) to_single_f32(const double* from, float* to, long long count) {
  long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) to[i] = (float)from[i];
}

// Variances of a posterior at many candidates that are not too low: given s of n observations only. Knowing less, they are never smaller.
//
// choose_subset: some of the observations that leave the least variance, after the q that were chosen before. An observation's left
//   variance is tried against the others' in its eighth, by its number modulo 8; of the best of each eighth each choice is the one of the
//   largest variance given those before it. Where `picks` are wanted, so many eighths must have an observation that was not chosen.
//   Launch: ceil(n/32) blocks of 256 threads with 11,152 + 64 q bytes of shared memory, n >= 8; then again with q greater by `picks` and the
//   two sides of `tops` and `owners` exchanged.
//   @param columns s x n and left n: workspace; subset: d x s, out
//   @param tops, owners 8 numbers for each block: the largest left variance of an eighth and whose it is, of the launch before; not read
//     where q is 0. next_tops, next_owners: out
// subset_variance: the posterior variance given the subset, in FP64. A block takes 64 candidates, and 64 of the subset at a time, whose
//   covariances stay in shared memory for the products with the factor's inverse.
//   Launch: ceil(m/64) blocks of 256 threads with 53,248 bytes of shared memory.
//   @param subset d x s at stride lds, s <= 128; factor: s x s at row_lead(s), the subset's, with its inverse: see factor.cuh; info: not 0 where it has none
//   @param slack of the variance, relative to k(x,x)
//   @param points d x m at stride ldp
//   @param model which row of variances (ldp numbers each) each of the `models` models has
//
// Sources: Rasmussen and Williams 2006, Eq. 2.26, whose subtrahend grows with every observation (the bound); Foster et al.
// 2009, "Stable and efficient Gaussian process calculations" (pivoted Cholesky for a subset); Mirzasoleiman et al. 2013, "Distributed
// submodular maximization" (the best of parts).
#include "covariance.cuh"
#include "factor.cuh"
#include "tiles.cuh"

namespace assay {

constexpr int MOST = 128;    // observations of a subset
constexpr int LEADERS = 8;   // eighths
constexpr int MOST_PICKS = 4;

/// What a block remembers while it chooses.
struct SubsetWork {
  int leader[LEADERS];                         // which observation leads an eighth; -1: none is left
  int chosen[MOST_PICKS];                      // which leader each choice is
  double top[LEADERS];                         // what variance it has left
  double pair[LEADERS][LEADERS];               // covariances of leaders given what was chosen before
  double value[MOST_PICKS][LEADERS];           // columns of the choices, at leaders
  double scale[MOST_PICKS];                    // one over the root of a choice's variance with noise
  double covariance[LEADERS][WARP];            // of leaders with the block's observations
  double part[LEADERS][MOST_PICKS][WARP];      // a warp's share of products of columns
};

/// Who leads each eighth, by a warp each.
__device__ inline void find_leaders(
    SubsetWork& work, const double* tops, const int* owners, int blocks, bool begun, double prior) {
  double top = -INFINITY;
  int owner = -1;
  auto take = [&](double value, int index) {
    if (value > top || (value == top && index < owner)) {
      top = value;
      owner = index;
    }
  };
  if (begun)
    for (int b = lane(); b < blocks; b += WARP) take(tops[b * LEADERS + warp()], owners[b * LEADERS + warp()]);
  else if (lane() == 0) take(prior, warp());
  for (int step = WARP / 2; step > 0; step /= 2) {
    double value = __shfl_xor_sync(ALL_LANES, top, step);
    int index = __shfl_xor_sync(ALL_LANES, owner, step);
    take(value, index);
  }
  if (lane() == 0) {
    work.leader[warp()] = owner;
    work.top[warp()] = top;
  }
}

static_assert(sizeof(SubsetWork) == 11152, "what PosteriorBound.java asks for");

/// Chooses among the leaders, by one warp.
__device__ inline void choose(SubsetWork& work, int picks, double noise) {
  int own = lane() % LEADERS;
  double left = work.top[own];
  double values[MOST_PICKS];
#pragma unroll
  for (int c = 0; c < MOST_PICKS; c++) {
    if (c >= picks) continue;  // the same for every lane
    double top = left;
    int best = own;
    for (int step = LEADERS / 2; step > 0; step /= 2) {
      double value = __shfl_xor_sync(ALL_LANES, top, step);
      int index = __shfl_xor_sync(ALL_LANES, best, step);
      if (value > top || (value == top && index < best)) {
        top = value;
        best = index;
      }
    }
    double scale = 1 / sqrt(max(top, 0.0) + noise), value = work.pair[own][best];
#pragma unroll
    for (int b = 0; b < c; b++) value -= values[b] * __shfl_sync(ALL_LANES, values[b], best);
    values[c] = value * scale;
    left = own == best ? -INFINITY : left - values[c] * values[c];
    if (lane() < LEADERS) work.value[c][own] = values[c];
    if (lane() == 0) {
      work.chosen[c] = best;
      work.scale[c] = scale;
    }
  }
}

/// Coordinates of 64 points, 16 at once, at 64 numbers each.
constexpr int CHUNK = 16;
constexpr int EDGE = 16;  // from one of a thread's points to the next, along each side
constexpr int OWN = SQUARE / EDGE;
constexpr int PAIRS = OWN * OWN;
static_assert(2 * CHUNK * SQUARE <= OPERAND, "coordinates lie where operands do");

/// Scaled, but for categories.
__device__ inline void stage(
    const double* inverse, const int* categorical, const double* x, int lead, int first, int last, int j0, int d, double* to) {
  int i = threadIdx.x % SQUARE;
  const double* point = x + min(first + i, last);
  for (int j = threadIdx.x / SQUARE; j < min(CHUNK, d - j0); j += 256 / SQUARE) {
    double value = point[(size_t)(j0 + j) * lead];
    to[j * SQUARE + i] = categorical[j0 + j] ? value : value * inverse[j0 + j];
  }
}

/// Covariances of 64 candidates with 64 of the subset, row by row at ACROSS_LINE; whole after the next barrier.
/// @param shared OPERAND numbers
__device__ inline void subset_tile(
    const Covariance& c, const double* natural, int d, const int* categorical, const double* points, int ldp, int t0, int m,
    const double* subset, int lds, int from, int s, double* tile, double* shared) {
  int y = threadIdx.x / EDGE, x = threadIdx.x % EDGE;
  if (c.leaves > 1 || c.kind[0] >= ADDITIVE1) {
#pragma unroll 1
    for (int e = 0; e < PAIRS; e++) {
      int i = y + e / OWN * EDGE, q = x + e % OWN * EDGE;
      tile[i * ACROSS_LINE + q] = covariance_at(
          c, natural, d, categorical, points + min(t0 + i, m - 1), ldp, subset + min(from + q, s - 1), lds);
    }
    return;
  }
  int kind = c.kind[0];
  const double* mine = natural + c.at[0];
  const double* inverse = mine + first_length(kind);
  double sums[PAIRS] = {};
#pragma unroll 1
  for (int j0 = 0; j0 < d; j0 += CHUNK) {
    __syncthreads();
    stage(inverse, categorical, points, ldp, t0, m - 1, j0, d, shared);
    stage(inverse, categorical, subset, lds, from, s - 1, j0, d, shared + CHUNK * SQUARE);
    __syncthreads();
    int count = min(CHUNK, d - j0);
#pragma unroll 2
    for (int j = 0; j < count; j++) {
      double a[OWN], b[OWN];
#pragma unroll
      for (int q = 0; q < OWN; q++) {
        a[q] = shared[j * SQUARE + y + q * EDGE];
        b[q] = shared[(CHUNK + j) * SQUARE + x + q * EDGE];
      }
      if (categorical[j0 + j]) {  // the same for every thread
        double apart = inverse[j0 + j] * inverse[j0 + j];
#pragma unroll
        for (int e = 0; e < PAIRS; e++) sums[e] += a[e / OWN] == b[e % OWN] ? 0.0 : apart;
      } else {
#pragma unroll
        for (int e = 0; e < PAIRS; e++) {
          double u = a[e / OWN] - b[e % OWN];
          sums[e] = fma(u, u, sums[e]);
        }
      }
    }
  }
  radial_profiles(kind, mine[0], kind == RATIONAL_QUADRATIC ? inverse[d] : 1.0, sums);
#pragma unroll
  for (int e = 0; e < PAIRS; e++) tile[(y + e / OWN * EDGE) * ACROSS_LINE + x + e % OWN * EDGE] = sums[e];
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) choose_subset_f64(
    const int* program, int d, int p, const int* categorical, const double* natural, const double* x, int ldx, int n, int s,
    int q, int picks, double jitter, double* columns, double* left, const double* tops, const int* owners, double* next_tops,
    int* next_owners, double* subset) {
  using namespace assay;
  SHARED_ARRAY(double, shared);
  SubsetWork& work = *reinterpret_cast<SubsetWork*>(shared);
  double* leaders = shared + sizeof(SubsetWork) / 8;  // q x 8: the leaders' numbers in the columns before
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  double prior = covariance_diagonal(c, natural, d);
  find_leaders(work, tops, owners, gridDim.x, q > 0, prior);
  __syncthreads();
  // A leader that is none is never chosen: what stands for it does not matter.
  auto leader = [&](int a) { return max(work.leader[a], 0); };
  for (int e = threadIdx.x; e < q * LEADERS; e += blockDim.x)
    leaders[e] = columns[(size_t)(e / LEADERS) * n + leader(e % LEADERS)];
  int i = blockIdx.x * WARP + lane(), at = min(i, n - 1);
  work.covariance[warp()][lane()] = covariance_at(c, natural, d, categorical, x + at, ldx, x + leader(warp()), ldx);
  int a = threadIdx.x / 4 / LEADERS, b = threadIdx.x / 4 % LEADERS, share = threadIdx.x % 4;  // 4 threads a pair of leaders
  double pair = 0;
  if (share == 0) pair = covariance_at(c, natural, d, categorical, x + leader(a), ldx, x + leader(b), ldx);
  __syncthreads();
  for (int r = share; r < q; r += 4) pair -= leaders[r * LEADERS + a] * leaders[r * LEADERS + b];
  pair += __shfl_xor_sync(ALL_LANES, pair, 1);
  pair += __shfl_xor_sync(ALL_LANES, pair, 2);
  if (share == 0) work.pair[a][b] = pair;
  __syncthreads();
  if (warp() == 0) choose(work, picks, natural[p - 2] + jitter);
  __syncthreads();
  if (blockIdx.x == 0)
    for (int e = threadIdx.x; e < d * picks; e += blockDim.x)
      subset[(size_t)(e / picks) * s + q + e % picks] = x[(size_t)(e / picks) * ldx + leader(work.chosen[e % picks])];
  if (q + picks >= s) return;  // nobody asks what is left
  double part[MOST_PICKS] = {};
  for (int r = warp(); r < q; r += warps()) {
    double number = columns[(size_t)r * n + at];
#pragma unroll
    for (int k = 0; k < MOST_PICKS; k++)
      if (k < picks) part[k] += number * leaders[r * LEADERS + work.chosen[k]];
  }
#pragma unroll
  for (int k = 0; k < MOST_PICKS; k++) work.part[warp()][k][lane()] = part[k];
  __syncthreads();
  if (warp() != 0) return;
  double rest = -INFINITY;
  if (i < n) {
    rest = q > 0 ? left[i] : prior;
    double values[MOST_PICKS];
#pragma unroll
    for (int k = 0; k < MOST_PICKS; k++) {
      if (k >= picks) continue;
      int chosen = work.chosen[k];
      double value = work.covariance[chosen][lane()];
      for (int w = 0; w < LEADERS; w++) value -= work.part[w][k][lane()];
#pragma unroll
      for (int before = 0; before < k; before++) value -= values[before] * work.value[before][chosen];
      value *= work.scale[k];
      values[k] = value;
      columns[(size_t)(q + k) * n + i] = value;
      rest -= value * value;
      if (i == leader(chosen)) rest = -INFINITY;  // counted twice it would seem to tell more than it does
    }
    left[i] = rest;
  }
  int owner = i;  // of an eighth: lanes that are equal modulo 8
  for (int step = WARP / 2; step >= LEADERS; step /= 2) {
    double value = __shfl_xor_sync(ALL_LANES, rest, step);
    int index = __shfl_xor_sync(ALL_LANES, owner, step);
    if (value > rest || (value == rest && index < owner)) {
      rest = value;
      owner = index;
    }
  }
  if (lane() < LEADERS) {
    next_tops[blockIdx.x * LEADERS + lane()] = rest;
    next_owners[blockIdx.x * LEADERS + lane()] = owner;
  }
}

extern "C" __global__ void __launch_bounds__(256, 1) subset_variance_f64(
    const int* program, int d, const int* categorical, const double* natural, const double* subset, int lds, int s,
    const double* factor, const int* info, double slack, const double* points, int ldp, int m, int models, const int* model,
    double* variances) {
  using namespace assay;
  SHARED_ARRAY(double, tile);
  double* operand = tile + SQUARE * ACROSS_LINE;
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  int t0 = blockIdx.x * SQUARE;
  int known = *info == 0 ? s : 0;  // knowing nothing bounds too
  FactorOf<true, false> inverse = {factor, row_lead(s), s};
  Sums half[MOST / SQUARE];
#pragma unroll
  for (int r = 0; r < MOST / SQUARE; r++) half[r].clear();
#pragma unroll 1
  for (int from = 0; from < known; from += SQUARE) {
    __syncthreads();  // the products before read the tile until here
    subset_tile(c, natural, d, categorical, points, ldp, t0, m, subset, lds, from, s, tile, operand);
#pragma unroll
    for (int r = 0; r < MOST / SQUARE; r++) {
      if (r * SQUARE < from || r * SQUARE >= known) continue;  // the same for every thread
      auto right = [=](int i, int q) { return inverse.number(r * SQUARE + i, from + q); };
      add_resident<FactorOf<true, false>::ACROSS>(half[r], tile, right, operand);
    }
  }
  __syncthreads();
  constexpr int EACH = ASSAY_TENSOR ? 8 : 4;    // of a thread's sums in a row
  constexpr int SHARES = ASSAY_TENSOR ? 8 : 16;  // threads that have sums of a row
  int share = ASSAY_TENSOR ? warp() % 2 * 4 + lane() % 4 : (int)threadIdx.x % 16;
#pragma unroll
  for (int e = 0; e < 16; e += EACH) {
    double square = 0;
#pragma unroll
    for (int r = 0; r < MOST / SQUARE; r++)
#pragma unroll
      for (int h = 0; h < EACH; h++) square += half[r].at[e + h] * half[r].at[e + h];
    operand[share * SQUARE + half[0].row(e)] = square;
  }
  __syncthreads();
  int t = t0 + threadIdx.x;
  if (threadIdx.x >= SQUARE || t >= m) return;
  double square = 0;
  for (int h = 0; h < SHARES; h++) square += operand[h * SQUARE + threadIdx.x];
  double prior = covariance_diagonal(c, natural, d);
  double variance = max(prior - square, 0.0) + slack * prior;  // the exact one may have lost digits too
  for (int g = 0; g < models; g++) variances[(size_t)model[g] * ldp + t] = variance;
}

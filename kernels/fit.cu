// Fits of hyperparameters (FP64 only): L-BFGS over log p(y | X, theta) + log p(theta) within bounds, from S starts at once. The same iterates
// as dev.assay.internal.engine.HyperparameterFit on a device that rounds alike. A covariance that is not positive definite has the value
// -infinity, and the search turns back.
//
// fit_begin: goes to the starts, within bounds. Launch: S blocks.
// An evaluation of all starts is four launches; nothing is read in between, and the blocks of a start that has ended return at once:
//   fit_covariance: the covariance of each pair, and the residuals. Launch: blocks (S, ceil(spread_row(n+1)/256)).
//   fit_factor: the inverse of its factor, -alpha, and what they sum to. Launch: S blocks; shared memory: n(n+3)/2 + 4(n+1) + 32 numbers;
//     n < 256.
//   fit_slopes: derivatives, summed over the pairs of 256 places. A pair's number of the inverse covariance is a product of two columns.
//     Launch: blocks (S, ceil(spread_row(n)/256)); shared memory: 1056 + 128 + p numbers.
//   fit_step: value, gradient, and the step to where the next evaluation is. Launch: S blocks; shared memory: fit_vectors(p) numbers where
//     `resident`, and 32 + 1056 more.
// All of 256 threads.
//   @param program, categorical, x, y, n, d, p as elsewhere; columns: S, which column of outputs a start is for
//   @param starts S x p; vectors S x fit_vectors(p): where the next evaluation is and the search's state: see FitVectors
//   @param ended S flags
//   @param triangles S x spread_row(n+1), rows at spread_row (cholesky.cuh): a triangle, then n residuals or -alpha; sums S x 3: half the residuals' product with alpha and the factor's logarithms, with a minus
//     (-infinity where there is no factor), alpha's squares less the trace of the inverse covariance, alpha's sum
//   @param partial S x ceil(spread_row(n)/256) x row_lead(p)
//   @param bounds 2 x p: low, high (theta_i is fixed where they are equal)
//   @param prior_kinds p of PriorKind; prior_numbers 2 x p: the first number of each prior, then the second
//   @param ends out: S x (p + 2): theta, log posterior density there (-infinity: the start was outside the domain), evaluations
//
// Sources: Rasmussen and Williams 2006, Eqs. 5.8 and 5.9; cholesky.cuh, lbfgsb.cuh, and dev.assay.gp.Prior.
#include "cholesky.cuh"
#include "covariance.cuh"
#include "lbfgsb.cuh"

namespace assay {

constexpr int FIT_THREADS = 256;

using FitPath = Path<double, 10>;

enum PriorKind { FLAT = 0, NORMAL = 1, GAMMA = 2, INVERSE_SQUARE = 3 };

/// One start's numbers. theta: where the posterior density is wanted; natural: theta as it enters the formulas; gradient: the derivative.
struct FitVectors {
  double *theta, *natural, *gradient, *state;
};

__device__ inline size_t fit_vectors(int p) { return 3 * (size_t)p + FitPath::size(p); }

__device__ inline FitVectors vectors_at(double* numbers, int p) {
  return {numbers, numbers + p, numbers + 2 * p, numbers + 3 * p};
}

/// log density at t, up to a constant; adds its derivative to `slope`.
__device__ inline double prior_at(int kind, double first, double second, double t, double& slope) {
  switch (kind) {
    case NORMAL: {
      double z = (t - first) / second;
      slope -= (t - first) / (second * second);
      return -z * z / 2;
    }
    case GAMMA: {
      double value = second * exp(t);
      slope += first - 1 - value;
      return (first - 1) * t - value;
    }
    case INVERSE_SQUARE: {
      double rise = exp(2 * t), fall = exp(-2 * t);
      slope -= 2 * first * (rise - fall);
      return -first * (rise + fall);
    }
    default: return 0;
  }
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) fit_begin_f64(
    const int* program, int d, int p, const double* bounds, const double* starts, double* vectors, int* ended) {
  using namespace assay;
  int start = blockIdx.x;
  size_t size = fit_vectors(p);
  double* numbers = vectors + start * size;
  FitVectors own = vectors_at(numbers, p);
  FitPath path(own.state, p, bounds, bounds + p, own.theta);
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  for (int i = threadIdx.x; i < p; i += blockDim.x) {
    own.theta[i] = path.clamp(starts[(size_t)start * p + i], i);
    own.natural[i] = natural_number(c, d, p, i, own.theta[i]);
  }
  for (int i = 2 * p + threadIdx.x; i < (int)size; i += blockDim.x) numbers[i] = 0;
  if (threadIdx.x == 0) ended[start] = 0;
}

extern "C" __global__ void __launch_bounds__(256, 1) fit_covariance_f64(
    const int* program, int d, int p, const int* categorical, const double* x, int ldx, const double* y, int ldy, int n,
    const int* columns, const double* vectors, const int* ended, double* triangles) {
  using namespace assay;
  int start = blockIdx.x, e = blockIdx.y * FIT_THREADS + threadIdx.x, size = spread_row(n + 1);
  if (ended[start] || e >= size) return;
  const double* natural = vectors + start * fit_vectors(p) + p;
  double* to = triangles + (size_t)start * size + e;
  int row = row_of(e), column = e - spread_row(row);
  if (column > row || column >= n) return;
  if (row == n) {
    *to = y[(size_t)columns[start] * ldy + column] - natural[p - 1];
    return;
  }
  double value =
      covariance_at(*reinterpret_cast<const Covariance*>(program), natural, d, categorical, x + row, ldx, x + column, ldx);
  *to = row == column ? value + natural[p - 2] : value;
}

extern "C" __global__ void __launch_bounds__(256, 1) fit_factor_f64(int n, const int* ended, double* triangles, double* sums) {
  using namespace assay;
  SHARED_ARRAY(double, triangle);
  int start = blockIdx.x, pairs = packed_row(n);
  if (ended[start]) return;
  double* scratch = triangle + pairs + n;
  double* own = triangles + (size_t)start * spread_row(n + 1);
  sums += 3 * start;
  for (int i = warp(); i <= n; i += warps())
    for (int j = lane(); j < min(i + 1, n); j += WARP) triangle[packed_row(i) + j] = own[spread_row(i) + j];
  __syncthreads();
  double fit = 0;  // the square of L^-1 r, by the thread that has its numbers
  auto found = [&](double value) { fit += value * value; };
  if (invert_packed(triangle, n, n + 1, scratch, n + 1, [](int, int, const Corner&) {}, found) != 0) {
    if (threadIdx.x == 0) sums[0] = -INFINITY;
    return;
  }
  double value = -fit / 2, trace = 0, sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    double alpha = -triangle[pairs + i];
    value += log(triangle[packed_row(i) + i]);
    trace += alpha * alpha;
    sum += alpha;
  }
  for (int i = warp(); i <= n; i += warps())
    for (int j = lane(); j < min(i + 1, n); j += WARP) {
      double number = triangle[packed_row(i) + j];
      own[spread_row(i) + j] = number;
      if (i < n) trace -= number * number;
    }
  double all[] = {value, trace, sum};
  block_sums(all, scratch + inversion_scratch(n + 1));
  if (threadIdx.x == 0)
    for (int k = 0; k < 3; k++) sums[k] = all[k];
}

extern "C" __global__ void __launch_bounds__(256, 1) fit_slopes_f64(
    const int* program, int d, int p, const int* categorical, const double* x, int ldx, int n, const double* vectors,
    const int* ended, const double* triangles, const double* sums, double* partial) {
  using namespace assay;
  SHARED_ARRAY(double, shared);
  int start = blockIdx.x, from = blockIdx.y * FIT_THREADS, pairs = spread_row(n), count = min(FIT_THREADS, pairs - from);
  if (ended[start] || sums[3 * start] == -INFINITY) return;
  int* places = reinterpret_cast<int*>(shared + gradient_scratch(FIT_THREADS));
  double* gradient = shared + gradient_scratch(FIT_THREADS) + FIT_THREADS / 2;
  const double* inverse = triangles + (size_t)start * spread_row(n + 1);  // of the factor
  const double* alpha = inverse + pairs;                                   // of either sign
  double own = 0;
  if ((int)threadIdx.x < count) {
    int row = row_of(from + threadIdx.x), column = from + threadIdx.x - spread_row(row);
    bool pair = column <= row;  // and no place that fills a sector
    if (!pair) column = row;
    places[threadIdx.x] = row | column << 16;
    own = alpha[row] * alpha[column];
    // A warp goes down the same rows: what its own first ones have, before all lanes have begun; then the others.
    int last = min(from + (int)threadIdx.x / WARP * WARP + WARP, from + count) - 1, q = row_of(last - last % WARP);
    for (last = row_of(last); q <= last; q++) {
      const double* at = inverse + spread_row(q);
      double product = at[min(row, q)] * at[min(column, q)];
      if (q >= row) own -= product;
    }
    const double* at = inverse + spread_row(q);
#pragma unroll 8
    for (; q < n; q++) {
      own -= at[row] * at[column];
      at += (q | 3) + 1;
    }
    if (row == column) own /= 2;  // a pair off the diagonal counts twice
    if (!pair) own = 0;
  }
  for (int i = threadIdx.x; i < p; i += blockDim.x) gradient[i] = 0;
  auto pair = [=](int k) {
    return Points<double>{x + (places[k] & 0xffff), x + (places[k] >> 16)};
  };
  auto weight = [=](int) { return own; };  // asked for by the pair's own thread
  weighted_gradient_of_pairs<true>(
      *reinterpret_cast<const Covariance*>(program), vectors + start * fit_vectors(p) + p, d, categorical, pair, ldx, ldx,
      count, weight, gradient, shared);
  __syncthreads();
  double* to = partial + ((size_t)start * gridDim.y + blockIdx.y) * row_lead(p);
  for (int i = threadIdx.x; i < p; i += blockDim.x) to[i] = gradient[i];
}

extern "C" __global__ void __launch_bounds__(256, 1) fit_step_f64(
    const int* program, int d, int p, int n, const double* bounds, const int* prior_kinds, const double* prior_numbers,
    int most_evaluations, double gradient_tolerance, double value_tolerance, double* vectors, int resident, int* ended,
    const double* sums, const double* partial, double* ends) {
  using namespace assay;
  SHARED_ARRAY(double, shared);
  int start = blockIdx.x;
  if (ended[start]) return;
  size_t size = fit_vectors(p);
  double* stored = vectors + start * size;
  double* numbers = resident ? shared + 32 + COLUMN_SCRATCH : stored;
  if (resident)
    for (int i = threadIdx.x; i < (int)size; i += blockDim.x) numbers[i] = stored[i];
  FitVectors own = vectors_at(numbers, p);
  FitPath path(own.state, p, bounds, bounds + p, own.theta);
  sums += 3 * start;
  bool whole = sums[0] != -INFINITY;
  int blocks = (spread_row(n) + FIT_THREADS - 1) / FIT_THREADS;
  partial += (size_t)start * blocks * row_lead(p);
  auto slope_of = [=](int i, double slope) { own.gradient[i] = slope; };
  if (whole) column_sums(partial, blocks, row_lead(p), p - 2, shared + 32, slope_of);
  __syncthreads();
  double value = 0;
  for (int i = warp(); i < p; i += warps()) {
    if (lane() != 0) continue;
    double slope = whole && i < p - 2 ? own.gradient[i] : 0;
    if (whole && i == p - 2) slope = sums[1] / 2 * own.natural[i];
    if (whole && i == p - 1) slope = sums[2];
    value += prior_at(prior_kinds[i], prior_numbers[i], prior_numbers[p + i], own.theta[i], slope);
    own.gradient[i] = slope;
  }
  value = block_sum(value, shared);
  if (warp() == 0) {
    value += sums[0] - n * 0.91893853320467274178;  // log(2 pi)/2
    bool end = path.receive(value, own.gradient, nullptr, most_evaluations, gradient_tolerance, value_tolerance);
    if (lane() == 0 && end) ended[start] = 1;
    if (lane() == 0) shared[16] = end;
  }
  __syncthreads();
  if (shared[16] != 0) {
    double* end = ends + (size_t)start * (p + 2);
    for (int i = threadIdx.x; i < p; i += blockDim.x) end[i] = path.x[i];
    if (threadIdx.x == 0) {
      end[p] = path.value();
      end[p + 1] = path.evaluations();
    }
    return;
  }
  const Covariance& c = *reinterpret_cast<const Covariance*>(program);
  for (int i = threadIdx.x; i < p; i += blockDim.x) own.natural[i] = natural_number(c, d, p, i, own.theta[i]);
  if (!resident) return;
  __syncthreads();
  for (int i = threadIdx.x; i < (int)size; i += blockDim.x) stored[i] = numbers[i];
}

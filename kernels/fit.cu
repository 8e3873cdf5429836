// Fits of hyperparameters, whole: likelihoods, their gradients, priors and steps of L-BFGS in one launch (FP64 only).
//
// fit: maximises log p(y | X, theta) + log p(theta) within bounds from S starts, a block for each, which ends by itself:
//   nothing is launched and nothing is read in between. The same iterates as dev.assay.internal.engine.HyperparameterFit on a
//   device that rounds alike. A covariance that is not positive definite has the value -infinity, and the search turns
//   back. Launch: S blocks of 256 threads.
//   @param program, categorical, x, y, n, d, p as elsewhere; columns: S, which column of outputs a start is for
//   @param bounds 2 x p: low, high (theta_i is fixed where they are equal)
//   @param prior_kinds p of PriorKind; prior_numbers 2 x p: the first number of each prior, then the second
//   @param starts S x p
//   @param vectors S x fit_vectors(p) numbers of workspace; where `resident` they lie in shared memory instead
//   @param squares S x n(n+1)/2 numbers of workspace where the covariance is one radial leaf: what pairs' squared distances are
//   @param ends out: S x (p + 2): theta, log posterior density there (-infinity: the start was outside the domain), evaluations
//
// Shared memory, in numbers of 8 bytes: n(n+3)/2 for the covariance's lower triangle, in place also its factor, the
// factor's inverse and the inverse of the covariance, and one row more, of the residuals; 1056 for gradients, 128 for
// the pairs, 1 for the end; and fit_vectors(p) where `resident`.
//
// Sources: Rasmussen and Williams 2006, Eqs. 5.8 and 5.9; cholesky.cuh, lbfgsb.cuh, and dev.assay.gp.Prior.
#include "cholesky.cuh"
#include "covariance.cuh"
#include "lbfgsb.cuh"

namespace assay {

constexpr int FIT_THREADS = 256;

using FitPath = Path<double, 10>;

enum PriorKind { FLAT = 0, NORMAL = 1, GAMMA = 2, INVERSE_SQUARE = 3 };

/// What all starts have in common.
struct FitProblem {
  const Covariance& covariance;
  int d, p, n;
  const int* categorical;
  const double* x;
  int ldx;
  const int* prior_kinds;
  const double* prior_numbers;
};

/// One start's numbers. theta: where the posterior density is wanted; gradient: its derivative there.
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

/// The row of entry e of a packed lower triangle.
__device__ inline int row_of(int e) {
  int row = (int)((sqrt(8.0f * e + 1) - 1) / 2);
  while (packed_row(row) > e) row--;  // the root is rounded
  while (packed_row(row + 1) <= e) row++;
  return row;
}

/// The covariance with its noise, and below it the residuals.
__device__ inline void fill_triangle(
    const FitProblem& problem, const double* natural, const double* y, double* triangle) {
  int n = problem.n, p = problem.p;
  for (int e = threadIdx.x; e < packed_row(n); e += blockDim.x) {
    int row = row_of(e), column = e - packed_row(row);
    double value = covariance_at(
        problem.covariance, natural, problem.d, problem.categorical, problem.x + row, problem.ldx, problem.x + column,
        problem.ldx);
    triangle[e] = row == column ? value + natural[p - 2] : value;
  }
  for (int i = threadIdx.x; i < n; i += blockDim.x) triangle[packed_row(n) + i] = y[i] - natural[p - 1];
  __syncthreads();
}

/// Whether the covariance is one function of a squared distance, so that a pair's derivatives are one number times squared differences.
__device__ inline bool is_radial(const Covariance& c) { return c.leaves == 1 && c.kind[0] < ADDITIVE1; }

constexpr int ROWS = 4;         // that a warp fills at once
constexpr int COORDINATES = 4;  // that a warp sums over all pairs at once

/// fill_triangle for one radial leaf: a lane has four rows' pairs with one point, so that a coordinate that was read serves four.
/// @param squares out: the squared distances, packed
__device__ inline void fill_radial(
    const FitProblem& problem, const double* natural, const double* y, double* triangle, double* squares) {
  int n = problem.n, p = problem.p, kind = problem.covariance.kind[0];
  const double* mine = natural + problem.covariance.at[0];
  const double* inverse = mine + first_length(kind);
  double shape = kind == RATIONAL_QUADRATIC ? inverse[problem.d] : 1.0;
  for (int first = ROWS * warp(); first < n; first += ROWS * warps()) {
    int rows = min(ROWS, n - first);
    for (int column = lane(); column < first + rows; column += WARP) {
      double sums[ROWS] = {};
#pragma unroll 2
      for (int j = 0; j < problem.d; j++) {
        const double* x = problem.x + (size_t)j * problem.ldx;
        double other = x[column], scale = inverse[j], u[ROWS];
#pragma unroll
        for (int r = 0; r < ROWS; r++) u[r] = x[first + min(r, rows - 1)] - other;
        if (problem.categorical[j]) {  // the same for every thread
#pragma unroll
          for (int r = 0; r < ROWS; r++) u[r] = u[r] == 0 ? 0.0 : 1.0;
        }
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
          u[r] *= scale;
          sums[r] += u[r] * u[r];
        }
      }
#pragma unroll
      for (int r = 0; r < ROWS; r++)
        if (r < rows && column <= first + r) squares[packed_row(first + r) + column] = sums[r];
#pragma unroll 1
      for (int r = max(0, column - first); r < rows; r++) {
        int at = packed_row(first + r) + column;
        double value = mine[0] * radial_profile(kind, squares[at], shape);
        triangle[at] = column == first + r ? value + natural[p - 2] : value;
      }
    }
  }
  for (int i = threadIdx.x; i < n; i += blockDim.x) triangle[packed_row(n) + i] = y[i] - natural[p - 1];
  __syncthreads();
}

/// add_pairs for one radial leaf. In place of the inverse comes what a pair's squared differences are to be multiplied by; a warp then sums
/// those of some coordinates over all pairs, without a barrier.
/// @param inverse the inverse covariance, packed; lost
/// @param squares as fill_radial left them
__device__ inline void add_radial(
    const FitProblem& problem, const double* natural, double* inverse, const double* alpha, const double* squares,
    double* gradient, double* scratch) {
  int n = problem.n, d = problem.d, kind = problem.covariance.kind[0], at = problem.covariance.at[0];
  const double* mine = natural + at;
  const double* lengths = mine + first_length(kind);
  double shape = kind == RATIONAL_QUADRATIC ? lengths[d] : 1.0;
  double sums[] = {0, 0};  // of the scale and the shape
  for (int row = warp(); row < n; row += warps()) {
    for (int column = lane(); column <= row; column += WARP) {
      int e = packed_row(row) + column;
      double s = squares[e], w = alpha[row] * alpha[column] - inverse[e];
      if (row == column) w /= 2;  // a pair off the diagonal counts twice
      w *= mine[0];
      sums[0] += w * radial_profile(kind, s, shape);
      if (kind == RATIONAL_QUADRATIC) sums[1] += w * shape_slope(s, shape);
      inverse[e] = w * radial_slope(kind, s, shape);
    }
  }
  block_sums(sums, scratch);  // with a barrier, after which the pairs' numbers are whole
  if (threadIdx.x == 0) {
    gradient[at] = sums[0];
    if (kind == RATIONAL_QUADRATIC) gradient[at + 1 + d] = sums[1];
  }
  for (int j0 = warp(); j0 < d; j0 += COORDINATES * warps()) {
    double sum[COORDINATES] = {};
    const double* x[COORDINATES];
    bool category[COORDINATES];
#pragma unroll
    for (int h = 0; h < COORDINATES; h++) {
      int j = min(j0 + h * warps(), d - 1);
      x[h] = problem.x + (size_t)j * problem.ldx;
      category[h] = problem.categorical[j];
    }
    for (int row = 1; row < n; row++) {
      for (int column = lane(); column < row; column += WARP) {
        double factor = inverse[packed_row(row) + column];
#pragma unroll
        for (int h = 0; h < COORDINATES; h++) {
          if (j0 + h * warps() >= d) continue;  // the same for every lane
          double u = x[h][row] - x[h][column];
          if (category[h]) u = u == 0 ? 0.0 : 1.0;
          sum[h] += factor * (u * u);
        }
      }
    }
#pragma unroll
    for (int h = 0; h < COORDINATES; h++) {
      int j = j0 + h * warps();
      if (j >= d) continue;
      double all = warp_sum(sum[h]);
      if (lane() == 0) gradient[at + first_length(kind) + j] = -2 * all * (lengths[j] * lengths[j]);
    }
  }
}

/// Adds the derivatives of the log likelihood in the covariance's hyperparameters: all pairs of points by 256 at a time.
/// @param inverse the inverse covariance, packed; alpha: n numbers, of either sign
/// @param scratch gradient_scratch(256) numbers; rows: 256
__device__ inline void add_pairs(
    const FitProblem& problem, const double* natural, const double* inverse, const double* alpha, double* gradient,
    double* scratch, int* rows) {
  const double* x = problem.x;
  int pairs = packed_row(problem.n);
  for (int from = 0; from < pairs; from += FIT_THREADS) {
    int count = min(FIT_THREADS, pairs - from);
    __syncthreads();  // the rows before are read until here
    if ((int)threadIdx.x < count) rows[threadIdx.x] = row_of(from + threadIdx.x);
    auto pair = [=](int k) {
      int row = rows[k];
      return Points<double>{x + row, x + (from + k - packed_row(row))};
    };
    auto weight = [=](int k) {
      int row = rows[k], column = from + k - packed_row(row);
      double w = alpha[row] * alpha[column] - inverse[from + k];
      return row == column ? w / 2 : w;  // a pair off the diagonal counts twice
    };
    weighted_gradient_of_pairs<true>(
        problem.covariance, natural, problem.d, problem.categorical, pair, problem.ldx, problem.ldx, count, weight,
        gradient, scratch);
  }
  __syncthreads();
}

/// Value and gradient at theta. Every thread gets the value.
__device__ inline double evaluate_posterior(
    const FitProblem& problem, const double* y, const FitVectors& v, double* triangle, double* squares, double* scratch, int* rows) {
  int n = problem.n, p = problem.p;
  for (int i = threadIdx.x; i < p; i += blockDim.x) {
    v.natural[i] = natural_number(problem.covariance, problem.d, p, i, v.theta[i]);
    v.gradient[i] = 0;
  }
  __syncthreads();
  bool radial = is_radial(problem.covariance);
  if (radial) fill_radial(problem, v.natural, y, triangle, squares);
  else fill_triangle(problem, v.natural, y, triangle);
  if (factor_packed(triangle, n, n + 1) != 0) return -INFINITY;
  const double* residual = triangle + packed_row(n);  // times the factor's inverse, then minus alpha
  double value = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x)
    value -= residual[i] * residual[i] / 2 + log(triangle[packed_row(i) + i]);
  invert_packed(triangle, n, n + 1);
  square_packed(triangle, n);
  double trace = 0, sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    trace += residual[i] * residual[i] - triangle[packed_row(i) + i];
    sum -= residual[i];
  }
  double sums[] = {trace, sum};
  block_sums(sums, scratch);
  if (threadIdx.x == 0) {
    v.gradient[p - 2] = sums[0] / 2 * v.natural[p - 2];
    v.gradient[p - 1] = sums[1];
  }
  __syncthreads();  // what was summed is read until here
  if (radial) add_radial(problem, v.natural, triangle, residual, squares, v.gradient, scratch);
  else add_pairs(problem, v.natural, triangle, residual, v.gradient, scratch, rows);
  __syncthreads();
  for (int i = threadIdx.x; i < p; i += blockDim.x) {
    double slope = 0;
    value += prior_at(
        problem.prior_kinds[i], problem.prior_numbers[i], problem.prior_numbers[p + i], v.theta[i], slope);
    v.gradient[i] += slope;
  }
  return block_sum(value, scratch) - n * 0.91893853320467274178;  // log(2 pi)/2
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) fit_f64(
    const int* program, int d, int p, const int* categorical, const double* x, int ldx, const double* y, int ldy, int n,
    const int* columns, const double* bounds, const int* prior_kinds, const double* prior_numbers, int most_evaluations,
    double gradient_tolerance, double value_tolerance, const double* starts, double* vectors, int resident,
    double* squares, double* ends) {
  using namespace assay;
  SHARED_ARRAY(double, triangle);
  double* scratch = triangle + packed_row(n) + n;
  int* rows = reinterpret_cast<int*>(scratch + gradient_scratch(FIT_THREADS));
  int* ended = rows + FIT_THREADS;
  double* rest = scratch + gradient_scratch(FIT_THREADS) + FIT_THREADS / 2 + 1;
  FitProblem problem = {
      *reinterpret_cast<const Covariance*>(program), d, p, n, categorical, x, ldx, prior_kinds, prior_numbers};
  FitVectors own = vectors_at(resident ? rest : vectors + blockIdx.x * fit_vectors(p), p);
  FitPath path(own.state, p, bounds, bounds + p, own.theta);
  squares += blockIdx.x * (size_t)packed_row(n);
  const double* start = starts + (size_t)blockIdx.x * p;
  for (int i = threadIdx.x; i < p; i += blockDim.x) own.theta[i] = path.clamp(start[i], i);
  if (threadIdx.x < SCALARS) path.scalars[threadIdx.x] = 0;
  do {  // which begins with each thread's own hyperparameters
    double value = evaluate_posterior(problem, y + (size_t)columns[blockIdx.x] * ldy, own, triangle, squares, scratch, rows);
    if (warp() == 0) {
      bool end =
          path.receive(value, own.gradient, nullptr, most_evaluations, gradient_tolerance, value_tolerance);
      if (lane() == 0) *ended = end;
    }
    __syncthreads();
  } while (!*ended);
  double* end = ends + (size_t)blockIdx.x * (p + 2);
  for (int i = threadIdx.x; i < p; i += blockDim.x) end[i] = path.x[i];
  if (threadIdx.x == 0) {
    end[p] = path.value();
    end[p + 1] = path.evaluations();
  }
}

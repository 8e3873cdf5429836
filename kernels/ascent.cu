// The ascent of an acquisition from S starts in one launch: a block for each start evaluates it, its gradient and the next
// step of L-BFGS until the start has ended, without a word to the host or to other blocks. For few starts, where launches
// for every evaluation would cost more than the work; many starts share what they read of a factor in lbfgsb.cu's steps.
// FP64 only: where an ascent ends is the answer.
//
// ascent_group: writes row `index` of the table of groups: only the device knows its addresses. Launch: one block.
// ascend: maximises. Launch: S blocks of 256 threads with shared memory for 4 x 256 + 32 numbers.
//   @param groups the table; `count`: how many groups of models that share a factor
//   @param points S x d, in: the starts, out: where each ended; values: S, out
//   @param n at least 1
//   @param free S x d flags: coordinates that may move; low, high: d bounds, possibly infinite
//   @param state S x Climb::size(d) numbers, 0 before; trial: S x d
//   @param half S x 2 n for each group; means, variances, dmeans, dvariances: models x S; gradients: S x d
//   Others: as in posterior.cu and acquisition.cu.
#include "acquisition.cuh"
#include "factor.cuh"
#include "lbfgsb.cuh"
#include "posterior.cuh"

namespace assay {

struct AscentGroup {
  const int* program;
  const double* natural;
  const double* factor;
  const double* alpha;
  const int* model;
  int lead, models, p;
};
static_assert(sizeof(AscentGroup) == 56, "ConditionedGroup.DESCRIPTION");

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) ascent_group_f64(
    unsigned char* groups, int index, const int* program, const double* natural, const double* factor,
    const double* alpha, const int* model, int lead, int models, int p) {
  if (threadIdx.x == 0)
    reinterpret_cast<assay::AscentGroup*>(groups)[index] = {
        program, natural, factor, alpha, model, lead, models, p};
}

extern "C" __global__ void __launch_bounds__(256, 1) ascend_f64(
    const unsigned char* groups, int count, int d, const int* categorical, const double* x, int ldx, int n, int terms,
    const int* shape, const double* number, const int* fantasy_model, const double* fantasy_incumbent,
    const double* cells, int models, int starts, int most_evaluations, double gradient_tolerance,
    double value_tolerance, const double* low, const double* high, const int* free, double* points, double* values,
    double* state, double* trial, double* half, double* means, double* variances, double* dmeans, double* dvariances,
    double* gradients) {
  using namespace assay;
  SHARED_ARRAY(double, shared);
  int start = blockIdx.x;
  size_t at = (size_t)start * d;
  const AscentGroup* table = reinterpret_cast<const AscentGroup*>(groups);
  auto group = [=](int q) {
    const AscentGroup& g = table[q];
    return Conditioned<double>{reinterpret_cast<const Covariance*>(g.program), d, g.p, categorical, g.natural, x, ldx, n,
                               g.alpha, g.lead, g.models, g.model};
  };
  Acquisition<double> acquisition = {terms, shape, number, fantasy_model, fantasy_incumbent, cells};
  Climb<double> path(state + start * Climb<double>::size(d), d, low, high, trial + at);
  double* rows = half + (size_t)start * count * 2 * n;
  for (int j = threadIdx.x; j < d; j += blockDim.x) trial[at + j] = points[at + j];
  bool ended = false;
  while (!ended) {
    __syncthreads();
    for (int q = 0; q < count; q++) {
      Conditioned<double> own = group(q);
      double* k = rows + (size_t)q * 2 * n;
      for (int i = threadIdx.x; i < n; i += blockDim.x)
        k[i] = covariance_at(*own.covariance, own.natural, d, categorical, trial + at, 1, x + i, ldx);
      __syncthreads();
      multiply_vector(FactorOf<true, false>{table[q].factor, table[q].lead, n}, k, k + n);
      __syncthreads();
      if (warp() == 0) put_moments(own, k, k + n, start, starts, means, variances);
    }
    // Means and variances were written by this warp's own first lane.
    if (threadIdx.x == 0)
      values[start] = acquisition_at(acquisition, models, starts, start, means, variances, 1, dmeans, dvariances);
    for (int j = threadIdx.x; j < d; j += blockDim.x) gradients[at + j] = 0;
    __syncthreads();  // k* is read until here, and derivatives are whole
    for (int q = 0; q < count; q++) {
      double* w = rows + (size_t)q * 2 * n;  // takes the place of k*
      multiply_vector(FactorOf<true, true>{table[q].factor, table[q].lead, n}, w + n, w);  // whole after the barrier that follows
      add_point_gradient(group(q), trial + at, start, starts, w, dmeans, dvariances, gradients + at, shared);
      __syncthreads();
    }
    int* flag = reinterpret_cast<int*>(shared);
    if (warp() == 0) {
      bool last = path.receive(
          values[start], gradients + at, free + at, most_evaluations, gradient_tolerance, value_tolerance);
      if (lane() == 0) *flag = last;
    }
    __syncthreads();
    ended = *flag != 0;
  }
  for (int j = threadIdx.x; j < d; j += blockDim.x) points[at + j] = path.x[j];
  if (threadIdx.x == 0) values[start] = path.value();
}

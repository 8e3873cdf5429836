// The ascent of an acquisition from S starts in one launch: a block for each start evaluates it, its gradient and the next
// step of L-BFGS until the start has ended, without a word to the host or to other blocks. For few starts, where launches
// for every evaluation would cost more than the work; many starts share what they read of a factor in lbfgsb.cu's steps.
// FP64 only: where an ascent ends is the answer.
//
// ascent_group: writes row `index` of the table of groups: only the device knows its addresses. Launch: one block.
// ascend: maximises. Launch: S blocks of 256 threads with shared memory for 4 x 256 + 32 numbers, or for what the triangular
//   solves need, whichever is more.
//   @param groups the table; `count`: how many groups of models that share a factor
//   @param points S x d, in: the starts, out: where each ended; values: S, out
//   @param free S x d flags: coordinates that may move; low, high: d bounds, possibly infinite
//   @param state S x (19 d + 13) numbers, 0 before; trial: S x d
//   @param half S x the sum of the groups' n; means, variances, dmeans, dvariances: models x S; gradients: S x d
//   Others: as in posterior.cu and acquisition.cu.
#include "acquisition.cuh"
#include "lbfgsb.cuh"
#include "posterior.cuh"

namespace assay {

template <class T>
struct AscentGroup {
  const int* program;
  const T* natural;
  const T* factor;
  const T* alpha;
  const int* model;
  int lead, models, p;
};
static_assert(sizeof(AscentGroup<double>) == 56, "ConditionedGroup.DESCRIPTION");

template <class T>
__device__ inline void ascent_group(
    unsigned char* groups, int index, const int* program, const T* natural, const T* factor, const T* alpha,
    const int* model, int lead, int models, int p) {
  if (threadIdx.x == 0)
    reinterpret_cast<AscentGroup<T>*>(groups)[index] = {program, natural, factor, alpha, model, lead, models, p};
}

template <class T>
__device__ inline void ascend(
    const unsigned char* groups, int count, int d, const int* categorical, const T* x, int ldx, int n, int terms,
    const int* shape, const T* number, const int* fantasy_model, const T* fantasy_incumbent, const T* cells, int models,
    int starts, int most_evaluations, T gradient_tolerance, T value_tolerance, const T* low, const T* high,
    const int* free, T* points, T* values, T* state, T* trial, T* half, T* means, T* variances, T* dmeans, T* dvariances,
    T* gradients) {
  SHARED_ARRAY(T, shared);
  constexpr int PAIRS = 8;
  int start = blockIdx.x;
  size_t at = (size_t)start * d;
  auto group = [=](int q) {
    const AscentGroup<T>& g = reinterpret_cast<const AscentGroup<T>*>(groups)[q];
    return Conditioned<T>{reinterpret_cast<const Covariance*>(g.program), d, g.p, categorical, g.natural, x, ldx, n,
                          g.factor, g.lead, g.alpha, g.lead, g.models, g.model};
  };
  Acquisition<T> acquisition = {terms, shape, number, fantasy_model, fantasy_incumbent, cells};
  Path<T, PAIRS> path(state + start * Path<T, PAIRS>::size(d), d, low, high, trial + at);
  T* rows = half + (size_t)start * count * n;
  for (int j = threadIdx.x; j < d; j += blockDim.x) trial[at + j] = points[at + j];
  bool ended = false;
  while (!ended) {
    __syncthreads();
    for (int q = 0; q < count; q++)
      posterior_tile(group(q), trial + at, start, 1, starts, rows + (size_t)q * n, means, variances, shared);
    __syncthreads();
    if (threadIdx.x == 0)
      values[start] = acquisition_at(acquisition, models, starts, start, means, variances, 1, dmeans, dvariances);
    for (int j = threadIdx.x; j < d; j += blockDim.x) gradients[at + j] = 0;
    __syncthreads();
    for (int q = 0; q < count; q++) {
      Conditioned<T> own = group(q);
      T* w = rows + (size_t)q * n;
      solve_rows<true>(own.factor, own.ldl, n, w, n, 1, 0, shared);
      __syncthreads();
      add_point_gradient(own, trial + at, start, starts, w, dmeans, dvariances, gradients + at, shared);
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

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) ascent_group_f64(
    unsigned char* groups, int index, const int* program, const double* natural, const double* factor,
    const double* alpha, const int* model, int lead, int models, int p) {
  assay::ascent_group(groups, index, program, natural, factor, alpha, model, lead, models, p);
}
REGISTER_KERNEL(ascent_group_f64)

extern "C" __global__ void __launch_bounds__(256, 1) ascend_f64(
    const unsigned char* groups, int count, int d, const int* categorical, const double* x, int ldx, int n, int terms,
    const int* shape, const double* number, const int* fantasy_model, const double* fantasy_incumbent,
    const double* cells, int models, int starts, int most_evaluations, double gradient_tolerance,
    double value_tolerance, const double* low, const double* high, const int* free, double* points, double* values,
    double* state, double* trial, double* half, double* means, double* variances, double* dmeans, double* dvariances,
    double* gradients) {
  assay::ascend(
      groups, count, d, categorical, x, ldx, n, terms, shape, number, fantasy_model, fantasy_incumbent, cells, models,
      starts, most_evaluations, gradient_tolerance, value_tolerance, low, high, free, points, values, state, trial, half,
      means, variances, dmeans, dvariances, gradients);
}
REGISTER_KERNEL(ascend_f64)

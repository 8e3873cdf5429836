// One step of projected limited-memory BFGS for each of S starts: takes the objective and its gradient at every start's
// trial point and leaves the next trial point there. The host launches evaluation and step in turn and reads nothing in
// between; a start that has ended stays as it is.
//
// lbfgsb_step: maximises; a warp for each start. Launch: ceil(S/8) blocks of 256 threads.
//   @param trial S x d, in and out; values S, gradients S x d: the objective there, to be maximised
//   @param free S x d flags: coordinates that may move; low, high: d bounds, possibly infinite
//   @param state S x Climb::size(d) numbers, 0 before the first step: see Path; done: S flags, 0 before the first step
//   In the end the point is the first d numbers of the state, and the objective there is minus the first of its scalars.
// lbfgsb_running: which starts have not ended, in order, and how many: what else is not evaluated any more. Launch: one block of 256 threads.
//   @param list out: S; count: out
// lbfgsb_ends: writes those, S x d and S. Launch: ceil(S/8) blocks of 256 threads.
#include "lbfgsb.cuh"

namespace assay {

template <class T>
__device__ inline void lbfgsb_step(
    int starts, int d, int most_evaluations, T gradient_tolerance, T value_tolerance, const T* low, const T* high,
    const int* free, const T* values, const T* gradients, T* trial, T* state, int* done) {
  int start = blockIdx.x * warps() + warp();
  if (start >= starts || done[start]) return;
  size_t at = (size_t)start * d;
  Climb<T> path(state + start * Climb<T>::size(d), d, low, high, trial + at);
  bool ended = path.receive(
      values[start], gradients + at, free + at, most_evaluations, gradient_tolerance, value_tolerance);
  if (ended && lane() == 0) done[start] = 1;
}

template <class T>
__device__ inline void lbfgsb_running(int starts, const int* done, int* list, int* count) {
  SHARED_ARRAY(int, of_warp);
  int before = 0;
  for (int from = 0; from < starts; from += blockDim.x) {
    int start = from + threadIdx.x;
    int runs = start < starts && !done[start];
    int sum = runs;  // of the lanes up to this one
    for (int step = 1; step < WARP; step *= 2) {
      int other = __shfl_up_sync(ALL_LANES, sum, step);
      if (lane() >= step) sum += other;
    }
    __syncthreads();  // the sums before are read until here
    if (lane() == WARP - 1) of_warp[warp()] = sum;
    __syncthreads();
    int total = 0;
    for (int w = 0; w < warps(); w++) {
      if (w < warp()) sum += of_warp[w];
      total += of_warp[w];
    }
    if (runs) list[before + sum - 1] = start;
    before += total;
  }
  if (threadIdx.x == 0) *count = before;
}

template <class T>
__device__ inline void lbfgsb_ends(int starts, int d, T* state, T* points, T* values) {
  int start = blockIdx.x * warps() + warp();
  if (start >= starts) return;
  const T* own = state + start * Climb<T>::size(d);
  for (int j = lane(); j < d; j += WARP) points[(size_t)start * d + j] = own[j];
  if (lane() == 0) values[start] = -own[Climb<T>::scalars_at(d)];
}

}  // namespace assay

KERNEL(
    lbfgsb_step,
    (int starts, int d, int most_evaluations, double gradient_tolerance, double value_tolerance, const double* low,
     const double* high, const int* free, const double* values, const double* gradients, double* trial, double* state,
     int* done),
    (starts, d, most_evaluations, gradient_tolerance, value_tolerance, low, high, free, values, gradients, trial,
     state, done))

KERNEL(lbfgsb_running, (int starts, const int* done, int* list, int* count), (starts, done, list, count))

KERNEL(
    lbfgsb_ends,
    (int starts, int d, double* state, double* points, double* values),
    (starts, d, state, points, values))

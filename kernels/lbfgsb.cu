// One step of projected limited-memory BFGS for each of S starts: takes the objective and its gradient at every start's
// trial point and leaves the next trial point there. The host launches evaluation and step in turn and reads nothing in
// between; a start that has ended stays as it is. The same iterates as dev.assay.linalg.LbfgsB.
//
// lbfgsb_step: maximises; a warp for each start. Launch: ceil(S/8) blocks of 256 threads.
//   @param trial S x d, in and out; values S, gradients S x d: the objective there, to be maximised
//   @param free S x d flags: coordinates that may move; low, high: d bounds, possibly infinite
//   @param state S x (19 d + 13) numbers, 0 before the first step: see Path; done: S flags, 0 before the first step
//   In the end the point is the first d numbers of the state, and the objective there is minus the first of its scalars.
// lbfgsb_ends: writes those, S x d and S. Launch: ceil(S/8) blocks of 256 threads.
//
// Sources: Bertsekas 1982 (two-metric projection); Nocedal and Wright 2006, Algorithm 7.4.
#include "device.cuh"

namespace assay {

constexpr int HISTORY = 8;
constexpr int SCALARS = 5;  // f, step, pairs ever stored, evaluations, whether the start itself was evaluated

/// One start. Lane j mod 32 alone reads and writes coordinate j.
template <class T>
struct Path {
  int d;
  T *x, *gradient, *direction, *steps, *changes, *curvature, *scalars;
  const T *low, *high;
  T* trial;

  __device__ static size_t size(int d) { return (size_t)d * (3 + 2 * HISTORY) + HISTORY + SCALARS; }

  __device__ Path(T* state, int d_, const T* low_, const T* high_, T* trial_)
      : d(d_), x(state), gradient(state + d_), direction(state + 2 * d_), steps(state + 3 * d_),
        changes(state + (3 + HISTORY) * d_), curvature(state + (3 + 2 * HISTORY) * d_),
        scalars(state + (3 + 2 * HISTORY) * d_ + HISTORY), low(low_), high(high_), trial(trial_) {}

  __device__ bool held(int j) const {
    return (x[j] <= low[j] && gradient[j] > 0) || (x[j] >= high[j] && gradient[j] < 0);
  }

  __device__ T clamp(T v, int j) const { return v < low[j] ? low[j] : (v > high[j] ? high[j] : v); }

  __device__ T dot(const T* a, const T* b, bool free_only) const {
    T sum = 0;
    for (int j = lane(); j < d; j += WARP)
      if (!(free_only && held(j))) sum += a[j] * b[j];
    return warp_sum(sum);
  }

  __device__ void add(T factor, const T* v) {
    for (int j = lane(); j < d; j += WARP)
      if (!held(j)) direction[j] += factor * v[j];
  }

  __device__ T projected_gradient() const {
    T largest = 0;
    for (int j = lane(); j < d; j += WARP)
      if (!held(j)) largest = fabs(gradient[j]) > largest ? fabs(gradient[j]) : largest;
    return warp_max(largest);
  }

  __device__ void steepest() {
    for (int j = lane(); j < d; j += WARP) direction[j] = held(j) ? T(0) : -gradient[j];
  }

  /// The two-loop recursion on the free coordinates. @return pairs that count from now on
  __device__ int choose_direction(int pairs) {
    steepest();
    int first = pairs > HISTORY ? pairs - HISTORY : 0;
    T alpha[HISTORY];
    for (int p = pairs - 1; p >= first; p--) {
      int slot = p % HISTORY;
      alpha[slot] = dot(steps + (size_t)slot * d, direction, true) / curvature[slot];
      add(-alpha[slot], changes + (size_t)slot * d);
    }
    if (pairs > first) {
      int slot = (pairs - 1) % HISTORY;
      const T* y = changes + (size_t)slot * d;
      T scale = curvature[slot] / dot(y, y, false);
      for (int j = lane(); j < d; j += WARP) direction[j] *= scale;
    }
    for (int p = first; p < pairs; p++) {
      int slot = p % HISTORY;
      T beta = dot(changes + (size_t)slot * d, direction, true) / curvature[slot];
      add(alpha[slot] - beta, steps + (size_t)slot * d);
    }
    if (!(dot(gradient, direction, true) < 0)) {  // restricted curvature may be indefinite: start afresh
      pairs = 0;
      steepest();
    }
    return pairs;
  }

  /// @return whether the trial point is where the start already is
  __device__ bool propose(T step) {
    int moved = 0;
    for (int j = lane(); j < d; j += WARP) {
      trial[j] = clamp(x[j] + step * direction[j], j);
      moved |= trial[j] != x[j];
    }
    return warp_max(moved) == 0;
  }

  /// Keeps the pair of the step from x to the trial point, unless it would spoil positive definiteness.
  __device__ int remember(const T* gradients, const int* free, int pairs) {
    int slot = pairs % HISTORY;
    T *s = steps + (size_t)slot * d, *y = changes + (size_t)slot * d;
    T sy = 0, yy = 0;
    for (int j = lane(); j < d; j += WARP) {
      T step = trial[j] - x[j], change = (free[j] ? -gradients[j] : T(0)) - gradient[j];
      sy += step * change;
      yy += change * change;
    }
    sy = warp_sum(sy);
    yy = warp_sum(yy);
    if (!(sy > T(1e-10) * yy && sy > 0)) return pairs;
    for (int j = lane(); j < d; j += WARP) {
      s[j] = trial[j] - x[j];
      y[j] = (free[j] ? -gradients[j] : T(0)) - gradient[j];
    }
    if (lane() == 0) curvature[slot] = sy;
    __syncwarp();
    return pairs + 1;
  }
};

template <class T>
__device__ inline bool is_finite(T v) { return v - v == 0; }

template <class T>
__device__ inline void lbfgsb_step(
    int starts, int d, int most_evaluations, T gradient_tolerance, T value_tolerance, const T* low, const T* high,
    const int* free, const T* values, const T* gradients, T* trial, T* state, int* done) {
  int start = blockIdx.x * warps() + warp();
  if (start >= starts || done[start]) return;
  Path<T> path(state + start * Path<T>::size(d), d, low, high, trial + (size_t)start * d);
  free += (size_t)start * d;
  gradients += (size_t)start * d;
  T f = path.scalars[0], step = path.scalars[1];
  int pairs = (int)path.scalars[2], evaluations = (int)path.scalars[3] + 1;
  bool first = path.scalars[4] == 0;
  T value = -values[start];
  bool ended = false, accepted = false;
  T predicted = 0;  // gradient^T (trial - x), negative
  if (first) {
    for (int j = lane(); j < d; j += WARP) path.x[j] = path.trial[j];
    accepted = is_finite(value);
    if (!accepted) {
      f = INFINITY;
      ended = true;
    }
  } else {
    for (int j = lane(); j < d; j += WARP) predicted += path.gradient[j] * (path.trial[j] - path.x[j]);
    predicted = warp_sum(predicted);
    accepted = is_finite(value) && value <= f + T(1e-4) * predicted;  // Armijo
  }
  if (accepted) {
    T gain = f - value;
    if (!first) pairs = path.remember(gradients, free, pairs);
    for (int j = lane(); j < d; j += WARP) {
      path.x[j] = path.trial[j];
      path.gradient[j] = free[j] ? -gradients[j] : T(0);
    }
    f = value;
    ended = evaluations >= most_evaluations || path.projected_gradient() <= gradient_tolerance;
    if (!ended) {
      pairs = path.choose_direction(pairs);
      T length = path.dot(path.direction, path.direction, false);
      step = pairs > 0 ? T(1) : min(T(1), 1 / sqrt(max(length, T(1e-30))));
      path.propose(step);
      T size = fabs(f) > 1 ? fabs(f) : T(1);
      if (!first && gain <= value_tolerance * size) ended = true;
    }
  } else if (!first) {
    T shrink = T(0.1);
    if (is_finite(value)) {  // minimum of the parabola through f, its slope, and the trial
      shrink = -predicted / (2 * (value - f - predicted));
      shrink = shrink < T(0.1) ? T(0.1) : (shrink > T(0.5) ? T(0.5) : shrink);
    }
    step *= shrink;
    ended = path.propose(step) || evaluations >= most_evaluations;
  }
  __syncwarp();  // every lane has read what lane 0 now writes
  if (lane() == 0) {
    path.scalars[0] = f;
    path.scalars[1] = step;
    path.scalars[2] = pairs;
    path.scalars[3] = evaluations;
    path.scalars[4] = 1;
    if (ended) done[start] = 1;
  }
}

template <class T>
__device__ inline void lbfgsb_ends(int starts, int d, T* state, T* points, T* values) {
  int start = blockIdx.x * warps() + warp();
  if (start >= starts) return;
  const T* own = state + start * Path<T>::size(d);
  for (int j = lane(); j < d; j += WARP) points[(size_t)start * d + j] = own[j];
  if (lane() == 0) values[start] = -own[Path<T>::size(d) - SCALARS];
}

}  // namespace assay

#define LBFGSB_STEP(T)                                                                                              \
  (int starts, int d, int most_evaluations, T gradient_tolerance, T value_tolerance, const T* low, const T* high,      \
   const int* free, const T* values, const T* gradients, T* trial, T* state, int* done)
KERNEL_PAIR(lbfgsb_step, LBFGSB_STEP(double), LBFGSB_STEP(float),
            (starts, d, most_evaluations, gradient_tolerance, value_tolerance, low, high, free, values, gradients, trial,
             state, done))

#define LBFGSB_ENDS(T) (int starts, int d, T* state, T* points, T* values)
KERNEL_PAIR(lbfgsb_ends, LBFGSB_ENDS(double), LBFGSB_ENDS(float), (starts, d, state, points, values))

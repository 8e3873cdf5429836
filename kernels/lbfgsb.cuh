// Projected limited-memory BFGS of one start, the same iterates as dev.assay.internal.linalg.LbfgsB.
//
// Sources: Bertsekas 1982 (two-metric projection); Nocedal and Wright 2006, Algorithm 7.4.
#pragma once
#include "device.cuh"

namespace assay {

constexpr int SCALARS = 5;  // f, step, pairs ever stored, evaluations, whether the start itself was evaluated

template <class T>
__device__ inline bool is_finite(T v) { return v - v == 0; }

/// One start, by one warp. Lane j mod 32 alone reads and writes coordinate j; all lanes call what is here.
/// @tparam HISTORY remembered pairs
template <class T, int HISTORY>
struct Path {
  int d, lead;
  T *x, *gradient, *direction, *steps, *changes, *curvature, *scalars;
  const T *low, *high;
  T* trial;

  /// Where a start's scalars are in its state: behind vectors that begin at sectors of memory.
  __device__ static size_t scalars_at(int d) { return (size_t)row_lead(d) * (3 + 2 * HISTORY) + row_lead(HISTORY); }

  /// Numbers of a start's state.
  __device__ static size_t size(int d) { return scalars_at(d) + row_lead(SCALARS); }

  /// @param state_ size(d_) numbers, the scalars 0 before the first step
  /// @param low_, high_ d_ bounds, possibly infinite; trial_: d_ numbers, the point to be evaluated next
  __device__ Path(T* state_, int d_, const T* low_, const T* high_, T* trial_)
      : d(d_), lead(row_lead(d_)), x(state_), gradient(state_ + lead), direction(state_ + 2 * lead), steps(state_ + 3 * lead),
        changes(state_ + (3 + HISTORY) * lead), curvature(state_ + (3 + 2 * HISTORY) * lead),
        scalars(state_ + scalars_at(d_)), low(low_), high(high_), trial(trial_) {}

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
      alpha[slot] = dot(steps + (size_t)slot * lead, direction, true) / curvature[slot];
      add(-alpha[slot], changes + (size_t)slot * lead);
    }
    if (pairs > first) {
      int slot = (pairs - 1) % HISTORY;
      const T* y = changes + (size_t)slot * lead;
      T scale = curvature[slot] / dot(y, y, false);
      for (int j = lane(); j < d; j += WARP) direction[j] *= scale;
    }
    for (int p = first; p < pairs; p++) {
      int slot = p % HISTORY;
      T beta = dot(changes + (size_t)slot * lead, direction, true) / curvature[slot];
      add(alpha[slot] - beta, steps + (size_t)slot * lead);
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

  /// The descent's gradient at the trial point.
  __device__ static T slope(const T* gradients, const int* free, int j) {
    return free == nullptr || free[j] ? -gradients[j] : T(0);
  }

  /// Keeps the pair of the step from x to the trial point, unless it would spoil positive definiteness.
  __device__ int remember(const T* gradients, const int* free, int pairs) {
    int slot = pairs % HISTORY;
    T *s = steps + (size_t)slot * lead, *y = changes + (size_t)slot * lead;
    T sy = 0, yy = 0;
    for (int j = lane(); j < d; j += WARP) {
      T step = trial[j] - x[j], change = slope(gradients, free, j) - gradient[j];
      sy += step * change;
      yy += change * change;
    }
    sy = warp_sum(sy);
    yy = warp_sum(yy);
    if (!(sy > T(1e-10) * yy && sy > 0)) return pairs;
    for (int j = lane(); j < d; j += WARP) {
      s[j] = trial[j] - x[j];
      y[j] = slope(gradients, free, j) - gradient[j];
    }
    if (lane() == 0) curvature[slot] = sy;
    __syncwarp();
    return pairs + 1;
  }

  /// One step. Takes what was found at the trial point and leaves the next trial point there; what it leaves is whole after the next
  /// barrier of the block, or the next launch.
  /// @param objective to be maximised; gradients: d numbers, its gradient
  /// @param free d flags: coordinates that may move; null: all
  /// @return whether the start has ended: x is where, and value() the objective there
  __device__ bool receive(
      T objective, const T* gradients, const int* free, int most_evaluations, T gradient_tolerance, T value_tolerance) {
    T f = scalars[0], step = scalars[1];
    int pairs = (int)scalars[2], evaluations = (int)scalars[3] + 1;
    bool first = scalars[4] == 0;
    T value = -objective;
    bool ended = false, accepted = false;
    T predicted = 0;  // gradient^T (trial - x), negative
    if (first) {
      for (int j = lane(); j < d; j += WARP) x[j] = trial[j];
      accepted = is_finite(value);
      if (!accepted) {
        f = INFINITY;
        ended = true;
      }
    } else {
      for (int j = lane(); j < d; j += WARP) predicted += gradient[j] * (trial[j] - x[j]);
      predicted = warp_sum(predicted);
      accepted = is_finite(value) && value <= f + T(1e-4) * predicted;  // Armijo
    }
    if (accepted) {
      T gain = f - value;
      if (!first) pairs = remember(gradients, free, pairs);
      for (int j = lane(); j < d; j += WARP) {
        x[j] = trial[j];
        gradient[j] = slope(gradients, free, j);
      }
      f = value;
      ended = evaluations >= most_evaluations || projected_gradient() <= gradient_tolerance;
      if (!ended) {
        pairs = choose_direction(pairs);
        T length = dot(direction, direction, false);
        step = pairs > 0 ? T(1) : min(T(1), 1 / sqrt(max(length, T(1e-30))));
        propose(step);
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
      ended = propose(step) || evaluations >= most_evaluations;
    }
    __syncwarp();  // every lane has read what lane 0 now writes
    if (lane() == 0) {
      scalars[0] = f;
      scalars[1] = step;
      scalars[2] = pairs;
      scalars[3] = evaluations;
      scalars[4] = 1;
    }
    return ended;
  }

  __device__ T value() const { return -scalars[0]; }

  __device__ int evaluations() const { return (int)scalars[3]; }
};

/// A start of an acquisition's maximisation: as many pairs as AcquisitionMaximiser.HISTORY.
template <class T>
using Climb = Path<T, 8>;

}  // namespace assay

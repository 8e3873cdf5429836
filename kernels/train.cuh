// The bodies of the kernels of train.cu and train_tf32.cu: P are the products of dense layers (dense.cuh, tensor.cuh).
//
// A lane's state: W (u rows at a stride), b for each layer, padded with zeros; then likewise two moments.
// Rows of activations have strides that are odd multiples of 4, padded with zeros. Gradients take the place of the activations that they
// are the gradients of, as soon as nobody reads these any more.
// Every sum has an order of its own that no other lane, and no place of the state, changes: a lane's result is the same
// to the last bit whatever is launched beside it.
//
// Sources: one lane a block: Mueller et al. 2021 (fully fused networks) for the state on chip, Wang et al. 2021 (HFTA) for
// lanes; Kingma and Ba 2015; Loshchilov and Hutter 2019; Srivastava et al. 2014; Chellapilla, Puri and Simard 2006.
#pragma once
#include "convolution.cuh"
#include "dense.cuh"
#include "staged.cuh"

namespace assay {

/// Where the moments of a lane are that trains in a block's shared memory.
enum Moments { IN_DEVICE = 0, IN_SHARED = 1 };

/// What a launch of train_phase does.
enum Phase { GATHER = 0, FORWARD = 1, HEAD = 2, GRADIENT = 3, BELOW = 4 };

/// The losses of this thread's rows. In the place of the last layer's outputs come, with `learning`, their gradients in these, or what the
/// rows' predictions are.
/// @tparam S how gradients are kept
/// @param predictions where these go, or null
template <class S>
__device__ inline double head(
    const TrainShape& shape, const TrainData& data, int fold, const Part& part, float* scratch, bool learning,
    float* predictions) {
  const TrainLayer& last = shape.layer[shape.layers - 1];
  double loss = 0;
#pragma unroll 1
  for (int i = threadIdx.x; i < part.count; i += blockDim.x) {
    float* z = scratch + last.out + i * last.row_stride;
    if (shape.head == LINEAR) {
      float error = z[0] - data.targets[(size_t)fold * data.n + part.rows[i]];
      loss += 0.5 * error * error;
      if (learning) z[0] = S::of(error / part.total);
      continue;
    }
    // Four numbers at once: rows that threads read side by side then lie in different banks.
    int outputs = last.outputs, label = data.labels[part.rows[i]];
    float largest = z[0], of_label = z[label], sum = 0;
#pragma unroll 1
    for (int j = 0; j < outputs; j += 4) {
      Pack<4> x = pack<4>(z + j);
      for (int t = 0; t < 4; t++) largest = j + t < outputs ? max(largest, x.at[t]) : largest;
    }
    of_label -= largest;
#pragma unroll 1
    for (int j = 0; j < outputs; j += 4) {
      Pack<4> x = pack<4>(z + j);
      for (int t = 0; t < 4; t++)
        if (j + t < outputs) sum += x.at[t] = exp(x.at[t] - largest);
      pack<4>(z + j) = x;
    }
    loss += log((double)sum) - of_label;
    float factor = 1 / sum, share = factor / part.total, whole = 1.0f / part.total;
#pragma unroll 1
    for (int j = 0; (learning || predictions) && j < outputs; j += 4) {
      Pack<4> x = pack<4>(z + j);
      for (int t = 0; t < 4; t++) {
        if (j + t >= outputs) break;
        x.at[t] = learning ? S::of(x.at[t] * share - (j + t == label ? whole : 0.0f)) : x.at[t] * factor;
      }
      pack<4>(z + j) = x;
    }
  }
  if (predictions) {
    __syncthreads();
    for (int e = threadIdx.x; e < part.count * last.outputs; e += blockDim.x)
      predictions[e] = scratch[last.out + e / last.outputs * last.row_stride + e % last.outputs];
  }
  return loss;
}

/// What dense layers read is kept as their products take it, what convolutions read as it is.
template <class P>
__device__ inline void gather_for(
    const TrainShape& shape, const TrainData& data, int fold, const Part& part, float* scratch, const Team& team) {
  if (!P::Stored::ROUNDS || shape.layer[0].kind == DENSE) {
    gather<typename P::Stored>(shape, data, fold, part, scratch, team);
  } else {
    gather<AsIs>(shape, data, fold, part, scratch, team);
  }
}

template <class P>
__device__ inline void forward_layer(const Pass& p, int count, const Team& team) {
  if (p.layer.kind == DENSE) {
    P::forward(p, count, team);
  } else {
    convolution_forward<typename P::Stored>(p, count, team);
  }
}

template <class P>
__device__ inline void forward(
    const TrainShape& shape, const TrainLane& lane, const Part& part, float* state, float* scratch, const Team& team) {
  for (int l = 0; l < shape.layers; l++) {
    __syncthreads();
    forward_layer<P>(pass(shape, lane, part, l, state, scratch), part.count, team);
  }
  __syncthreads();
}

/// The gradients in a layer's weights. Those of the lowest layer move them at once; of another one they are still read.
template <class P>
__device__ inline void gradient(const Pass& p, int l, int count, const Step& step, const Team& team) {
  if (p.layer.kind == DENSE) {
    P::gradient(p, count, step, l == 0, team);
  } else {
    convolution_gradient(p, count, step, l == 0, team);
  }
}

template <class P>
__device__ inline void below(const Pass& p, const Pass& under, int count, const Team& team) {
  if (p.layer.kind == DENSE) {
    P::below(p, under, count, team);
  } else {
    convolution_below(p, under, count, team);
  }
}

template <class P>
__device__ inline void backward(
    const TrainShape& shape, const TrainLane& lane, const Part& part, float* state, float* scratch, const Step& step,
    const Team& team) {
  __syncthreads();
  for (int l = shape.layers - 1; l >= 0; l--) {
    Pass p = pass(shape, lane, part, l, state, scratch);
    gradient<P>(p, l, part.count, step, team);
    if (l == 0) break;
    __syncthreads(); // what the layer below gave is read until here
    below<P>(p, pass(shape, lane, part, l - 1, state, scratch), part.count, team);
    __syncthreads(); // the weights are read until here
    step.finish(p.layer, team);
  }
}

__device__ inline void copy(const float* from, float* to, int count) {
  for (int i = 4 * threadIdx.x; i < count; i += 4 * blockDim.x) pack<4>(to + i) = pack<4>(from + i);
}

/// A block trains a lane for an epoch.
/// @param sums of gradients over parts of batches, where these are of more rows than are worked on at a time
template <class P>
__device__ inline void train_epoch(
    const TrainShape& shape, const TrainData& data, const TrainLane& lane, const int* rows, const float* steps,
    const unsigned* keys, float* device_state, float* sums, int moments, double* loss) {
  SHARED_ARRAY(float, shared);
  int kept = (moments == IN_SHARED ? 3 : 1) * shape.size;
  float* state = shared + 16;  // before it 8 doubles
  float* scratch = state + kept;
  Team team = block_team();
  copy(device_state, state, kept);
  double sum = 0;
  for (int s = 0; s < lane.steps; s++) {
    int from = s * lane.batch_size, total = min(lane.batch_size, lane.rows - from), at = lane.first_step + s;
    const unsigned* own = lane.mask_threshold ? keys + (size_t)2 * shape.layers * at : nullptr;
    for (int done = 0; done < total; done += shape.capacity) {
      int count = min(shape.capacity, total - done);
      Part part = {rows + lane.first_row + from + done, count, done, total, own};
      Step step = {lane, state, (moments == IN_SHARED ? state : device_state) + shape.size, sums, shape.size, steps[2 * at],
                   steps[2 * at + 1], done == 0, done + count == total};
      __syncthreads();
      gather_for<P>(shape, data, lane.fold, part, scratch, team);
      forward<P>(shape, lane, part, state, scratch, team);
      sum += head<typename P::Stored>(shape, data, lane.fold, part, scratch, true, nullptr);
      backward<P>(shape, lane, part, state, scratch, step, team);
    }
  }
  __syncthreads();
  copy(state, device_state, kept);
  sum = block_sum(sum, reinterpret_cast<double*>(shared));
  if (threadIdx.x == 0) *loss = sum;
}

/// A block predicts for a lane.
/// @param predictions of its first row, or null
template <class P>
__device__ inline void evaluate(
    const TrainShape& shape, const TrainData& data, const TrainLane& lane, const int* rows, const float* device_state,
    float* predictions, double* loss) {
  SHARED_ARRAY(float, shared);
  float* state = shared + 16;
  float* scratch = state + shape.size;
  Team team = block_team();
  copy(device_state, state, shape.size);
  int outputs = shape.layer[shape.layers - 1].outputs;
  double sum = 0;
  for (int from = 0; from < lane.rows; from += shape.capacity) {
    int count = min(shape.capacity, lane.rows - from);
    Part part = {rows + lane.first_row + from, count, 0, count, nullptr};
    // What the part before gave is read until a barrier of this one's forward pass.
    gather_for<P>(shape, data, lane.fold, part, scratch, team);
    forward<P>(shape, lane, part, state, scratch, team);
    float* to = predictions ? predictions + (size_t)from * outputs : nullptr;
    sum += head<typename P::Stored>(shape, data, lane.fold, part, scratch, false, to);
  }
  sum = block_sum(sum, reinterpret_cast<double*>(shared));
  if (threadIdx.x == 0) *loss = sum;
}

/// All blocks of a lane do a part of one step's work. What follows is another launch.
/// @param s the step, from 0; where nothing is learnt, which `capacity` rows
/// @param cut of a convolution, as the host has room for it in shared memory
/// @param loss of the steps before, to which those of this are added
template <class P>
__device__ inline void phase(
    const TrainShape& shape, const TrainData& data, const TrainLane& lane, const int* rows, const float* steps,
    const unsigned* keys, float* state, float* scratch, int phase, int l, int s, bool learning, Cut cut, float* predictions,
    double* loss) {
  SHARED_ARRAY(double, shared);
  int size = learning ? lane.batch_size : shape.capacity;
  int from = s * size, count = min(size, lane.rows - from), at = lane.first_step + s;
  if (count <= 0) return;
  const unsigned* own = learning && lane.mask_threshold ? keys + (size_t)2 * shape.layers * at : nullptr;
  Part part = {rows + lane.first_row + from, count, 0, count, own};
  Team team = grid_team();
  if (phase == GATHER) {
    gather_for<P>(shape, data, lane.fold, part, scratch, team);
    return;
  }
  if (phase == HEAD) {
    int outputs = shape.layer[shape.layers - 1].outputs;
    float* to = predictions ? predictions + lane.first_prediction + (size_t)from * outputs : nullptr;
    double sum = block_sum(head<typename P::Stored>(shape, data, lane.fold, part, scratch, learning, to), shared);
    if (threadIdx.x == 0) *loss = (s == 0 ? 0 : *loss) + sum;
    return;
  }
  Pass p = pass(shape, lane, part, l, state, scratch);
  if (phase == FORWARD && cut.across > 0) {
    staged_forward<typename P::Stored>(p, count, cut, reinterpret_cast<float*>(shared), team);
  } else if (phase == FORWARD) {
    forward_layer<P>(p, count, team);
  } else if (phase == BELOW && cut.across > 0) {
    staged_below(p, pass(shape, lane, part, l - 1, state, scratch), count, cut, reinterpret_cast<float*>(shared));
  } else if (phase == BELOW) {
    below<P>(p, pass(shape, lane, part, l - 1, state, scratch), count, team);
  } else {
    Step step = {lane, state, state + shape.size, nullptr, shape.size, steps[2 * at], steps[2 * at + 1], true, true};
    if (cut.across > 0) {
      staged_gradient(p, count, step, l == 0, cut, reinterpret_cast<float*>(shared));
    } else {
      gradient<P>(p, l, count, step, team);
    }
    if (l + 1 < shape.layers) step.finish(shape.layer[l + 1], team);
  }
}

}  // namespace assay

// The three kernels of a module of training, whose names end as told.
#define TRAINING(P, precision)                                                                                                    \
  extern "C" __global__ void __launch_bounds__(256, 1) train_epoch_##precision(                                                   \
      const int* shape, const float* features, const int* labels, const float* targets, const float* scaling, int n,              \
      const int* lanes, const int* rows, const float* steps, const int* keys, float* states, long long state_stride, float* sums, \
      int moments, double* losses) {                                                                                              \
    using namespace assay;                                                                                                        \
    const TrainShape& s = *reinterpret_cast<const TrainShape*>(shape);                                                            \
    const TrainLane lane = reinterpret_cast<const TrainLane*>(lanes)[blockIdx.x];                                                 \
    train_epoch<P>(s, {features, labels, targets, scaling, n}, lane, rows, steps, reinterpret_cast<const unsigned*>(keys),        \
                   states + lane.slot * state_stride, sums + (size_t)blockIdx.x * s.size, moments, losses + blockIdx.x);          \
  }                                                                                                                               \
  extern "C" __global__ void __launch_bounds__(256, 1) evaluate_##precision(                                                      \
      const int* shape, const float* features, const int* labels, const float* targets, const float* scaling, int n,              \
      const int* lanes, const int* rows, const float* states, long long state_stride, float* predictions, double* losses) {       \
    using namespace assay;                                                                                                        \
    const TrainShape& s = *reinterpret_cast<const TrainShape*>(shape);                                                            \
    const TrainLane lane = reinterpret_cast<const TrainLane*>(lanes)[blockIdx.x];                                                 \
    evaluate<P>(s, {features, labels, targets, scaling, n}, lane, rows, states + lane.slot * state_stride,                        \
                predictions ? predictions + lane.first_prediction : nullptr, losses + blockIdx.x);                                \
  }                                                                                                                               \
  extern "C" __global__ void __launch_bounds__(256, 1) train_phase_##precision(                                                   \
      const int* shape, const float* features, const int* labels, const float* targets, const float* scaling, int n,              \
      const int* lanes, const int* rows, const float* steps, const int* keys, float* states, long long state_stride,              \
      float* scratch, long long scratch_stride, int phase_, int layer, int step, int learning, int cut_across, int cut_down,       \
      float* predictions, double* losses) {                                                                                       \
    using namespace assay;                                                                                                        \
    const TrainShape& s = *reinterpret_cast<const TrainShape*>(shape);                                                            \
    const TrainLane lane = reinterpret_cast<const TrainLane*>(lanes)[blockIdx.y];                                                 \
    phase<P>(s, {features, labels, targets, scaling, n}, lane, rows, steps, reinterpret_cast<const unsigned*>(keys),              \
             states + lane.slot * state_stride, scratch + blockIdx.y * scratch_stride, phase_, layer, step, learning != 0,        \
             {cut_across, cut_down}, predictions, losses + blockIdx.y);                                                           \
  }

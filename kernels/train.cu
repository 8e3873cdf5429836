// Fused training: one block trains one lane (a configuration on a fold), mini-batch after mini-batch, for a whole epoch.
// Only FP32: training needs no more, and the state of two lanes fits a multiprocessor rather than one.
//
// train_epoch: for every mini-batch gather, forward, loss, backward and optimiser step. With `resident` the lane's weights
//   and moments and all that a batch makes of them stay in shared memory for the epoch (3 size + scratch floats); else they
//   stay in device memory, where a multiprocessor's caches serve the block that works on them.
//   losses[b] := sum over the epoch's rows of the loss that each had when its batch came up.
// evaluate: forward only, over the rows of each lane, in chunks of `capacity`. predictions (where not null):
//   probabilities, or standardised numbers, rows x outputs of each lane from its place on; losses[b] := sum of the losses.
//   Launch of both: a block of 256 threads for each live lane. Shared memory: 64 bytes, or as above.
//
// A lane's state: W (u rows at a stride), b for each layer, padded with zeros; then likewise two moments.
// Rows of activations have strides that are multiples of 4, padded with zeros. Convolutions: (y, x, channel), stride 1,
// zeros around, activation, then the largest of each 2 x 2 pixels.
// Every sum has an order of its own that no other lane, and no place of the state, changes: a lane's result is the same
// to the last bit whatever is launched beside it.
//
// Sources: one lane a block: Mueller et al. 2021 (fully fused networks) for the state on chip, Wang et al. 2021 (HFTA) for
// lanes; Kingma and Ba 2015; Loshchilov and Hutter 2019; Srivastava et al. 2014; Chellapilla, Puri and Simard 2006.
#include "layers.cuh"

namespace assay {

/// The losses of this thread's rows, and with `learning` their gradients in the last layer's outputs.
/// @param predictions where the rows' predictions go, or null
__device__ inline double head(
    const TrainShape& shape, const TrainData& data, int fold, const int* rows, int count, float* scratch, bool learning,
    float* predictions) {
  const TrainLayer& last = shape.layer[shape.layers - 1];
  double loss = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) {
    const float* z = scratch + last.out + i * last.row_stride;
    float* delta = scratch + last.delta + i * last.row_stride;
    if (shape.head == LINEAR) {
      float error = z[0] - data.targets[(size_t)fold * data.n + rows[i]];
      loss += 0.5 * error * error;
      if (predictions) predictions[i] = z[0];
      for (int j = 0; learning && j < last.row_stride; j++) delta[j] = j == 0 ? error / count : 0.0f;
      continue;
    }
    float largest = z[0];
    for (int j = 1; j < last.outputs; j++) largest = max(largest, z[j]);
    float sum = 0;
    for (int j = 0; j < last.outputs; j++) sum += exp(z[j] - largest);
    int label = data.labels[rows[i]];
    loss += log((double)sum) - (z[label] - largest);
    float factor = 1 / sum;
    for (int j = 0; predictions && j < last.outputs; j++)
      predictions[(size_t)i * last.outputs + j] = exp(z[j] - largest) * factor;
    float share = factor / count;
    for (int j = 0; learning && j < last.row_stride; j++)
      delta[j] = j < last.outputs ? exp(z[j] - largest) * share - (j == label ? 1.0f / count : 0.0f) : 0.0f;
  }
  return loss;
}

/// @param keys of this step, two for each layer; null: nothing is dropped
__device__ inline Mask mask(const TrainShape& shape, const TrainLane& lane, const unsigned* keys, int l) {
  if (!keys || lane.mask_threshold == 0 || l == shape.layers - 1 || shape.layer[l].kind != DENSE) return {0, 0, 0, 1.0f};
  return {keys[2 * l], keys[2 * l + 1], (unsigned)lane.mask_threshold, lane.mask_scale};
}

__device__ inline void forward(
    const TrainShape& shape, const TrainLane& lane, float* state, float* scratch, int count, const unsigned* keys) {
  for (int l = 0; l < shape.layers; l++) {
    __syncthreads();
    Pass p = pass(shape, l, state, scratch);
    if (p.layer.kind == DENSE) {
      dense_forward(p, count, mask(shape, lane, keys, l));
    } else {
      convolution_forward(p, count);
    }
  }
  __syncthreads();
}

__device__ inline void backward(
    const TrainShape& shape, const TrainLane& lane, float* state, float* scratch, int count, const unsigned* keys,
    const Step& step) {
  __syncthreads();
  for (int l = shape.layers - 1; l >= 0; l--) {  // an update touches nothing that the layer below it needs
    Pass p = pass(shape, l, state, scratch);
    bool dense = p.layer.kind == DENSE;
    if (p.hidden) {
      if (dense) {
        dense_slopes(p, count, mask(shape, lane, keys, l));
      } else {
        convolution_slopes(p, count);
      }
      __syncthreads();
    }
    if (l > 0) {
      float* below = scratch + shape.layer[l - 1].delta;
      if (dense) {
        dense_below(p, count, below);
      } else {
        convolution_below(p, count, below);
      }
      __syncthreads(); // the weights are read until here
    }
    if (dense) {
      dense_update(p, count, step);
    } else {
      convolution_update(p, count, step);
    }
  }
}

__device__ inline void copy(const float* from, float* to, int count) {
  for (int i = threadIdx.x; i < count; i += blockDim.x) to[i] = from[i];
}

template <bool RESIDENT>
__device__ inline void train_epoch(
    const TrainShape& shape, const TrainData& data, const TrainLane& lane, const int* rows, const float* steps,
    const unsigned* keys, float* device_state, float* device_scratch, double* loss) {
  SHARED_ARRAY(float, shared);
  double* sums = reinterpret_cast<double*>(shared);  // 8 of them
  float* state = RESIDENT ? shared + 16 : device_state;
  float* scratch = RESIDENT ? state + 3 * shape.size : device_scratch;
  if (RESIDENT) copy(device_state, state, 3 * shape.size);
  double sum = 0;
  for (int s = 0; s < lane.steps; s++) {
    int from = s * lane.batch_size, count = min(lane.batch_size, lane.rows - from);
    const int* batch = rows + lane.first_row + from;
    int at = lane.first_step + s;
    const unsigned* own = lane.mask_threshold ? keys + (size_t)2 * shape.layers * at : nullptr;
    __syncthreads();
    gather(shape, data, lane.fold, batch, count, scratch);
    forward(shape, lane, state, scratch, count, own);
    sum += head(shape, data, lane.fold, batch, count, scratch, true, nullptr);
    backward(shape, lane, state, scratch, count, own, {lane, shape.size, steps[2 * at], steps[2 * at + 1]});
  }
  if (RESIDENT) {
    __syncthreads();
    copy(state, device_state, 3 * shape.size);
  }
  sum = block_sum(sum, sums);
  if (threadIdx.x == 0) *loss = sum;
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) train_epoch_f32(
    const int* shape, const float* features, const int* labels, const float* targets, const float* scaling, int n,
    const int* lanes, const int* rows, const float* steps, const int* keys, float* states, long long state_stride,
    float* scratch, long long scratch_stride, int resident, double* losses) {
  using namespace assay;
  const TrainShape& s = *reinterpret_cast<const TrainShape*>(shape);
  const TrainLane& lane = reinterpret_cast<const TrainLane*>(lanes)[blockIdx.x];
  TrainData data = {features, labels, targets, scaling, n};
  const unsigned* masks = reinterpret_cast<const unsigned*>(keys);
  float* state = states + lane.slot * state_stride;
  float* own = scratch + blockIdx.x * scratch_stride;
  if (resident) {
    train_epoch<true>(s, data, lane, rows, steps, masks, state, own, losses + blockIdx.x);
  } else {
    train_epoch<false>(s, data, lane, rows, steps, masks, state, own, losses + blockIdx.x);
  }
}

extern "C" __global__ void __launch_bounds__(256, 1) evaluate_f32(
    const int* shape, const float* features, const int* labels, const float* targets, const float* scaling, int n,
    const int* lanes, const int* rows, float* states, long long state_stride, float* scratch, long long scratch_stride,
    float* predictions, double* losses) {
  using namespace assay;
  SHARED_ARRAY(double, sums);
  const TrainShape& s = *reinterpret_cast<const TrainShape*>(shape);
  const TrainLane& lane = reinterpret_cast<const TrainLane*>(lanes)[blockIdx.x];
  TrainData data = {features, labels, targets, scaling, n};
  float* state = states + lane.slot * state_stride;
  float* own = scratch + blockIdx.x * scratch_stride;
  int outputs = s.layer[s.layers - 1].outputs;
  double sum = 0;
  for (int from = 0; from < lane.rows; from += s.capacity) {
    int count = min(s.capacity, lane.rows - from);
    const int* chunk = rows + lane.first_row + from;
    float* to = predictions ? predictions + lane.first_prediction + (size_t)from * outputs : nullptr;
    // The rows of the chunk before were read until a barrier of its forward pass.
    gather(s, data, lane.fold, chunk, count, own);
    forward(s, lane, state, own, count, nullptr);
    sum += head(s, data, lane.fold, chunk, count, own, false, to);
  }
  sum = block_sum(sum, sums);
  if (threadIdx.x == 0) losses[blockIdx.x] = sum;
}

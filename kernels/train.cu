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
#include "device.cuh"

namespace assay {

enum LayerKind { DENSE = 0, CONVOLUTION = 1 };
enum Head { SOFTMAX = 0, LINEAR = 1 };
enum ActivationKind { RELU = 0, TANH = 1, GELU = 2 };

/// Places are in floats: of weights and bias from the lane's state on, of the others from its scratch on.
struct TrainLayer {
  int kind, inputs, outputs;   // u, v
  int stride;                  // of W, and of the bias
  int weights, bias;
  int features, row_stride;    // of what the layer gives to the next one
  int out, delta;
  int kept;                    // what the derivative is taken at where that is not `out`; -1: nowhere
  int chosen;                  // which of four pixels was the largest; -1 for dense layers
  int height, width, channels, kernel;
};

struct TrainShape {
  int layers, head, activation;
  int inputs, input_stride, input;
  int capacity;                // rows of a chunk, a multiple of 4
  int size;                    // floats of the weights
  TrainLayer layer[1];
};

/// What a lane has of its own in one launch.
struct TrainLane {
  int slot;                    // which state is its
  int fold;
  int rows, first_row;         // how many, and where they begin in `rows`
  int batch_size, steps, first_step;
  int adaptive, nesterov;
  int mask_threshold;          // dropout rate * 2^24; 0: none
  float mask_scale, coupled_decay, shrinkage, beta1, beta2, rest1, rest2;
  int first_prediction;        // in floats
};

/// What all lanes learn from.
struct TrainData {
  const float* features;       // n x inputs; NaN: missing
  const int* labels;           // n, or null
  const float* targets;        // folds x n, standardised; or null
  const float* scaling;        // folds x 2 x inputs: means, then scales
  int n;
};

struct alignas(16) Four {
  float at[4];
};

__device__ inline Four four(const float* from) { return *reinterpret_cast<const Four*>(from); }

__device__ inline float activated(int kind, float x) {
  if (kind == RELU) return x > 0 ? x : 0.0f;
  if (kind == TANH) return tanh(x);
  return 0.5f * x * (1.0f + tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
}

/// The derivative at the value of relu and tanh, or at the argument of gelu.
__device__ inline float slope(int kind, float at) {
  if (kind == RELU) return at > 0 ? 1.0f : 0.0f;
  if (kind == TANH) return 1.0f - at * at;
  float t = tanh(0.7978845608f * (at + 0.044715f * at * at * at));
  return 0.5f * (1.0f + t) + 0.5f * at * (1.0f - t * t) * 0.7978845608f * (1.0f + 0.134145f * at * at);
}

/// The bijection of 32 bits of dev.assay.train.DropoutMask.
__device__ inline unsigned mixed(unsigned x) {
  x = (x ^ x >> 16) * 0x7feb352du;
  x = (x ^ x >> 15) * 0x846ca68bu;
  return x ^ x >> 16;
}

struct Mask {
  unsigned key1, key2;
  unsigned threshold;  // 0: nothing is dropped
  float scale;

  __device__ float factor(unsigned unit) const {
    if (threshold == 0) return 1.0f;
    return mixed(mixed(unit ^ key1) + key2) >> 8 >= threshold ? scale : 0.0f;
  }
};

/// What one layer needs: its numbers, and where its arrays are.
struct Pass {
  const TrainLayer& layer;
  float* state;
  float* scratch;
  const float* in;
  int in_stride;
  int activation;
  bool hidden;

  __device__ float* weights() const { return state + layer.weights; }
  __device__ float* bias() const { return state + layer.bias; }
  __device__ float* out() const { return scratch + layer.out; }
  __device__ float* delta() const { return scratch + layer.delta; }
  __device__ float* kept() const { return layer.kept < 0 ? nullptr : scratch + layer.kept; }
  __device__ int* chosen() const { return reinterpret_cast<int*>(scratch + layer.chosen); }
};

__device__ inline Pass pass(const TrainShape& shape, int l, float* state, float* scratch) {
  bool first = l == 0;
  return {shape.layer[l],
          state,
          scratch,
          scratch + (first ? shape.input : shape.layer[l - 1].out),
          first ? shape.input_stride : shape.layer[l - 1].row_stride,
          shape.activation,
          l < shape.layers - 1};
}

/// in := the standardised features of rows; a missing one is the mean, 0.
__device__ inline void gather(
    const TrainShape& shape, const TrainData& data, int fold, const int* rows, int count, float* scratch) {
  const float* mean = data.scaling + (size_t)fold * 2 * shape.inputs;
  const float* scale = mean + shape.inputs;
  float* in = scratch + shape.input;
  for (int e = threadIdx.x; e < count * shape.input_stride; e += blockDim.x) {
    int i = e / shape.input_stride, j = e % shape.input_stride;
    float x = j < shape.inputs ? (data.features[(size_t)rows[i] * shape.inputs + j] - mean[j]) * scale[j] : 0.0f;
    in[e] = x == x ? x : 0.0f;
  }
}

/// out = a(in W + b), dropped where the mask says so. Each thread makes tiles of 4 x 4.
__device__ inline void dense_forward(const Pass& p, int count, const Mask& mask) {
  int tiles = p.layer.stride / 4;
  const float* weights = p.weights();
  float* kept = p.kept();
  for (int tile = threadIdx.x; tile < (count + 3) / 4 * tiles; tile += blockDim.x) {
    int row = tile / tiles * 4, column = tile % tiles * 4;
    Four bias = four(p.bias() + column);
    float sum[4][4];
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 4; j++) sum[i][j] = bias.at[j];
    const float* in = p.in + row * p.in_stride;
    for (int q = 0; q < p.layer.inputs; q++) {
      Four w = four(weights + q * p.layer.stride + column);
      for (int i = 0; i < 4; i++) {
        float x = in[i * p.in_stride + q];
        for (int j = 0; j < 4; j++) sum[i][j] += x * w.at[j];
      }
    }
    for (int i = 0; i < 4 && row + i < count; i++) {
      for (int j = 0; j < 4; j++) {
        int at = (row + i) * p.layer.row_stride + column + j;
        float x = sum[i][j];
        float y = p.hidden ? activated(p.activation, x) : x;
        if (kept) kept[at] = p.activation == GELU ? x : y;
        bool unit = column + j < p.layer.outputs;
        p.out()[at] = p.hidden && unit ? y * mask.factor((row + i) * p.layer.outputs + column + j) : y;
      }
    }
  }
}

/// delta := delta * a'(x), where the mask keeps.
__device__ inline void dense_slopes(const Pass& p, int count, const Mask& mask) {
  const float* at = p.kept() ? p.kept() : p.out();
  for (int e = threadIdx.x; e < count * p.layer.row_stride; e += blockDim.x) {
    int i = e / p.layer.row_stride, j = e % p.layer.row_stride;
    float factor = j < p.layer.outputs ? mask.factor(i * p.layer.outputs + j) : 0.0f;
    p.delta()[e] *= factor * slope(p.activation, at[e]);
  }
}

/// below = delta W^T.
__device__ inline void dense_below(const Pass& p, int count, float* below) {
  int tiles = p.in_stride / 4;
  for (int tile = threadIdx.x; tile < (count + 3) / 4 * tiles; tile += blockDim.x) {
    int row = tile / tiles * 4, column = tile % tiles * 4;
    float sum[4][4] = {};
    const float* delta = p.delta() + row * p.layer.row_stride;
    const float* weights[4];
    for (int j = 0; j < 4; j++) weights[j] = p.weights() + min(column + j, p.layer.inputs - 1) * p.layer.stride;
    for (int q = 0; q < p.layer.outputs; q += 4) {
      Four d[4];
      for (int i = 0; i < 4; i++) d[i] = four(delta + i * p.layer.row_stride + q);
      for (int j = 0; j < 4; j++) {
        Four w = four(weights[j] + q);
        for (int i = 0; i < 4; i++)
          for (int t = 0; t < 4; t++) sum[i][j] += d[i].at[t] * w.at[t];
      }
    }
    for (int i = 0; i < 4 && row + i < count; i++)
      for (int j = 0; j < 4; j++)
        below[(row + i) * p.in_stride + column + j] = column + j < p.layer.inputs ? sum[i][j] : 0.0f;
  }
}

/// The numbers of one optimiser step, as dev.assay.train.UpdateRule.
struct Step {
  const TrainLane& lane;
  int size;  // from a weight to its first moment, and from there to the second
  float rate, epsilon;

  __device__ void update(float* w, float g, bool decayed) const {
    g += decayed ? lane.coupled_decay * *w : 0.0f;
    float* first = w + size;
    if (!lane.adaptive) {
      float velocity = lane.beta1 * *first + g;
      *first = velocity;
      *w -= rate * (lane.nesterov ? lane.beta1 * velocity + g : velocity);
      return;
    }
    float* second = first + size;
    float m = lane.beta1 * *first + lane.rest1 * g;
    float v = lane.beta2 * *second + lane.rest2 * g * g;
    *first = m;
    *second = v;
    float shrunk = decayed ? *w - lane.shrinkage * *w : *w;
    *w = shrunk - rate * (m / (sqrt(v) + epsilon));
  }
};

/// W and b one step on: the gradient in^T delta never leaves the registers.
__device__ inline void dense_update(const Pass& p, int count, const Step& step) {
  int tiles = p.layer.stride / 4;
  const float* delta = p.delta();
  for (int tile = threadIdx.x; tile < (p.layer.inputs + 3) / 4 * tiles; tile += blockDim.x) {
    int row = tile / tiles * 4, column = tile % tiles * 4;
    float sum[4][4] = {};
    for (int r = 0; r < count; r++) {
      Four x = four(p.in + r * p.in_stride + row);
      Four d = four(delta + r * p.layer.row_stride + column);
      for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) sum[i][j] += x.at[i] * d.at[j];
    }
    for (int i = 0; i < 4 && row + i < p.layer.inputs; i++)
      for (int j = 0; j < 4 && column + j < p.layer.outputs; j++)
        step.update(p.weights() + (row + i) * p.layer.stride + column + j, sum[i][j], true);
  }
  for (int j = threadIdx.x; j < p.layer.outputs; j += blockDim.x) {
    float sum = 0;
    for (int r = 0; r < count; r++) sum += delta[r * p.layer.row_stride + j];
    step.update(p.bias() + j, sum, false);
  }
}

/// One pooled number a thread: four convolutions, their activations, the largest.
__device__ inline void convolution_forward(const Pass& p, int count) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_width = c.width / 2;
  for (int e = threadIdx.x; e < count * c.row_stride; e += blockDim.x) {
    int r = e / c.row_stride, feature = e % c.row_stride;
    if (feature >= c.features) {
      p.out()[e] = 0;
      if (p.kept()) p.kept()[e] = 0;
      continue;
    }
    int f = feature % c.outputs, pixel = feature / c.outputs;
    int top = pixel / pooled_width * 2 - margin, left = pixel % pooled_width * 2 - margin;
    const float* image = p.in + (size_t)r * p.in_stride;
    float best = 0, best_at = 0;
    int which = 0;
    for (int k = 0; k < 4; k++) {
      float sum = p.bias()[f];
      for (int dy = 0; dy < c.kernel; dy++) {
        int y = top + k / 2 + dy;
        if (y < 0 || y >= c.height) continue;
        for (int dx = 0; dx < c.kernel; dx++) {
          int x = left + k % 2 + dx;
          if (x < 0 || x >= c.width) continue;
          const float* in = image + (y * c.width + x) * c.channels;
          const float* w = p.weights() + (dy * c.kernel + dx) * c.channels * c.stride + f;
          for (int q = 0; q < c.channels; q++) sum += in[q] * w[q * c.stride];
        }
      }
      float value = activated(p.activation, sum);
      if (k == 0 || value > best) {
        best = value;
        best_at = sum;
        which = k;
      }
    }
    p.out()[e] = best;
    p.chosen()[e] = which;
    if (p.kept()) p.kept()[e] = best_at;
  }
}

__device__ inline void convolution_slopes(const Pass& p, int count) {
  const float* at = p.kept() ? p.kept() : p.out();
  for (int e = threadIdx.x; e < count * p.layer.row_stride; e += blockDim.x)
    p.delta()[e] *= e % p.layer.row_stride < p.layer.features ? slope(p.activation, at[e]) : 0.0f;
}

/// The gradient in one input pixel's channel a thread: from every kernel position that covers it.
__device__ inline void convolution_below(const Pass& p, int count, float* below) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_height = c.height / 2, pooled_width = c.width / 2;
  for (int e = threadIdx.x; e < count * p.in_stride; e += blockDim.x) {
    int r = e / p.in_stride, place = e % p.in_stride;
    float sum = 0;
    int channel = place % c.channels, x = place / c.channels % c.width, y = place / c.channels / c.width;
    const float* delta = p.delta() + (size_t)r * c.row_stride;
    const int* chosen = p.chosen() + (size_t)r * c.row_stride;
    for (int dy = 0; dy < c.kernel && y < c.height; dy++) {
      int to_y = y - dy + margin;
      if (to_y < 0 || to_y >= 2 * pooled_height) continue;
      for (int dx = 0; dx < c.kernel; dx++) {
        int to_x = x - dx + margin;
        if (to_x < 0 || to_x >= 2 * pooled_width) continue;
        int which = to_y % 2 * 2 + to_x % 2;
        int cell = (to_y / 2 * pooled_width + to_x / 2) * c.outputs;
        const float* w = p.weights() + ((dy * c.kernel + dx) * c.channels + channel) * c.stride;
        for (int f = 0; f < c.outputs; f++)
          if (chosen[cell + f] == which) sum += delta[cell + f] * w[f];
      }
    }
    below[e] = sum;
  }
}

/// One weight a thread.
__device__ inline void convolution_update(const Pass& p, int count, const Step& step) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_width = c.width / 2;
  int pixels = c.height / 2 * pooled_width;
  for (int e = threadIdx.x; e < (c.inputs + 1) * c.outputs; e += blockDim.x) {
    int i = e / c.outputs, f = e % c.outputs;
    bool bias = i == c.inputs;
    int channel = i % c.channels, dx = i / c.channels % c.kernel - margin, dy = i / c.channels / c.kernel - margin;
    float sum = 0;
    for (int r = 0; r < count; r++) {
      const float* delta = p.delta() + (size_t)r * c.row_stride + f;
      const int* chosen = p.chosen() + (size_t)r * c.row_stride + f;
      const float* image = p.in + (size_t)r * p.in_stride + channel;
      for (int pixel = 0; pixel < pixels; pixel++) {
        float d = delta[pixel * c.outputs];
        if (bias) {
          sum += d;
          continue;
        }
        int which = chosen[pixel * c.outputs];
        int y = pixel / pooled_width * 2 + which / 2 + dy, x = pixel % pooled_width * 2 + which % 2 + dx;
        if (y >= 0 && y < c.height && x >= 0 && x < c.width) sum += d * image[(y * c.width + x) * c.channels];
      }
    }
    step.update((bias ? p.bias() : p.weights() + i * c.stride) + f, sum, !bias);
  }
}

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
  for (int l = shape.layers - 1; l >= 0; l--) {
    Pass p = pass(shape, l, state, scratch);
    bool dense = p.layer.kind == DENSE;
    __syncthreads();
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
  __syncthreads();
  if (RESIDENT) copy(state, device_state, 3 * shape.size);
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
    __syncthreads();
    gather(s, data, lane.fold, chunk, count, own);
    forward(s, lane, state, own, count, nullptr);
    sum += head(s, data, lane.fold, chunk, count, own, false, to);
  }
  sum = block_sum(sum, sums);
  if (threadIdx.x == 0) losses[blockIdx.x] = sum;
}

// What fused training and evaluation (train.cu) do in one layer of one lane, by all threads of a block: forward, the
// gradients in what comes from below, and the optimiser's step. A lane's state and the rows' strides: train.cu.
#pragma once
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

}  // namespace assay

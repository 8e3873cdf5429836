// What fused training and evaluation (train.cuh) know of a layer of a lane: its numbers, its activation and dropout, where it lies, and
// the optimiser's step. Products: dense.cuh, convolution.cuh. A lane's state and the rows' strides: train.cuh.
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
  int out, delta;              // the same place: gradients take that of what they are of
  int kept;                    // what the derivative is taken at where that is not `out`; -1: nowhere
  int chosen;                  // which of four pixels was the largest; -1 for dense layers
  int height, width, channels, kernel;
};

struct TrainShape {
  int layers, head, activation;
  int inputs, input_stride, input;
  int capacity;                // rows that are worked on at a time, a multiple of 4
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

/// Who shares the work on a layer: the warps of a block, or of all blocks with the same y. What a thread calculates does not depend on
/// how many there are.
struct Team {
  int first, step;             // this warp, and how many
  int blocks;

  __device__ int thread() const { return first * WARP + lane(); }
  __device__ int threads() const { return step * WARP; }
};

__device__ inline Team block_team() { return {warp(), warps(), 1}; }
__device__ inline Team grid_team() {
  return {warp() * (int)gridDim.x + (int)blockIdx.x, warps() * (int)gridDim.x, (int)gridDim.x};
}

/// Neighbouring numbers, which are moved at once.
template <int N>
struct alignas(4 * N) Pack {
  float at[N];
};

template <int N>
__device__ inline Pack<N>& pack(float* at) { return *reinterpret_cast<Pack<N>*>(at); }
template <int N>
__device__ inline const Pack<N>& pack(const float* at) { return *reinterpret_cast<const Pack<N>*>(at); }

/// Stores them at once, which a compiler that takes packs apart need not do.
__device__ inline void put(float* at, const Pack<4>& x) {
  asm volatile("st.v4.f32 [%0], {%1, %2, %3, %4};"
               :: "l"(at), "f"(x.at[0]), "f"(x.at[1]), "f"(x.at[2]), "f"(x.at[3]) : "memory");
}
__device__ inline void put(float* at, const Pack<2>& x) { pack<2>(at) = x; }
__device__ inline void put(float* at, const Pack<1>& x) { pack<1>(at) = x; }

/// How what a layer gives and is given back is kept where products take numbers as they are.
struct AsIs {
  static constexpr bool ROUNDS = false;
  static __device__ float of(float x) { return x; }
};

/// Rounded to TF32 when it is stored, once, and not whenever it is read. To the nearest, of two as near to either: of all mantissas two
/// instructions give it, where cvt.rna becomes three (Dekker 1971). What is below 2^-126 is 0; beyond 4e34 it is no number.
struct KeptTf32 {
  static constexpr bool ROUNDS = true;
  static __device__ float of(float x) {
    float y;
    asm("mul.rn.ftz.f32 %0, %1, 0fC5FFF800;" : "=f"(y) : "f"(x));                // times -8191
    asm("fma.rn.ftz.f32 %0, %1, 0f46000000, %2;" : "=f"(y) : "f"(x), "f"(y));    // 8192 times and that
    return y;
  }
};

/// To a few of the last bits, an instruction each.
__device__ inline float about_root(float x) {
  float y;
  asm("sqrt.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}
__device__ inline float about_inverse(float x) {
  float y;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

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
  int units, first;    // of a row; the number of the first row's first

  __device__ float factor(int row, int column) const {
    if (threshold == 0) return 1.0f;
    unsigned unit = first + row * units + column;
    return mixed(mixed(unit ^ key1) + key2) >> 8 >= threshold ? scale : 0.0f;
  }
};

/// What one layer needs: its numbers, and where its arrays are.
struct Pass {
  TrainLayer layer;
  float* state;
  float* scratch;
  const float* in;
  int in_stride;
  int activation;
  bool hidden, under_dense;  // whether there is a layer above, and that is dense
  Mask mask;

  __device__ float* weights() const { return state + layer.weights; }
  __device__ float* bias() const { return state + layer.bias; }
  __device__ float* out() const { return scratch + layer.out; }
  __device__ const float* delta() const { return scratch + layer.out; }
  __device__ float* kept() const { return layer.kept < 0 ? nullptr : scratch + layer.kept; }
  __device__ int* chosen() const { return reinterpret_cast<int*>(scratch + layer.chosen); }

  /// In the place of what the layer gave comes the gradient in what its activation took; where that is of more than what it gave,
  /// finish_below is to follow. Units that were dropped gave 0, where relu has no slope.
  /// @param sum the gradient in what it gave
  __device__ void give_back(int row, int column, float sum) const {
    float* to = out() + row * layer.row_stride + column;
    *to = kept() ? sum : sum * (mask.scale * slope(activation == RELU ? RELU : TANH, *to));
  }

  /// The same for neighbouring columns, of which there are `many`, of sums that are scaled as the mask says. What is given beyond them is
  /// 0, as the slope there of relu.
  /// @tparam S how it is kept
  template <class S, ActivationKind KIND>
  __device__ static void give_back(float* to, const Pack<4>& sum, int many) {
    Pack<4> x = pack<4>(to);
    for (int j = 0; j < 4; j++) {
      if (KIND == RELU) {
        x.at[j] = x.at[j] > 0 ? S::of(sum.at[j]) : 0.0f;
      } else if (j < many) {
        x.at[j] = KIND == TANH ? S::of(sum.at[j] * slope(TANH, x.at[j])) : sum.at[j];
      }
    }
    put(to, x);
  }

  template <class S = AsIs>
  __device__ void finish_below(int row, int column) const {
    int e = row * layer.row_stride + column;
    out()[e] = S::of(out()[e] * (mask.factor(row, column) * slope(activation, kept()[e])));
  }
};

/// Rows of a batch that are worked on together.
struct Part {
  const int* rows;
  int count;
  int done;            // rows of the batch before them
  int total;           // rows of the batch
  const unsigned* keys;  // of its step, two for each layer; null: nothing is dropped
};

__device__ inline Pass pass(
    const TrainShape& shape, const TrainLane& lane, const Part& part, int l, float* state, float* scratch) {
  const TrainLayer& layer = shape.layer[l];
  bool first = l == 0, hidden = l < shape.layers - 1;
  bool drops = part.keys && lane.mask_threshold != 0 && hidden && layer.kind == DENSE;
  Mask mask = {0, 0, 0, 1.0f, 0, 0};
  if (drops)
    mask = {part.keys[2 * l], part.keys[2 * l + 1], (unsigned)lane.mask_threshold, lane.mask_scale, layer.outputs,
            part.done * layer.outputs};
  return {layer,
          state,
          scratch,
          scratch + (first ? shape.input : shape.layer[l - 1].out),
          first ? shape.input_stride : shape.layer[l - 1].row_stride,
          shape.activation,
          hidden,
          hidden && shape.layer[l + 1].kind == DENSE,
          mask};
}

/// Standardised; a missing number is the mean, 0.
__device__ inline float standardised(float x, float mean, float scale) {
  float z = (x - mean) * scale;
  return z == z ? z : 0.0f;
}

/// in := the standardised features of rows, N at once, which inputs are a multiple of.
template <int N, class S>
__device__ inline void gather(
    const TrainShape& shape, const TrainData& data, int fold, const Part& part, float* scratch, const Team& team) {
  const float* mean = data.scaling + (size_t)fold * 2 * shape.inputs;
  const float* scale = mean + shape.inputs;
  float* in = scratch + shape.input;
  const int inputs = shape.inputs, stride = shape.input_stride;
  int width = WARP;  // threads of a warp side by side in a row
  while (width / 2 * N >= inputs) width /= 2;
  int rows = WARP / width;
#pragma unroll 1
  for (int j = lane() % width * N; j < inputs; j += width * N) {
    Pack<N> m = pack<N>(mean + j), s = pack<N>(scale + j);
#pragma unroll 1
    for (int i = team.first * rows + lane() / width; i < part.count; i += team.step * rows) {
      Pack<N> x = pack<N>(data.features + (size_t)part.rows[i] * inputs + j);
      for (int k = 0; k < N; k++) x.at[k] = S::of(standardised(x.at[k], m.at[k], s.at[k]));
      put(in + i * stride + j, x);
    }
  }
  int padding = stride - inputs;
#pragma unroll 1
  for (int e = team.thread(); e < part.count * padding; e += team.threads()) in[e / padding * stride + inputs + e % padding] = 0;
}

template <class S>
__device__ inline void gather(
    const TrainShape& shape, const TrainData& data, int fold, const Part& part, float* scratch, const Team& team) {
  if (shape.inputs % 4 == 0) {
    gather<4, S>(shape, data, fold, part, scratch, team);
  } else {
    gather<1, S>(shape, data, fold, part, scratch, team);
  }
}

/// What becomes of gradients: those of some rows of a batch are added up, those of all its rows move weights, as
/// dev.assay.train.UpdateRule. Weights that are still read are moved later: their moments say by how much.
struct Step {
  const TrainLane& lane;
  float* weights;
  float* moments;      // the first of each weight, and `size` later the second; without one, the gradient meanwhile
  float* sums;         // over the rows before
  int size;
  float rate, epsilon;
  bool begins, ends;   // whether these are the batch's first rows, its last

  template <int N>
  __device__ Pack<N> before(int at) const {
    Pack<N> sum = {};
    if (!begins) sum = pack<N>(sums + at);
    return sum;
  }

  /// @param m a weight's moment, v the second one, or where there is none the gradient
  __device__ float moved(float w, float m, float v, bool decayed) const {
    if (!lane.adaptive) return w - rate * (lane.nesterov ? lane.beta1 * m + v : m);
    float shrunk = w - (decayed ? lane.shrinkage : 0.0f) * w;
    return shrunk - rate * (m * about_inverse(about_root(v) + epsilon));
  }

  /// @param at of the first of N weights; where there are none there are zeros, whose gradients are 0, and which stay
  /// @param now whether they may be moved
  template <int N>
  __device__ void take(int at, const Pack<N>& gradient, bool decayed, bool now) const {
    if (!ends) {
      pack<N>(sums + at) = gradient;
      return;
    }
    Pack<N> w = pack<N>(weights + at), m = pack<N>(moments + at), v;
    float coupled = decayed ? lane.coupled_decay : 0.0f;
    if (lane.adaptive) {
      v = pack<N>(moments + size + at);
      for (int j = 0; j < N; j++) {
        float g = gradient.at[j] + coupled * w.at[j];
        m.at[j] = lane.beta1 * m.at[j] + lane.rest1 * g;
        v.at[j] = lane.beta2 * v.at[j] + lane.rest2 * g * g;
      }
    } else {
      for (int j = 0; j < N; j++) {
        v.at[j] = gradient.at[j] + coupled * w.at[j];
        m.at[j] = lane.beta1 * m.at[j] + v.at[j];
      }
    }
    pack<N>(moments + at) = m;
    if (lane.adaptive || !now) pack<N>(moments + size + at) = v;
    if (now) {
      for (int j = 0; j < N; j++) w.at[j] = moved(w.at[j], m.at[j], v.at[j], decayed);
      pack<N>(weights + at) = w;
    }
  }

  /// Moves the weights of a layer whose moments are new.
  __device__ void finish(const TrainLayer& layer, const Team& team) const {
    if (!ends) return;
    int fours = layer.stride / 4;
    for (int e = team.thread(); e < (layer.inputs + 1) * fours; e += team.threads()) {
      int at = layer.weights + 4 * e;
      bool decayed = e < layer.inputs * fours;
      Pack<4> w = pack<4>(weights + at), m = pack<4>(moments + at), v = pack<4>(moments + size + at);
      for (int j = 0; j < 4; j++) w.at[j] = moved(w.at[j], m.at[j], v.at[j], decayed);
      pack<4>(weights + at) = w;
    }
  }
};

}  // namespace assay

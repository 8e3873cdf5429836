// The three products of a dense layer, in FP32, by a team of warps. A warp makes blocks of the result; each thread of it F x F tiles of
// 4 x 4 numbers, F = 1 or 2, so that a number of shared memory that is read serves 4 F multiply-adds. How threads lie in a block of the result
// is chosen so that eight of them which load together read different banks. Every number is one sum, in ascending order of what is summed
// over: by whom it is made, and in tiles of what size, does not change a bit of it.
#pragma once
#include "layers.cuh"

namespace assay {

/// How warps share a result: in blocks of `down` x `across` threads with tiles of 4 x 4, or 4 x 8 threads with tiles of 8 x 8.
struct Tiling {
  bool large;
  int across;
};

__device__ inline int pieces(int count, int size) { return (count + size - 1) / size; }

/// A step of the summation takes 16 passes through shared memory in a large block, 8 in a small one.
__device__ inline Tiling tiling(int rows, int columns, int across, int blocks) {
  int small = pieces(rows, 128 / across) * pieces(columns, 4 * across), large = pieces(rows, 32) * pieces(columns, 64);
  return {2 * pieces(large, blocks) < pieces(small, blocks), across};
}

/// Threads side by side that a narrow result has work for.
__device__ inline int across_of(int columns) { return columns > 16 ? 8 : columns > 8 ? 4 : columns > 4 ? 2 : 1; }

/// What the layer gives for neighbouring columns of a row, but where `gives_late`.
/// @param x before the activation
template <int N>
__device__ inline void give(const Pass& p, int row, int column, Pack<N> x) {
  for (int j = 0; j < N; j++)
    if (p.hidden && p.activation == RELU) x.at[j] = x.at[j] > 0 ? x.at[j] : 0.0f;
  put(p.out() + row * p.layer.row_stride + column, x);
}

/// Whether what give wrote is then taken to the rest of the activation and dropped where the mask says so: rarer, and too long to stand
/// once for each number of a tile.
__device__ inline bool gives_late(const Pass& p) { return p.hidden && (p.activation != RELU || p.mask.threshold != 0); }

/// @tparam S how it is kept
template <class S = AsIs>
__device__ inline void give_late(const Pass& p, int row, int column) {
  int at = row * p.layer.row_stride + column;
  float x = p.out()[at], y = activated(p.activation, x);
  if (p.kept()) p.kept()[at] = p.activation == GELU ? x : y;
  p.out()[at] = S::of(column < p.layer.outputs ? y * p.mask.factor(row, column) : y);
}

template <int F>
__device__ inline void forward_tiles(const Pass& p, int count, int across, const Team& team) {
  const int stride = p.layer.stride, outputs = (p.layer.outputs + 3) / 4 * 4, inputs = p.layer.inputs;
  const int down = WARP / across, height = 4 * F * down, width = 4 * F * across;
  const int wide = pieces(outputs, width), blocks = pieces(count, height) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * height + lane() / across, left = block % wide * width + lane() % across * 4;
    const float* x[4 * F];
    const float* w[F];
    float sum[4 * F][4 * F];
    for (int i = 0; i < 4 * F; i++) x[i] = p.in + min(top + i * down, count - 1) * p.in_stride;
    for (int f = 0; f < F; f++) {
      int column = min(left + f * 4 * across, outputs - 4);
      w[f] = p.weights() + column;
      Pack<4> bias = pack<4>(p.bias() + column);
      for (int i = 0; i < 4 * F; i++)
        for (int j = 0; j < 4; j++) sum[i][4 * f + j] = bias.at[j];
    }
    int q = 0;
#pragma unroll 1
    for (; q + 4 <= inputs; q += 4) {
      Pack<4> in[4 * F];
      for (int i = 0; i < 4 * F; i++) in[i] = pack<4>(x[i] + q);
      for (int t = 0; t < 4; t++)
        for (int f = 0; f < F; f++) {
          Pack<4> weight = pack<4>(w[f] + (q + t) * stride);
          for (int i = 0; i < 4 * F; i++)
            for (int j = 0; j < 4; j++) sum[i][4 * f + j] += in[i].at[t] * weight.at[j];
        }
    }
#pragma unroll 1
    for (; q < inputs; q++)
      for (int f = 0; f < F; f++) {
        Pack<4> weight = pack<4>(w[f] + q * stride);
        for (int i = 0; i < 4 * F; i++)
          for (int j = 0; j < 4; j++) sum[i][4 * f + j] += x[i][q] * weight.at[j];
      }
#pragma unroll
    for (int i = 0; i < 4 * F; i++)
#pragma unroll
      for (int f = 0; f < F; f++) {
        int row = top + i * down, column = left + f * 4 * across;
        Pack<4> z = {{sum[i][4 * f], sum[i][4 * f + 1], sum[i][4 * f + 2], sum[i][4 * f + 3]}};
        if (row < count && column < outputs) give<4>(p, row, column, z);
      }
    if (gives_late(p)) {
#pragma unroll 1
      for (int e = 0; e < 16 * F * F; e++) {
        int row = top + e / (4 * F) * down, column = left + e / 4 % F * 4 * across + e % 4;
        if (row < count && column < outputs) give_late(p, row, column);
      }
    }
  }
}

/// The gradient in what the layer below gave, delta W^T, in the place of that.
template <int F>
__device__ inline void below_tiles(const Pass& p, const Pass& below, int count, const Team& team) {
  const int stride = p.layer.stride, row_stride = p.layer.row_stride, inputs = p.layer.inputs;
  const int down = 8, across = 4, height = 4 * F * down, width = 4 * F * across;
  const int wide = pieces(inputs, width), blocks = pieces(count, height) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * height + lane() % down, left = block % wide * width + lane() / down;
    const float* d[4 * F];
    const float* w[4 * F];
    float sum[4 * F][4 * F] = {};
    for (int i = 0; i < 4 * F; i++) {
      d[i] = p.delta() + min(top + i * down, count - 1) * row_stride;
      w[i] = p.weights() + min(left + i * across, inputs - 1) * stride;
    }
#pragma unroll 1
    for (int q = 0; q < p.layer.outputs; q += 4) {
      Pack<4> delta[4 * F];
      for (int i = 0; i < 4 * F; i++) delta[i] = pack<4>(d[i] + q);
      for (int j = 0; j < 4 * F; j++) {
        Pack<4> weight = pack<4>(w[j] + q);
        for (int t = 0; t < 4; t++)
          for (int i = 0; i < 4 * F; i++) sum[i][j] += delta[i].at[t] * weight.at[t];
      }
    }
#pragma unroll
    for (int i = 0; i < 4 * F; i++)
#pragma unroll
      for (int j = 0; j < 4 * F; j++) {
        int row = top + i * down, column = left + j * across;
        if (row < count && column < inputs) below.give_back(row, column, sum[i][j]);
      }
    if (below.kept()) {
#pragma unroll 1
      for (int e = 0; e < 16 * F * F; e++) {
        int row = top + e / (4 * F) * down, column = left + e % (4 * F) * across;
        if (row < count && column < inputs) below.finish_below(row, column);
      }
    }
  }
}

/// The sums of a tile, and with BIAS those of its columns of delta, over rows.
template <int F, bool BIAS>
__device__ inline void gradient_sums(
    const Pass& p, int count, const float* const (&x)[F], const float* const (&d)[F], float (&sum)[4 * F][4 * F],
    float (&bias)[4 * F]) {
#pragma unroll 2
  for (int r = 0; r < count; r++) {
    Pack<4> in[F], delta[F];
    for (int f = 0; f < F; f++) {
      in[f] = pack<4>(x[f] + r * p.in_stride);
      delta[f] = pack<4>(d[f] + r * p.layer.row_stride);
    }
    for (int j = 0; j < 4 * F; j++) {
      float of_column = delta[j / 4].at[j % 4];
      if (BIAS) bias[j] += of_column;
      for (int i = 0; i < 4 * F; i++) sum[i][j] += in[i / 4].at[i % 4] * of_column;
    }
  }
}

/// in^T delta and the columns of delta, summed over rows, which never leave the registers where these are all of the batch.
/// @param now whether nobody reads the weights any more
template <int F>
__device__ inline void gradient_tiles(const Pass& p, int count, const Step& step, bool now, int across, const Team& team) {
  const int stride = p.layer.stride, inputs = p.layer.inputs, outputs = p.layer.outputs;
  const int last_row = (inputs - 1) / 4 * 4, last_column = (outputs - 1) / 4 * 4;
  const int down = WARP / across, height = 4 * F * down, width = 4 * F * across;
  const int wide = pieces(outputs, width), blocks = pieces(inputs, height) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    bool with_bias = block < wide;
    int top = block / wide * height + lane() / across * 4, left = block % wide * width + lane() % across * 4;
    const float* x[F];
    const float* d[F];
    float sum[4 * F][4 * F], bias[4 * F];
    for (int f = 0; f < F; f++) {
      int column = min(left + f * 4 * across, last_column);
      x[f] = p.in + min(top + f * 4 * down, last_row);
      d[f] = p.delta() + column;
      Pack<4> before = step.before<4>(p.layer.bias + column);
      for (int j = 0; j < 4; j++) bias[4 * f + j] = before.at[j];
      for (int i = 0; i < 4 * F; i++) {
        int row = min(top + i / 4 * 4 * down + i % 4, inputs - 1);
        before = step.before<4>(p.layer.weights + row * stride + column);
        for (int j = 0; j < 4; j++) sum[i][4 * f + j] = before.at[j];
      }
    }
    if (with_bias) {
      gradient_sums<F, true>(p, count, x, d, sum, bias);
    } else {
      gradient_sums<F, false>(p, count, x, d, sum, bias);
    }
    // The optimiser's step is too long to stand once for each number of a tile.
    Pack<4> late[4 * F * F + F];
#pragma unroll
    for (int e = 0; e < 4 * F * F; e++)
#pragma unroll
      for (int j = 0; j < 4; j++) late[e].at[j] = sum[e / F][4 * (e % F) + j];
#pragma unroll
    for (int j = 0; j < 4 * F; j++) late[4 * F * F + j / 4].at[j % 4] = bias[j];
#pragma unroll 1
    for (int e = 0; e < 4 * F * F + F; e++) {
      int i = e / F, row = i < 4 * F ? top + i / 4 * 4 * down + i % 4 : inputs, column = left + e % F * 4 * across;
      bool mine = i < 4 * F ? row < inputs : top == 0;  // the bias is one more row
      if (mine && column < outputs)
        step.take<4>(p.layer.weights + row * stride + column, late[e], i < 4 * F, now);
    }
  }
}

/// The products by multiply-adds.
struct Plain {
  using Stored = AsIs;

  /// out = a(in W + b).
  static __device__ void forward(const Pass& p, int count, const Team& team) {
    Tiling t = tiling(count, p.layer.outputs, across_of(p.layer.outputs), team.blocks);
    if (t.large) {
      forward_tiles<2>(p, count, 8, team);
    } else {
      forward_tiles<1>(p, count, t.across, team);
    }
  }

  static __device__ void below(const Pass& p, const Pass& below, int count, const Team& team) {
    if (tiling(p.layer.inputs, count, 8, team.blocks).large) {
      below_tiles<2>(p, below, count, team);
    } else {
      below_tiles<1>(p, below, count, team);
    }
  }

  static __device__ void gradient(const Pass& p, int count, const Step& step, bool now, const Team& team) {
    Tiling t = tiling(p.layer.inputs, p.layer.outputs, across_of(p.layer.outputs), team.blocks);
    if (t.large) {
      gradient_tiles<2>(p, count, step, now, 8, team);
    } else {
      gradient_tiles<1>(p, count, step, now, t.across, team);
    }
  }
};

}  // namespace assay

// A convolution of one layer of one lane, by a team of warps: (y, x, channel), stride 1, zeros around, activation, then the largest of each
// 2 x 2 pixels.
#pragma once
#include "layers.cuh"

namespace assay {

/// Adds up sixteen numbers: of four filters, at the four pixels of which the largest is taken.
/// @param weights of the first filter
/// @param top, left of what the first pixel's kernel covers, -margin and more
/// @param N channels that are read at once
template <int N>
__device__ inline void convolution_sums(
    const TrainLayer& c, const float* image, const float* weights, int top, int left, float (&sum)[4][4]) {
#pragma unroll 1
  for (int dy = 0; dy < c.kernel; dy++)
#pragma unroll 1
    for (int dx = 0; dx < c.kernel; dx++) {
      const float* w = weights + (dy * c.kernel + dx) * c.channels * c.stride;
      const float* in[4];
      bool inside[4];
      for (int k = 0; k < 4; k++) {
        int y = top + k / 2 + dy, x = left + k % 2 + dx;
        inside[k] = y >= 0 && y < c.height && x >= 0 && x < c.width;
        in[k] = image + (y * c.width + x) * c.channels;
      }
#pragma unroll 1
      for (int q = 0; q < c.channels; q += N) {
        Pack<N> x[4] = {};
        for (int k = 0; k < 4; k++)
          if (inside[k]) x[k] = pack<N>(in[k] + q);
        for (int n = 0; n < N; n++) {
          Pack<4> weight = pack<4>(w + (q + n) * c.stride);
          for (int k = 0; k < 4; k++)
            for (int j = 0; j < 4; j++) sum[k][j] += x[k].at[n] * weight.at[j];
        }
      }
    }
}

/// What dense layers read as four numbers at once ends with zeros.
__device__ inline void pad_convolution(const Pass& p, int count, const Team& team) {
  const TrainLayer& c = p.layer;
  int padding = c.row_stride - c.features;
#pragma unroll 1
  for (int e = team.thread(); e < count * padding; e += team.threads()) {
    int at = e / padding * c.row_stride + c.features + e % padding;
    p.out()[at] = 0;
    if (p.kept()) p.kept()[at] = 0;
  }
}

/// The largest of four pixels, of neighbouring filters.
/// @tparam S how they are kept where a dense layer reads them
/// @param sum before the activation; is lost
template <class S>
__device__ inline void give_pooled(const Pass& p, int r, int pixel, int f, float (&sum)[4][4]) {
  const TrainLayer& c = p.layer;
  Pack<4> best = {{sum[0][0], sum[0][1], sum[0][2], sum[0][3]}}, best_at = best;
  int which[4] = {};
  if (p.activation != GELU) {  // where more gives more
#pragma unroll
    for (int k = 1; k < 4; k++)
#pragma unroll
      for (int j = 0; j < 4; j++)
        if (sum[k][j] > best.at[j]) {
          best.at[j] = sum[k][j];
          which[j] = k;
        }
    for (int j = 0; j < 4; j++) best.at[j] = p.activation == RELU ? max(best.at[j], 0.0f) : tanh(best.at[j]);
  } else {
    // Too long to stand once for each of the sixteen.
#pragma unroll 1
    for (int k = 0; k < 4; k++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
        float value = activated(GELU, sum[0][j]);
        if (k == 0 || value > best.at[j]) {
          best.at[j] = value;
          best_at.at[j] = sum[0][j];
          which[j] = k;
        }
        for (int next = 0; next < 3; next++) sum[next][j] = sum[next + 1][j];
      }
    }
  }
  for (int j = 0; S::ROUNDS && j < 4; j++) best.at[j] = p.under_dense ? S::of(best.at[j]) : best.at[j];
  int at = r * c.row_stride + pixel * c.outputs + f;
  if (c.outputs % 4 == 0) {
    pack<4>(p.out() + at) = best;
    *reinterpret_cast<int4*>(p.chosen() + at) = make_int4(which[0], which[1], which[2], which[3]);
    if (p.kept()) pack<4>(p.kept() + at) = best_at;
    return;
  }
#pragma unroll
  for (int j = 0; j < 4; j++) {
    if (f + j >= c.outputs) break;
    p.out()[at + j] = best.at[j];
    p.chosen()[at + j] = which[j];
    if (p.kept()) p.kept()[at + j] = best_at.at[j];
  }
}

/// Four pooled numbers a thread, of neighbouring filters.
template <class S>
__device__ inline void convolution_forward(const Pass& p, int count, const Team& team) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_width = c.width / 2;
  int fours = (c.outputs + 3) / 4, work = c.features / c.outputs * fours;
  pad_convolution(p, count, team);
#pragma unroll 1
  for (int e = team.thread(); e < count * work; e += team.threads()) {
    int r = e / work, f = e % fours * 4, pixel = e % work / fours;
    int top = pixel / pooled_width * 2 - margin, left = pixel % pooled_width * 2 - margin;
    const float* image = p.in + (size_t)r * p.in_stride;
    float sum[4][4];
    Pack<4> bias = pack<4>(p.bias() + f);
    for (int k = 0; k < 4; k++)
      for (int j = 0; j < 4; j++) sum[k][j] = bias.at[j];
    if (c.channels % 4 == 0) {
      convolution_sums<4>(c, image, p.weights() + f, top, left, sum);
    } else {
      convolution_sums<1>(c, image, p.weights() + f, top, left, sum);
    }
    give_pooled<S>(p, r, pixel, f, sum);
  }
}

/// The gradient in what four neighbouring numbers of the layer below gave. A convolution drops nothing, so that its sums are not scaled, and
/// keeps what its slope is of for gelu alone.
__device__ inline void give_four_below(const Pass& below, int r, int place, const float (&sum)[4]) {
  float* to = below.out() + r * below.layer.row_stride + place;
  Pack<4> all = {{sum[0], sum[1], sum[2], sum[3]}};
  if (below.activation == RELU) Pass::give_back<AsIs, RELU>(to, all, 4);
  else if (below.activation == TANH) Pass::give_back<AsIs, TANH>(to, all, 4);
  else put(to, all);
  if (below.kept()) {
#pragma unroll 1
    for (int i = 0; i < 4; i++) below.finish_below(r, place + i);
  }
}

/// The gradient in N neighbouring channels of one input pixel a thread, from every kernel position that covers it, in the place of that
/// input. N filters are read at once.
template <int N>
__device__ inline void convolution_below_channels(const Pass& p, const Pass& below, int count, const Team& team) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_height = c.height / 2, pooled_width = c.width / 2;
  int wide = c.channels / N, work = c.height * c.width * wide;
#pragma unroll 1
  for (int e = team.thread(); e < count * work; e += team.threads()) {
    int r = e / work, channel = e % wide * N, x = e % work / wide % c.width, y = e % work / wide / c.width;
    float sum[N] = {};
    const float* delta = p.delta() + (size_t)r * c.row_stride;
    const int* chosen = p.chosen() + (size_t)r * c.row_stride;
#pragma unroll 1
    for (int dy = 0; dy < c.kernel; dy++) {
      int to_y = y - dy + margin;
      if (to_y < 0 || to_y >= 2 * pooled_height) continue;
#pragma unroll 1
      for (int dx = 0; dx < c.kernel; dx++) {
        int to_x = x - dx + margin;
        if (to_x < 0 || to_x >= 2 * pooled_width) continue;
        int which = to_y % 2 * 2 + to_x % 2;
        int cell = (to_y / 2 * pooled_width + to_x / 2) * c.outputs;
        const float* w = p.weights() + ((dy * c.kernel + dx) * c.channels + channel) * c.stride;
#pragma unroll 1
        for (int f = 0; f < c.outputs; f += N) {
          Pack<N> d = pack<N>(delta + cell + f), from = pack<N>(reinterpret_cast<const float*>(chosen) + cell + f), weight[N];
          for (int i = 0; i < N; i++) weight[i] = pack<N>(w + i * c.stride + f);
          for (int t = 0; t < N; t++) {
            float given = __float_as_int(from.at[t]) == which ? d.at[t] : 0.0f;
            for (int i = 0; i < N; i++) sum[i] += given * weight[i].at[t];
          }
        }
      }
    }
    int place = (y * c.width + x) * c.channels + channel;
    if constexpr (N == 4) {
      give_four_below(below, r, place, sum);
    } else {
      for (int i = 0; i < N; i++) {
        below.give_back(r, place + i, sum[i]);
        if (below.kept()) below.finish_below(r, place + i);
      }
    }
  }
}

__device__ inline void convolution_below(const Pass& p, const Pass& below, int count, const Team& team) {
  if (p.layer.channels % 4 == 0 && p.layer.outputs % 4 == 0) {
    convolution_below_channels<4>(p, below, count, team);
  } else {
    convolution_below_channels<1>(p, below, count, team);
  }
}

constexpr int SHARES = 8;  // lanes that add up what one gradient is of, every eighth pixel each

/// The gradient in the weights of N neighbouring channels and F neighbouring filters for every eight lanes, which are a multiple of these: what
/// a pixel gave is read once for N, what it was given once for F. A warp has two by two of such blocks, whose numbers fill sectors.
template <int N, int F>
__device__ inline void convolution_gradient_block(const Pass& p, int count, const Step& step, bool now, const Team& team) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_width = c.width / 2, pixels = c.height / 2 * pooled_width;
  int wide = c.outputs / F, high = c.inputs / N + 1;  // of the blocks; the last row is the bias
  int across = (wide + 1) / 2, work = (high + 1) / 2 * across, share = lane() / 4;
  int rows_on = SHARES / pooled_width, columns_on = SHARES % pooled_width;  // from one of a lane's pixels to the next
#pragma unroll 1
  for (int e = team.first; e < work; e += team.step) {
    int row = e / across * 2 + lane() / 2 % 2, f = (e % across * 2 + lane() % 2) * F;
    bool mine = row < high && f < c.outputs, bias = row >= high - 1;
    f = min(f, c.outputs - F);
    int i = bias ? 0 : row * N;
    int channel = i % c.channels, dx = i / c.channels % c.kernel - margin, dy = i / c.channels / c.kernel - margin;
    int at = (bias ? c.bias : c.weights + i * c.stride) + f;
    Pack<F> sum[N] = {};
    if (share == 0)
      for (int k = 0; k < N; k++) sum[k] = step.before<F>(at + (bias ? 0 : k * c.stride));
#pragma unroll 1
    for (int r = 0; r < count; r++) {
      const float* delta = p.delta() + (size_t)r * c.row_stride + f;
      const float* chosen = reinterpret_cast<const float*>(p.chosen()) + (size_t)r * c.row_stride + f;
      const float* image = p.in + (size_t)r * p.in_stride + channel;
      int y0 = share / pooled_width, x0 = share % pooled_width;
#pragma unroll 1
      for (int pixel = share; pixel < pixels; pixel += SHARES) {
        Pack<F> d = pack<F>(delta + pixel * c.outputs), which = pack<F>(chosen + pixel * c.outputs);
        int top = 2 * y0 + dy, left = 2 * x0 + dx;
        for (int j = 0; j < F; j++) {
          int y = top + __float_as_int(which.at[j]) / 2, x = left + __float_as_int(which.at[j]) % 2;
          Pack<N> in = {};
          if (bias) in.at[0] = 1;
          else if (y >= 0 && y < c.height && x >= 0 && x < c.width) in = pack<N>(image + (y * c.width + x) * c.channels);
          for (int k = 0; k < N; k++) sum[k].at[j] += d.at[j] * in.at[k];
        }
        x0 += columns_on;
        y0 += rows_on;
        if (x0 >= pooled_width) {
          x0 -= pooled_width;
          y0++;
        }
      }
    }
    Pack<F> own;  // a lane keeps one of the N
#pragma unroll
    for (int k = 0; k < N; k++)
#pragma unroll
      for (int j = 0; j < F; j++) {
        float all = sum[k].at[j];
        for (int apart = WARP / SHARES; apart < WARP; apart *= 2) all += __shfl_xor_sync(ALL_LANES, all, apart);
        if (k == 0 || share == k) own.at[j] = all;
      }
    if (mine && share < (bias ? 1 : N)) step.take<F>(at + share * c.stride, own, !bias, now);
  }
}

/// @param now whether nobody reads the weights any more
__device__ inline void convolution_gradient(const Pass& p, int count, const Step& step, bool now, const Team& team) {
  if (p.layer.outputs % 4 != 0) {
    convolution_gradient_block<1, 1>(p, count, step, now, team);
  } else if (p.layer.channels % 4 != 0) {
    convolution_gradient_block<1, 4>(p, count, step, now, team);
  } else {
    convolution_gradient_block<4, 4>(p, count, step, now, team);
  }
}

}  // namespace assay

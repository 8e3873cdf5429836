// A convolution of one layer of one lane, by a team of warps: (y, x, channel), stride 1, zeros around, activation, then the largest of each
// 2 x 2 pixels.
#pragma once
#include "layers.cuh"

namespace assay {

/// One pooled number a thread: four convolutions, their activations, the largest.
__device__ inline void convolution_forward(const Pass& p, int count, const Team& team) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_width = c.width / 2;
  for (int e = team.thread(); e < count * c.row_stride; e += team.threads()) {
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

/// The gradient in one input pixel's channel a thread, from every kernel position that covers it, in the place of that input.
__device__ inline void convolution_below(const Pass& p, const Pass& below, int count, const Team& team) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_height = c.height / 2, pooled_width = c.width / 2;
  for (int e = team.thread(); e < count * p.in_stride; e += team.threads()) {
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
    if (place >= c.height * c.width * c.channels) continue;
    below.give_back(r, place, sum);
    if (below.kept()) below.finish_below(r, place);
  }
}

/// The gradient in one weight a thread.
/// @param now whether nobody reads the weights any more
__device__ inline void convolution_gradient(const Pass& p, int count, const Step& step, bool now, const Team& team) {
  const TrainLayer& c = p.layer;
  int margin = (c.kernel - 1) / 2, pooled_width = c.width / 2;
  int pixels = c.height / 2 * pooled_width;
  for (int e = team.thread(); e < (c.inputs + 1) * c.outputs; e += team.threads()) {
    int i = e / c.outputs, f = e % c.outputs;
    bool bias = i == c.inputs;
    int channel = i % c.channels, dx = i / c.channels % c.kernel - margin, dy = i / c.channels / c.kernel - margin;
    int at = (bias ? c.bias : c.weights + i * c.stride) + f;
    Pack<1> sum = step.before<1>(at);
    for (int r = 0; r < count; r++) {
      const float* delta = p.delta() + (size_t)r * c.row_stride + f;
      const int* chosen = p.chosen() + (size_t)r * c.row_stride + f;
      const float* image = p.in + (size_t)r * p.in_stride + channel;
      for (int pixel = 0; pixel < pixels; pixel++) {
        float d = delta[pixel * c.outputs];
        if (bias) {
          sum.at[0] += d;
          continue;
        }
        int which = chosen[pixel * c.outputs];
        int y = pixel / pooled_width * 2 + which / 2 + dy, x = pixel % pooled_width * 2 + which % 2 + dx;
        if (y >= 0 && y < c.height && x >= 0 && x < c.width) sum.at[0] += d * image[(y * c.width + x) * c.channels];
      }
    }
    step.take<1>(at, sum, 1, !bias, now);
  }
}

}  // namespace assay

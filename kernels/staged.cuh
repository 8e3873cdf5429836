// Convolutions of lanes that several blocks share, out of shared memory: a block holds what it needs of some filters' weights, and one after
// the other parts of images with zeros around them, so that its sums ask for no borders. Gradients below are convolutions as well, of what was
// given back, put at the pixels that were the largest, with the weights turned round. Kernels of three and of five rows, the usual ones.
#pragma once
#include "convolution.cuh"

namespace assay {

constexpr int GROUP = 16;  // channels given, whose weights lie side by side

/// What of a convolution a block holds at a time.
struct Cut {
  int across;  // channels that it gives, a multiple of GROUP; of gradients in weights, rows of the kernel. 0: nothing is held
  int down;    // pairs of rows that it gives, of one image, or of so many whole ones; of gradients in weights, images
};

/// A convolution of planes of numbers as sums go through it: from `planes` channels to `outputs` of `height` x `width` pixels.
struct Planes {
  int planes, outputs, height, width, kernel;
  int margin;        // of the kernel's middle
  int weight_plane;  // from one channel's weights to the next one's
  Cut cut;

  __device__ int quads() const { return (width + 3) / 4; }
  __device__ int pairs() const { return (height + 1) / 2; }
  __device__ int images() const { return max(cut.down / pairs(), 1); }
  __device__ int down() const { return min(cut.down, pairs()); }  // of each
  __device__ int rows() const { return 2 * down() + kernel - 1; }
  __device__ int pitch() const { return (4 * quads() + kernel + 2) / 4 * 4; }
  /// Not a multiple of 8: channels that threads store side by side lie in different banks.
  __device__ int plane() const { return rows() * pitch() / 4 % 2 ? rows() * pitch() : rows() * pitch() + 4; }
  /// Neighbouring groups lie in different banks.
  __device__ int group() const { return (planes * weight_plane + 31) / 32 * 32 + GROUP; }
};

/// Adds up 32 numbers: at two rows of four pixels, of four channels.
/// @param in the first pixel of what its kernel covers, of the first plane
/// @param w of the first plane
/// @tparam ROWS of the kernel that are gone through at once; what they cover is read once
template <int KERNEL, int ROWS>
__device__ inline void staged_sums(const Planes& c, const float* in, const float* w, float (&sum)[2][4][4]) {
  const int pitch = c.pitch(), plane = c.plane();
#pragma unroll 1
  for (int q = 0; q < c.planes; q++, in += plane, w += c.weight_plane)
#pragma unroll 1
    for (int dy = 0; dy < KERNEL; dy += ROWS) {
      const float* from = in + dy * pitch;
      const float* weights = w + dy * KERNEL * GROUP;
      float x[ROWS + 1][(KERNEL + 6) / 4 * 4];
#pragma unroll
      for (int y = 0; y <= ROWS; y++)
#pragma unroll
        for (int i = 0; i < KERNEL + 3; i += 4) {
          Pack<4> four = pack<4>(from + y * pitch + i);
          for (int t = 0; t < 4; t++) x[y][i + t] = four.at[t];
        }
#pragma unroll
      for (int at = 0; at < ROWS * KERNEL; at++) {
        Pack<4> weight = pack<4>(weights + at * GROUP);
#pragma unroll
        for (int k = 0; k < 8; k++)
          for (int j = 0; j < 4; j++) sum[k / 4][k % 4][j] += x[k / 4 + at / KERNEL][k % 4 + at % KERNEL] * weight.at[j];
      }
    }
}

/// Puts a part of an image into shared memory, eight channels of four pixels a warp at a time.
/// @param source gives, for a pixel, a function of a channel
template <class Source>
__device__ inline void stage_image(const Planes& c, float* to, int top, Source source) {
  int across = c.planes >= 8 ? 8 : c.planes >= 4 ? 4 : c.planes >= 2 ? 2 : 1;
  const int pitch = c.pitch(), plane = c.plane();
#pragma unroll 1
  for (int y = warp(); y < c.rows(); y += warps())
#pragma unroll 1
    for (int x = lane() / across; x < pitch; x += WARP / across) {
      auto of = source(top + y - c.margin, x - c.margin);
      float* at = to + y * pitch + x + lane() % across * plane;
#pragma unroll 4
      for (int q = lane() % across; q < c.planes; q += across, at += across * plane) *at = of(q);
    }
}

/// A block's share of a convolution: units of a group of channels, an image and a part of it, of which it takes neighbours.
/// @param stage_weights puts those of the channels from one on into shared memory
/// @param give takes the sums of two by four pixels
template <class Weights, class Image, class Begin, class Give>
__device__ inline void staged(
    const Planes& c, int count, float* shared, Weights stage_weights, Image image, Begin begin, Give give) {
  const int images = c.images(), down = c.down(), parts = (c.pairs() + down - 1) / down, sets = (count + images - 1) / images;
  const int units = (c.outputs + c.cut.across - 1) / c.cut.across * sets * parts, quads = c.quads(), size = c.planes * c.plane();
  float* weights = shared + images * size;
  int held = -1;
#pragma unroll 1
  for (int unit = (long long)blockIdx.x * units / gridDim.x; unit < (long long)(blockIdx.x + 1) * units / gridDim.x; unit++) {
    int from = unit / (sets * parts) * c.cut.across, r = unit / parts % sets * images, pair = unit % parts * down;
    int fours = min(c.cut.across, c.outputs - from + 3) / 4, many = min(images, count - r), high = min(down, c.pairs() - pair);
    int items = many * high * quads * fours;
    __syncthreads();  // what is held is read until here
    if (from != held) stage_weights(weights, from);
    held = from;
#pragma unroll 1
    for (int i = 0; i < many; i++) image(shared + i * size, r + i, 2 * pair);
    __syncthreads();
#pragma unroll 1
    for (int e = threadIdx.x; e < items; e += blockDim.x) {
      int four = e % fours, x = e / fours % quads, y = e / fours / quads % high, i = e / fours / quads / high;
      float sum[2][4][4];
      begin(from + 4 * four, sum);
      const float* in = shared + i * size + 2 * y * c.pitch() + 4 * x;
      const float* w = weights + four / 4 * c.group() + four % 4 * 4;
      if (c.kernel == 3) {
        staged_sums<3, 3>(c, in, w, sum);
      } else {
        staged_sums<5, 1>(c, in, w, sum);
      }
      give(r + i, 2 * (pair + y), 4 * x, from + 4 * four, sum);
    }
  }
}

template <class S>
__device__ inline void staged_forward(const Pass& p, int count, Cut cut, float* shared, const Team& team) {
  const TrainLayer& c = p.layer;
  int pooled_width = c.width / 2, size = c.kernel * c.kernel;
  // Of neighbouring planes two rows of weights are stored at once: in different banks.
  Planes planes = {c.channels, c.outputs, c.height / 2 * 2, pooled_width * 2, c.kernel, (c.kernel - 1) / 2, size * GROUP | GROUP, cut};
  pad_convolution(p, count, team);
  auto stage_weights = [&](float* to, int from) {
    int fours = cut.across / 4;
#pragma unroll 1
    for (int e = threadIdx.x; e < c.inputs * fours; e += blockDim.x) {
      int four = e % 4 + e / 4 / c.inputs * 4, row = e / 4 % c.inputs, f = from + 4 * four;
      Pack<4> w = {};
      if (f < c.outputs) w = pack<4>(p.weights() + row * c.stride + f);
      pack<4>(to + four / 4 * planes.group() + row % c.channels * planes.weight_plane + row / c.channels * GROUP + four % 4 * 4) = w;
    }
  };
  auto image = [&](float* to, int r, int top) {
    const float* in = p.in + (size_t)r * p.in_stride;
    stage_image(planes, to, top, [&](int y, int x) {
      bool inside = y >= 0 && y < c.height && x >= 0 && x < c.width;
      const float* at = in + (y * c.width + x) * c.channels;
      return [=](int channel) { return inside ? at[channel] : 0.0f; };
    });
  };
  auto begin = [&](int f, float(&sum)[2][4][4]) {
    Pack<4> bias = pack<4>(p.bias() + f);
    for (int k = 0; k < 8; k++)
      for (int j = 0; j < 4; j++) sum[k / 4][k % 4][j] = bias.at[j];
  };
  auto give = [&](int r, int y, int x, int f, float(&sum)[2][4][4]) {
#pragma unroll 1
    for (int pixel = x / 2; pixel < min(x / 2 + 2, pooled_width); pixel++) {
      float pool[4][4];
      for (int k = 0; k < 4; k++)
        for (int j = 0; j < 4; j++) {
          pool[k][j] = sum[k / 2][k % 2][j];
          sum[k / 2][k % 2][j] = sum[k / 2][k % 2 + 2][j];
        }
      give_pooled<S>(p, r, y / 2 * pooled_width + pixel, f, pool);
    }
  };
  staged(planes, count, shared, stage_weights, image, begin, give);
}

/// Of channels that are a multiple of 4.
__device__ inline void staged_below(const Pass& p, const Pass& below, int count, Cut cut, float* shared) {
  const TrainLayer& c = p.layer;
  int pooled_height = c.height / 2, pooled_width = c.width / 2, size = c.kernel * c.kernel;
  // Of neighbouring planes eight numbers are stored at once, in each four of a group.
  Planes planes = {c.outputs, c.channels, c.height, c.width, c.kernel, c.kernel / 2, size * GROUP + 4, cut};
  auto stage_weights = [&](float* to, int from) {
    int fours = cut.across / 4;
#pragma unroll 1
    for (int e = warp(); e < size * fours; e += warps()) {
      int place = e / fours, local = e % fours * 4 + lane() / 8, channel = from + local;
      const float* w = p.weights() + ((size - 1 - place) * c.channels + channel) * c.stride;
      float* at = to + local / GROUP * planes.group() + place * GROUP + local % GROUP;
      bool mine = channel < c.channels;
#pragma unroll 4
      for (int f = lane() % 8; f < c.outputs; f += 8) at[f * planes.weight_plane] = mine ? w[f] : 0.0f;
    }
  };
  auto image = [&](float* to, int r, int top) {
    const float* delta = p.delta() + (size_t)r * c.row_stride;
    const int* chosen = p.chosen() + (size_t)r * c.row_stride;
    stage_image(planes, to, top, [&](int y, int x) {
      bool inside = y >= 0 && y < 2 * pooled_height && x >= 0 && x < 2 * pooled_width;
      int cell = (y / 2 * pooled_width + x / 2) * c.outputs, which = inside ? y % 2 * 2 + x % 2 : -1;
      return [=](int f) { return which >= 0 && chosen[cell + f] == which ? delta[cell + f] : 0.0f; };
    });
  };
  auto begin = [&](int, float(&sum)[2][4][4]) {
    for (int k = 0; k < 8; k++)
      for (int j = 0; j < 4; j++) sum[k / 4][k % 4][j] = 0;
  };
  auto give = [&](int r, int y, int x, int channel, float(&sum)[2][4][4]) {
#pragma unroll
    for (int k = 0; k < 8; k++)
      if (y + k / 4 < c.height && x + k % 4 < c.width)
        give_four_below(below, r, ((y + k / 4) * c.width + x + k % 4) * c.channels + channel, sum[k / 4][k % 4]);
  };
  staged(planes, count, shared, stage_weights, image, begin, give);
}

/// The gradients in the weights of N channels, in ROWS rows of the kernel, and of eight filters. Lanes of each warp add up some pixels; all
/// read what the pixels that were the largest covered, of these channels of images.
/// @param images that are held at once
template <int KERNEL, int ROWS, int N>
__device__ inline void staged_gradient_rows(const Pass& p, int count, const Step& step, bool now, int images, float* shared) {
  constexpr int SUMS = ROWS * KERNEL * N + 1;  // the last one is the bias
  const TrainLayer& c = p.layer;
  const int pooled_width = c.width / 2, pooled_height = c.height / 2, pixels = pooled_height * pooled_width, margin = (KERNEL - 1) / 2;
  int width = 8;  // of filters side by side
  while (width / 2 >= c.outputs) width /= 2;
  const int shares = WARP / width, apart = warps() * shares, rows = 2 * pooled_height + ROWS - 1;
  const int banks = WARP / N, span = min(2 * max(banks / width, 1), banks / 2);
  int pitch = 2 * pooled_width + KERNEL - 1;
  while (pitch % banks < span || pitch % banks > banks - span) pitch++;  // neighbours of one row and of the next lie in different banks
  const int parts = KERNEL / ROWS, groups = (c.outputs + width - 1) / width, tasks = groups * parts * (c.channels / N);
  // From one of a lane's pixels to the next, and where they begin.
  const int columns_on = apart % pixels % pooled_width, rows_on = apart % pixels / pooled_width, images_on = apart / pixels;
  const int begin = warp() * shares + lane() / width, r0 = begin / pixels, y0 = begin % pixels / pooled_width, x0 = begin % pooled_width;
  const int area = rows * pitch * N, padding = c.row_stride - c.features;
  const int on = images_on * area + 2 * (rows_on * pitch + columns_on) * N, row_on = 2 * (pitch - pooled_width) * N;
  const int image_on = area - 2 * pooled_height * pitch * N, cell_on = apart * c.outputs + images_on * padding;
  float* sums = shared + images * area;
  int staged = -1;
#pragma unroll 1
  for (int task = (long long)blockIdx.x * tasks / gridDim.x; task < (long long)(blockIdx.x + 1) * tasks / gridDim.x; task++) {
    int first = task % groups * width, channel = task / groups * N % c.channels, dy = task / groups * N / c.channels * ROWS;
    int f = min(first + lane() % width, c.outputs - 1);
    float sum[SUMS] = {};
#pragma unroll 1
    for (int from = 0; from < count; from += images) {
      int held = min(images, count - from);
      if (task / groups != staged || images < count) {
        __syncthreads();  // what was held is read until here
        float* to = shared;
#pragma unroll 1
        for (int r = from; r < from + held; r++, to += area) {
          const float* in = p.in + (size_t)r * p.in_stride + channel;
#pragma unroll 1
          for (int y = warp(); y < rows; y += warps()) {
            bool inside = y + dy >= margin && y + dy < c.height + margin;
            const float* row = in + ((y + dy - margin) * c.width - margin) * c.channels;
#pragma unroll 1
            for (int x = lane(); x < pitch; x += WARP) {
              Pack<N> it = {};
              if (inside && x >= margin && x < c.width + margin) it = pack<N>(row + x * c.channels);
              pack<N>(to + (y * pitch + x) * N) = it;
            }
          }
        }
        __syncthreads();
        staged = task / groups;
      }
      const float* delta = p.delta() + (size_t)(from + r0) * c.row_stride + (y0 * pooled_width + x0) * c.outputs + f;
      const float* chosen = reinterpret_cast<const float*>(p.chosen()) + (delta - p.delta());
      const float* image = shared + r0 * area + 2 * (y0 * pitch + x0) * N;
      int x = x0, y = y0;
#pragma unroll 2
      for (int i = begin; i < held * pixels; i += apart) {
        float d = *delta;
        unsigned which = __float_as_int(*chosen);
        const float* in = image + (which / 2 * pitch + which % 2) * N;
#pragma unroll
        for (int k = 0; k < ROWS * KERNEL; k++) {
          Pack<N> of = pack<N>(in + (k / KERNEL * pitch + k % KERNEL) * N);
          for (int n = 0; n < N; n++) sum[k * N + n] += d * of.at[n];
        }
        sum[SUMS - 1] += d;
        int cell = cell_on;
        image += on;
        x += columns_on;
        y += rows_on;
        if (x >= pooled_width) {
          x -= pooled_width;
          y++;
          image += row_on;
        }
        if (y >= pooled_height) {
          y -= pooled_height;
          image += image_on;
          cell += padding;
        }
        delta += cell;
        chosen += cell;
      }
    }
#pragma unroll
    for (int i = 0; i < SUMS; i++) {
      for (int other = width; other < WARP; other *= 2) sum[i] += __shfl_xor_sync(ALL_LANES, sum[i], other);
      if (lane() < width) sums[(warp() * SUMS + i) * width + lane()] = sum[i];
    }
    __syncthreads();
#pragma unroll 1
    for (int e = threadIdx.x; e < SUMS * width; e += blockDim.x) {
      int i = e / width, column = first + e % width;
      bool bias = i == SUMS - 1;
      if (column >= c.outputs || (bias && channel + dy > 0)) continue;
      int row = (dy * KERNEL + i / N) * c.channels + channel + i % N;
      Pack<1> all = {};
      for (int w = 0; w < warps(); w++) all.at[0] += sums[w * SUMS * width + e];
      step.take<1>((bias ? c.bias : c.weights + row * c.stride) + column, all, !bias, now);
    }
    __syncthreads();
  }
}

/// @param now whether nobody reads the weights any more
__device__ inline void staged_gradient(const Pass& p, int count, const Step& step, bool now, Cut cut, float* shared) {
  bool four = p.layer.channels % 4 == 0;
  if (p.layer.kernel == 5) {
    if (four) staged_gradient_rows<5, 1, 4>(p, count, step, now, cut.down, shared);
    else staged_gradient_rows<5, 1, 1>(p, count, step, now, cut.down, shared);
  } else if (cut.across == 3) {
    if (four) staged_gradient_rows<3, 3, 4>(p, count, step, now, cut.down, shared);
    else staged_gradient_rows<3, 3, 1>(p, count, step, now, cut.down, shared);
  } else {
    if (four) staged_gradient_rows<3, 1, 4>(p, count, step, now, cut.down, shared);
    else staged_gradient_rows<3, 1, 1>(p, count, step, now, cut.down, shared);
  }
}

}  // namespace assay

package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// A dense layer of one lane, by the threads of its work group. A thread makes four rows of a
/// column at a time, so that a weight is loaded once for four.
///
/// `state` and `own` are where the lane's weights and scratch begin, `l` is the layer's number,
/// `count` the rows of the batch; scratch has room for a multiple of four rows.
final class DenseKernels {
  private DenseKernels() {}

  /// out = in W + b.
  static void forward(
      int thread,
      int threads,
      IntArray program,
      FloatArray states,
      FloatArray scratch,
      int state,
      int own,
      int l,
      int count) {
    int layer = LaneArithmetic.layer(l);
    int stride = program.get(layer + LaneArithmetic.STRIDE);
    int inStride = LaneArithmetic.inStride(program, l);
    int inputs = program.get(layer + LaneArithmetic.U);
    int weights = state + program.get(layer + LaneArithmetic.WEIGHTS);
    int bias = state + program.get(layer + LaneArithmetic.BIAS);
    int in = own + LaneArithmetic.in(program, l);
    int out = own + program.get(layer + LaneArithmetic.OUT);
    int tiles = (count + 3) / 4 * stride;
    for (int tile = thread; tile < tiles; tile += threads) {
      int row = tile / stride * 4;
      int column = tile - tile / stride * stride;
      int from = in + row * inStride;
      float sum0 = states.get(bias + column);
      float sum1 = sum0;
      float sum2 = sum0;
      float sum3 = sum0;
      for (int q = 0; q < inputs; q++) {
        float w = states.get(weights + q * stride + column);
        sum0 += scratch.get(from + q) * w;
        sum1 += scratch.get(from + inStride + q) * w;
        sum2 += scratch.get(from + 2 * inStride + q) * w;
        sum3 += scratch.get(from + 3 * inStride + q) * w;
      }
      int to = out + row * stride + column; // rows past the last have room
      scratch.set(to, sum0);
      scratch.set(to + stride, sum1);
      scratch.set(to + 2 * stride, sum2);
      scratch.set(to + 3 * stride, sum3);
    }
  }

  /// out := a(out), dropped where the mask says so.
  static void activate(
      int thread,
      int threads,
      IntArray program,
      IntArray lanes,
      FloatArray numbers,
      IntArray keys,
      FloatArray scratch,
      int lane,
      int own,
      int l,
      int count,
      int key) {
    int layer = LaneArithmetic.layer(l);
    int stride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int outputs = program.get(layer + LaneArithmetic.V);
    int activation = program.get(LaneArithmetic.ACTIVATION);
    int kept = program.get(layer + LaneArithmetic.KEPT);
    int out = own + program.get(layer + LaneArithmetic.OUT);
    for (int e = thread; e < count * stride; e += threads) {
      int i = e / stride;
      int j = e - i * stride;
      float x = scratch.get(out + e);
      float y = LaneArithmetic.activated(activation, x);
      if (kept >= 0) {
        scratch.set(own + kept + e, activation == LaneArithmetic.GELU ? x : y);
      }
      if (j < outputs) {
        y *= LaneArithmetic.kept(lanes, numbers, keys, lane, key, i * outputs + j);
      }
      scratch.set(out + e, y);
    }
  }

  /// delta := delta · a'(x), where the mask keeps.
  static void slopes(
      int thread,
      int threads,
      IntArray program,
      IntArray lanes,
      FloatArray numbers,
      IntArray keys,
      FloatArray scratch,
      int lane,
      int own,
      int l,
      int count,
      int key) {
    int layer = LaneArithmetic.layer(l);
    int rowStride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int outputs = program.get(layer + LaneArithmetic.V);
    int activation = program.get(LaneArithmetic.ACTIVATION);
    int delta = own + program.get(layer + LaneArithmetic.DELTA);
    int at = LaneArithmetic.slopesAt(program, own, layer);
    for (int e = thread; e < count * rowStride; e += threads) {
      int i = e / rowStride;
      int j = e - i * rowStride;
      float factor = 0f;
      if (j < outputs) {
        factor = LaneArithmetic.kept(lanes, numbers, keys, lane, key, i * outputs + j);
      }
      scratch.set(
          delta + e,
          scratch.get(delta + e) * factor * LaneArithmetic.slope(activation, scratch.get(at + e)));
    }
  }

  /// The gradient in the layer's inputs: delta Wᵀ.
  static void below(
      int thread,
      int threads,
      IntArray program,
      FloatArray states,
      FloatArray scratch,
      int state,
      int own,
      int l,
      int count) {
    int layer = LaneArithmetic.layer(l);
    int rowStride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int stride = program.get(layer + LaneArithmetic.STRIDE);
    int inputs = program.get(layer + LaneArithmetic.U);
    int outputs = program.get(layer + LaneArithmetic.V);
    int weights = state + program.get(layer + LaneArithmetic.WEIGHTS);
    int delta = own + program.get(layer + LaneArithmetic.DELTA);
    int to = own + program.get(LaneArithmetic.layer(l - 1) + LaneArithmetic.DELTA);
    int inStride = LaneArithmetic.inStride(program, l);
    int tiles = (count + 3) / 4 * inStride;
    for (int tile = thread; tile < tiles; tile += threads) {
      int row = tile / inStride * 4;
      int column = tile - tile / inStride * inStride;
      float sum0 = 0f;
      float sum1 = 0f;
      float sum2 = 0f;
      float sum3 = 0f;
      if (column < inputs) {
        int from = delta + row * rowStride;
        for (int q = 0; q < outputs; q++) {
          float w = states.get(weights + column * stride + q);
          sum0 += scratch.get(from + q) * w;
          sum1 += scratch.get(from + rowStride + q) * w;
          sum2 += scratch.get(from + 2 * rowStride + q) * w;
          sum3 += scratch.get(from + 3 * rowStride + q) * w;
        }
      }
      int at = to + row * inStride + column;
      if (row < count) {
        scratch.set(at, sum0);
      }
      if (row + 1 < count) {
        scratch.set(at + inStride, sum1);
      }
      if (row + 2 < count) {
        scratch.set(at + 2 * inStride, sum2);
      }
      if (row + 3 < count) {
        scratch.set(at + 3 * inStride, sum3);
      }
    }
  }

  /// W and b one step on: the gradient inᵀ delta never leaves the registers. The bias is the row
  /// after the last of W.
  static void update(
      int thread,
      int threads,
      IntArray program,
      IntArray lanes,
      FloatArray numbers,
      FloatArray states,
      FloatArray scratch,
      int lane,
      int state,
      int own,
      int l,
      int count,
      float rate,
      float epsilon) {
    int layer = LaneArithmetic.layer(l);
    int size = program.get(LaneArithmetic.SIZE);
    int stride = program.get(layer + LaneArithmetic.STRIDE);
    int rowStride = program.get(layer + LaneArithmetic.ROW_STRIDE);
    int inStride = LaneArithmetic.inStride(program, l);
    int inputs = program.get(layer + LaneArithmetic.U);
    int outputs = program.get(layer + LaneArithmetic.V);
    int in = own + LaneArithmetic.in(program, l);
    int delta = own + program.get(layer + LaneArithmetic.DELTA);
    int weights = state + program.get(layer + LaneArithmetic.WEIGHTS);
    int tiles = (inputs + 3) / 4 * outputs;
    for (int tile = thread; tile < tiles; tile += threads) {
      int row = tile / outputs * 4;
      int column = tile - tile / outputs * outputs;
      float sum0 = 0f;
      float sum1 = 0f;
      float sum2 = 0f;
      float sum3 = 0f;
      for (int r = 0; r < count; r++) {
        int from = in + r * inStride + row;
        float d = scratch.get(delta + r * rowStride + column);
        sum0 += scratch.get(from) * d;
        sum1 += scratch.get(from + 1) * d;
        sum2 += scratch.get(from + 2) * d;
        sum3 += scratch.get(from + 3) * d;
      }
      for (int k = 0; k < 4; k++) {
        float low = k == 0 ? sum0 : sum1;
        float high = k == 2 ? sum2 : sum3;
        if (row + k < inputs) {
          int at = weights + (row + k) * stride + column;
          LaneArithmetic.update(
              lanes, numbers, states, lane, size, at, k < 2 ? low : high, rate, epsilon, 1f);
        }
      }
    }
    int bias = state + program.get(layer + LaneArithmetic.BIAS);
    for (int j = thread; j < outputs; j += threads) {
      float sum = 0f;
      for (int r = 0; r < count; r++) {
        sum += scratch.get(delta + r * rowStride + j);
      }
      LaneArithmetic.update(lanes, numbers, states, lane, size, bias + j, sum, rate, epsilon, 0f);
    }
  }
}

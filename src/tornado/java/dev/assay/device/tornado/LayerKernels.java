package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// What a layer of a lane does, whatever kind it is of.
final class LayerKernels {
  private LayerKernels() {}

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
    if (program.get(LaneArithmetic.layer(l) + LaneArithmetic.KIND) == 0) {
      DenseKernels.forward(thread, threads, program, states, scratch, state, own, l, count);
    } else {
      ConvolutionKernels.forward(thread, threads, program, states, scratch, state, own, l, count);
    }
  }

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
    if (l < program.get(LaneArithmetic.LAYERS) - 1
        && program.get(LaneArithmetic.layer(l) + LaneArithmetic.KIND) == 0) {
      DenseKernels.activate(
          thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, key);
    }
  }

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
    if (l < program.get(LaneArithmetic.LAYERS) - 1) {
      if (program.get(LaneArithmetic.layer(l) + LaneArithmetic.KIND) == 0) {
        DenseKernels.slopes(
            thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, key);
      } else {
        ConvolutionKernels.slopes(thread, threads, program, scratch, own, l, count);
      }
    }
  }

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
    if (l > 0) {
      if (program.get(LaneArithmetic.layer(l) + LaneArithmetic.KIND) == 0) {
        DenseKernels.below(thread, threads, program, states, scratch, state, own, l, count);
      } else {
        ConvolutionKernels.below(thread, threads, program, states, scratch, state, own, l, count);
      }
    }
  }

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
    if (program.get(LaneArithmetic.layer(l) + LaneArithmetic.KIND) == 0) {
      DenseKernels.update(
          thread, threads, program, lanes, numbers, states, scratch, lane, state, own, l, count,
          rate, epsilon);
    } else {
      ConvolutionKernels.update(
          thread, threads, program, lanes, numbers, states, scratch, lane, state, own, l, count,
          rate, epsilon);
    }
  }
}

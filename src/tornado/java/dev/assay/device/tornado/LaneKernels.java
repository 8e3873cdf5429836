package dev.assay.device.tornado;

import dev.assay.device.lanes.LaneBatch;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Fused training: a work group trains one lane, mini-batch after mini-batch, for a whole epoch; or
/// predicts rows with one lane's weights, chunk after chunk. FP32.
///
/// Every sum has an order of its own that no other lane changes: a lane's result is the same to the
/// last bit whatever is launched beside it. Losses are given thread by thread, and added on the
/// host.
final class LaneKernels {
  /// Threads of a work group.
  static final int GROUP = 128;

  private static final int FOLD = 1;
  private static final int ROW_COUNT = 2;
  private static final int FIRST_ROW = 3;
  private static final int BATCH = 4;
  private static final int STEPS = 5;
  private static final int FIRST_STEP = 6;
  private static final int FIRST_PREDICTION = 17;

  private LaneKernels() {}

  /// An epoch of every lane.
  ///
  /// @param numbers the lanes' words as FP32
  /// @param steps of the optimiser
  /// @param losses out: lanes × threads
  static void train(
      KernelContext context,
      IntArray control,
      IntArray program,
      FloatArray features,
      IntArray labels,
      FloatArray targets,
      FloatArray scaling,
      IntArray lanes,
      FloatArray numbers,
      IntArray rows,
      FloatArray steps,
      IntArray keys,
      FloatArray states,
      FloatArray scratch,
      DoubleArray losses) {
    int lane = context.groupIdx;
    if (lane < control.get(LaneControl.LANES)) {
      train(
          context,
          context.localIdx,
          context.localGroupSizeX,
          lane,
          control,
          program,
          features,
          labels,
          targets,
          scaling,
          lanes,
          numbers,
          rows,
          steps,
          keys,
          states,
          scratch,
          losses);
    }
  }

  /// An epoch of one lane, by the threads of its work group.
  static void train(
      KernelContext context,
      int thread,
      int threads,
      int lane,
      IntArray control,
      IntArray program,
      FloatArray features,
      IntArray labels,
      FloatArray targets,
      FloatArray scaling,
      IntArray lanes,
      FloatArray numbers,
      IntArray rows,
      FloatArray steps,
      IntArray keys,
      FloatArray states,
      FloatArray scratch,
      DoubleArray losses) {
    int words = lane * LaneBatch.WORDS;
    int fold = lanes.get(words + FOLD);
    int batch = lanes.get(words + BATCH);
    int layers = program.get(LaneArithmetic.LAYERS);
    int last = LaneArithmetic.layer(layers - 1);
    int state = LaneArithmetic.state(control, program, lanes, lane);
    int own = lane * control.get(LaneControl.SCRATCH);
    int out = own + program.get(last + LaneArithmetic.OUT);
    int delta = own + program.get(last + LaneArithmetic.DELTA);
    int n = control.get(LaneControl.ROWS);
    double loss = 0;
    for (int s = 0; s < lanes.get(words + STEPS); s++) {
      int from = s * batch;
      int count = Math.min(batch, lanes.get(words + ROW_COUNT) - from);
      int first = lanes.get(words + FIRST_ROW) + from;
      int step = lanes.get(words + FIRST_STEP) + s;
      context.globalBarrier();
      RowKernels.gather(
          thread, threads, program, features, scaling, rows, scratch, fold, first, count, own);
      for (int l = 0; l < layers; l++) {
        int key = LaneArithmetic.key(program, lanes, lane, step, l);
        context.globalBarrier();
        LayerKernels.forward(thread, threads, program, states, scratch, state, own, l, count);
        context.globalBarrier();
        LayerKernels.activate(
            thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, key);
      }
      context.globalBarrier();
      loss +=
          RowKernels.head(
              thread, threads, program, labels, targets, rows, scratch, n, fold, first, count, out,
              delta);
      for (int back = 0; back < layers; back++) {
        int l = layers - 1 - back;
        int key = LaneArithmetic.key(program, lanes, lane, step, l);
        context.globalBarrier();
        LayerKernels.slopes(
            thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, key);
        context.globalBarrier();
        LayerKernels.below(thread, threads, program, states, scratch, state, own, l, count);
        context.globalBarrier(); // the weights are read until here
        LayerKernels.update(
            thread,
            threads,
            program,
            lanes,
            numbers,
            states,
            scratch,
            lane,
            state,
            own,
            l,
            count,
            steps.get(2 * step),
            steps.get(2 * step + 1));
      }
    }
    losses.set(lane * threads + thread, loss);
  }

  /// What every lane's weights say of its rows.
  ///
  /// @param numbers the lanes' words as FP32
  /// @param keys not looked at: nothing is dropped
  /// @param predictions out: probabilities, or standardised numbers
  /// @param losses out: lanes × threads
  static void evaluate(
      KernelContext context,
      IntArray control,
      IntArray program,
      FloatArray features,
      IntArray labels,
      FloatArray targets,
      FloatArray scaling,
      IntArray lanes,
      FloatArray numbers,
      IntArray rows,
      IntArray keys,
      FloatArray states,
      FloatArray scratch,
      FloatArray predictions,
      DoubleArray losses) {
    int lane = context.groupIdx;
    if (lane < control.get(LaneControl.LANES)) {
      evaluate(
          context,
          context.localIdx,
          context.localGroupSizeX,
          lane,
          control,
          program,
          features,
          labels,
          targets,
          scaling,
          lanes,
          numbers,
          rows,
          keys,
          states,
          scratch,
          predictions,
          losses);
    }
  }

  /// What one lane's weights say of its rows, chunk after chunk, by the threads of its work group.
  static void evaluate(
      KernelContext context,
      int thread,
      int threads,
      int lane,
      IntArray control,
      IntArray program,
      FloatArray features,
      IntArray labels,
      FloatArray targets,
      FloatArray scaling,
      IntArray lanes,
      FloatArray numbers,
      IntArray rows,
      IntArray keys,
      FloatArray states,
      FloatArray scratch,
      FloatArray predictions,
      DoubleArray losses) {
    int words = lane * LaneBatch.WORDS;
    int fold = lanes.get(words + FOLD);
    int batch = lanes.get(words + BATCH);
    int layers = program.get(LaneArithmetic.LAYERS);
    int last = LaneArithmetic.layer(layers - 1);
    int state = LaneArithmetic.state(control, program, lanes, lane);
    int own = lane * control.get(LaneControl.SCRATCH);
    int out = own + program.get(last + LaneArithmetic.OUT);
    int n = control.get(LaneControl.ROWS);
    double loss = 0;
    for (int s = 0; s < lanes.get(words + STEPS); s++) {
      int from = s * batch;
      int count = Math.min(batch, lanes.get(words + ROW_COUNT) - from);
      int first = lanes.get(words + FIRST_ROW) + from;
      context.globalBarrier();
      RowKernels.gather(
          thread, threads, program, features, scaling, rows, scratch, fold, first, count, own);
      for (int l = 0; l < layers; l++) {
        context.globalBarrier();
        LayerKernels.forward(thread, threads, program, states, scratch, state, own, l, count);
        context.globalBarrier();
        LayerKernels.activate(
            thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, -1);
      }
      context.globalBarrier();
      loss +=
          RowKernels.head(
              thread, threads, program, labels, targets, rows, scratch, n, fold, first, count, out,
              -1);
      if (control.get(LaneControl.PREDICTIONS) != 0) {
        int to = lanes.get(words + FIRST_PREDICTION) + from * program.get(last + LaneArithmetic.V);
        RowKernels.predict(thread, threads, program, scratch, predictions, count, out, to);
      }
    }
    losses.set(lane * threads + thread, loss);
  }
}

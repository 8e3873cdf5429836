package dev.assay.device.tornado;

import dev.assay.device.lanes.LaneBatch;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
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
      gather(thread, threads, program, features, scaling, rows, scratch, fold, first, count, own);
      for (int l = 0; l < layers; l++) {
        int key = LaneArithmetic.key(program, lanes, lane, step, l);
        context.globalBarrier();
        forward(thread, threads, program, states, scratch, state, own, l, count);
        context.globalBarrier();
        activate(thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, key);
      }
      context.globalBarrier();
      loss +=
          head(
              thread, threads, program, labels, targets, rows, scratch, n, fold, first, count, out,
              delta);
      for (int back = 0; back < layers; back++) {
        int l = layers - 1 - back;
        int key = LaneArithmetic.key(program, lanes, lane, step, l);
        context.globalBarrier();
        slopes(thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, key);
        context.globalBarrier();
        below(thread, threads, program, states, scratch, state, own, l, count);
        context.globalBarrier(); // the weights are read until here
        update(
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
      gather(thread, threads, program, features, scaling, rows, scratch, fold, first, count, own);
      for (int l = 0; l < layers; l++) {
        context.globalBarrier();
        forward(thread, threads, program, states, scratch, state, own, l, count);
        context.globalBarrier();
        activate(thread, threads, program, lanes, numbers, keys, scratch, lane, own, l, count, -1);
      }
      context.globalBarrier();
      loss +=
          head(
              thread, threads, program, labels, targets, rows, scratch, n, fold, first, count, out,
              -1);
      if (control.get(LaneControl.PREDICTIONS) != 0) {
        int to = lanes.get(words + FIRST_PREDICTION) + from * program.get(last + LaneArithmetic.V);
        predict(thread, threads, program, scratch, predictions, count, out, to);
      }
    }
    losses.set(lane * threads + thread, loss);
  }

  /// in := the standardised features of rows; a missing one is the mean, 0.
  private static void gather(
      int thread,
      int threads,
      IntArray program,
      FloatArray features,
      FloatArray scaling,
      IntArray rows,
      FloatArray scratch,
      int fold,
      int first,
      int count,
      int own) {
    int inputs = program.get(LaneArithmetic.INPUTS);
    int stride = program.get(LaneArithmetic.INPUT_STRIDE);
    int mean = fold * 2 * inputs;
    int scale = mean + inputs;
    for (int e = thread; e < count * stride; e += threads) {
      int i = e / stride;
      int j = e - i * stride;
      float x = 0f;
      if (j < inputs) {
        float raw = features.get(rows.get(first + i) * inputs + j);
        if (raw == raw) {
          x = (raw - scaling.get(mean + j)) * scaling.get(scale + j);
        }
      }
      scratch.set(own + e, x);
    }
  }

  private static void forward(
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
      ConvolutionKernels.forward(
          thread, threads, program, states, scratch, state, own, l, count);
    }
  }

  private static void activate(
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

  private static void slopes(
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

  private static void below(
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

  private static void update(
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

  /// The losses of this thread's rows.
  ///
  /// @param z where the last layer's outputs are
  /// @param gradient where their gradients go; below 0: nowhere
  private static double head(
      int thread,
      int threads,
      IntArray program,
      IntArray labels,
      FloatArray targets,
      IntArray rows,
      FloatArray scratch,
      int n,
      int fold,
      int first,
      int count,
      int z,
      int gradient) {
    int last = LaneArithmetic.layer(program.get(LaneArithmetic.LAYERS) - 1);
    int stride = program.get(last + LaneArithmetic.ROW_STRIDE);
    int outputs = program.get(last + LaneArithmetic.V);
    boolean softmax = program.get(LaneArithmetic.HEAD) == 0;
    double loss = 0;
    for (int i = thread; i < count; i += threads) {
      int from = z + i * stride;
      int to = gradient + i * stride;
      int row = rows.get(first + i);
      if (softmax) {
        float largest = largest(scratch, from, outputs);
        float sum = sum(scratch, from, outputs, largest);
        int label = labels.get(row);
        loss += Math.log((double) sum) - (double) (scratch.get(from + label) - largest);
        if (gradient >= 0) {
          float share = 1f / sum / count;
          for (int j = 0; j < stride; j++) {
            float d = 0f;
            if (j < outputs) {
              d = TornadoMath.exp(scratch.get(from + j) - largest) * share;
            }
            if (j == label) {
              d -= 1f / count;
            }
            scratch.set(to + j, d);
          }
        }
      } else {
        float error = scratch.get(from) - targets.get(fold * n + row);
        loss += 0.5 * error * error;
        if (gradient >= 0) {
          for (int j = 0; j < stride; j++) {
            scratch.set(to + j, j == 0 ? error / count : 0f);
          }
        }
      }
    }
    return loss;
  }

  private static float largest(FloatArray z, int from, int outputs) {
    float largest = z.get(from);
    for (int j = 1; j < outputs; j++) {
      float other = z.get(from + j);
      largest = other > largest ? other : largest;
    }
    return largest;
  }

  private static float sum(FloatArray z, int from, int outputs, float largest) {
    float sum = 0f;
    for (int j = 0; j < outputs; j++) {
      sum += TornadoMath.exp(z.get(from + j) - largest);
    }
    return sum;
  }

  private static void predict(
      int thread,
      int threads,
      IntArray program,
      FloatArray scratch,
      FloatArray predictions,
      int count,
      int z,
      int to) {
    int last = LaneArithmetic.layer(program.get(LaneArithmetic.LAYERS) - 1);
    int stride = program.get(last + LaneArithmetic.ROW_STRIDE);
    int outputs = program.get(last + LaneArithmetic.V);
    boolean softmax = program.get(LaneArithmetic.HEAD) == 0;
    for (int i = thread; i < count; i += threads) {
      int from = z + i * stride;
      if (softmax) {
        float largest = largest(scratch, from, outputs);
        float factor = 1f / sum(scratch, from, outputs, largest);
        for (int j = 0; j < outputs; j++) {
          predictions.set(
              to + i * outputs + j,
              TornadoMath.exp(scratch.get(from + j) - largest) * factor);
        }
      } else {
        predictions.set(to + i, scratch.get(from));
      }
    }
  }

  /// states[to ...] := states[from ...], or zeros.
  static void copy(KernelContext context, IntArray control, FloatArray states) {
    int from = control.get(LaneControl.FROM);
    int to = control.get(LaneControl.TO);
    int count = control.get(LaneControl.COUNT);
    for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
      float value = 0f;
      if (from >= 0) {
        value = states.get(from + e);
      }
      states.set(to + e, value);
    }
  }

  /// states[to ...] := what the host sends.
  static void receive(
      KernelContext context, IntArray control, FloatArray incoming, FloatArray states) {
    int to = control.get(LaneControl.TO);
    int count = control.get(LaneControl.COUNT);
    for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
      states.set(to + e, incoming.get(e));
    }
  }

  /// What the host gets := states[from ...].
  static void send(
      KernelContext context, IntArray control, FloatArray states, FloatArray outgoing) {
    int from = control.get(LaneControl.FROM);
    int count = control.get(LaneControl.COUNT);
    for (int e = context.globalIdx; e < count; e += context.globalGroupSizeX) {
      outgoing.set(e, states.get(from + e));
    }
  }
}

package dev.assay.device.tornado;

import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneProgram;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// What the kernels of the trainer do to single numbers, and how they read the words of a shape
/// ([LaneProgram]) and of a lane ([LaneBatch]). FP32.
final class LaneArithmetic {
  static final int LAYERS = 0;
  static final int HEAD = 1;
  static final int ACTIVATION = 2;
  static final int INPUTS = 3;
  static final int INPUT_STRIDE = 4;
  static final int SIZE = 7;

  static final int KIND = 0;
  static final int U = 1;
  static final int V = 2;
  static final int STRIDE = 3;
  static final int WEIGHTS = 4;
  static final int BIAS = 5;
  static final int FEATURES = 6;
  static final int ROW_STRIDE = 7;
  static final int OUT = 8;
  static final int DELTA = 9;
  static final int KEPT = 10;
  static final int CHOSEN = 11;
  static final int HEIGHT = 12;
  static final int WIDTH = 13;
  static final int CHANNELS = 14;
  static final int KERNEL = 15;

  private static final int TANH = 1;
  static final int GELU = 2;

  private static final int ADAPTIVE = 7;
  private static final int NESTEROV = 8;
  private static final int THRESHOLD = 9;
  private static final int MASK_SCALE = LaneBatch.FLOATS;
  private static final int COUPLED_DECAY = MASK_SCALE + 1;
  private static final int SHRINKAGE = MASK_SCALE + 2;
  private static final int BETA1 = MASK_SCALE + 3;
  private static final int BETA2 = MASK_SCALE + 4;
  private static final int REST1 = MASK_SCALE + 5;
  private static final int REST2 = MASK_SCALE + 6;

  private LaneArithmetic() {}

  /// Where the words of a layer begin.
  static int layer(int l) {
    return LaneProgram.HEADER + LaneProgram.LAYER * l;
  }

  /// Where a lane's inputs of a layer begin in its scratch.
  static int in(IntArray program, int l) {
    return l == 0 ? 0 : program.get(layer(l) - LaneProgram.LAYER + OUT);
  }

  /// From one row of a layer's inputs to the next.
  static int inStride(IntArray program, int l) {
    return l == 0
        ? program.get(INPUT_STRIDE)
        : program.get(layer(l) - LaneProgram.LAYER + ROW_STRIDE);
  }

  /// Where a lane's weights begin.
  static int state(IntArray control, IntArray program, IntArray lanes, int lane) {
    int slot = lanes.get(lane * LaneBatch.WORDS) * control.get(LaneControl.ARRAYS);
    return control.get(LaneControl.BASE) + slot * program.get(SIZE);
  }

  /// Where in the scratch stands what a layer's derivative is taken at.
  static int slopesAt(IntArray program, int own, int layer) {
    int kept = program.get(layer + KEPT);
    return own + (kept >= 0 ? kept : program.get(layer + OUT));
  }

  static float activated(int kind, float x) {
    float y = x > 0 ? x : 0f;
    if (kind == TANH) {
      y = TornadoMath.tanh(x);
    }
    if (kind == GELU) {
      y = 0.5f * x * (1f + TornadoMath.tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
    }
    return y;
  }

  /// The derivative at the value of relu and tanh, or at the argument of gelu.
  static float slope(int kind, float at) {
    float slope = at > 0 ? 1f : 0f;
    if (kind == TANH) {
      slope = 1f - at * at;
    }
    if (kind == GELU) {
      float t = TornadoMath.tanh(0.7978845608f * (at + 0.044715f * at * at * at));
      slope =
          0.5f * (1f + t) + 0.5f * at * (1f - t * t) * 0.7978845608f * (1f + 0.134145f * at * at);
    }
    return slope;
  }

  /// The bijection of 32 bits of [dev.assay.train.DropoutMask]. TornadoVM's unsigned shift keeps
  /// the sign: hence the masks.
  private static int mixed(int x) {
    int once = (x ^ x >> 16 & 0xFFFF) * 0x7feb352d;
    int twice = (once ^ once >> 15 & 0x1FFFF) * 0x846ca68b;
    return twice ^ twice >> 16 & 0xFFFF;
  }

  /// By what dropout multiplies a unit.
  ///
  /// @param key where the layer's two keys of this step stand; below 0: nothing is dropped
  static float kept(
      IntArray lanes, FloatArray numbers, IntArray keys, int lane, int key, int unit) {
    float factor = 1f;
    if (key >= 0) {
      int hash = mixed(mixed(unit ^ keys.get(key)) + keys.get(key + 1)) >> 8 & 0xFFFFFF;
      factor =
          hash >= lanes.get(lane * LaneBatch.WORDS + THRESHOLD)
              ? numbers.get(lane * LaneBatch.WORDS + MASK_SCALE)
              : 0f;
    }
    return factor;
  }

  /// Where a layer's keys of a step stand; -1 where nothing is dropped.
  ///
  /// @param step of all lanes' steps
  static int key(IntArray program, IntArray lanes, int lane, int step, int l) {
    int layers = program.get(LAYERS);
    int key = -1;
    if (lanes.get(lane * LaneBatch.WORDS + THRESHOLD) != 0
        && l < layers - 1
        && program.get(layer(l) + KIND) == 0) {
      key = 2 * (layers * step + l);
    }
    return key;
  }

  /// A weight one step on, as [dev.assay.train.UpdateRule] says.
  ///
  /// @param at the weight's place; its moments follow at distances of `size`
  /// @param decayed 1 for weights, 0 for biases
  static void update(
      IntArray lanes,
      FloatArray numbers,
      FloatArray states,
      int lane,
      int size,
      int at,
      float gradient,
      float rate,
      float epsilon,
      float decayed) {
    int own = lane * LaneBatch.WORDS;
    float w = states.get(at);
    float g = gradient + decayed * numbers.get(own + COUPLED_DECAY) * w;
    float beta1 = numbers.get(own + BETA1);
    float first = states.get(at + size);
    if (lanes.get(own + ADAPTIVE) == 0) {
      float velocity = beta1 * first + g;
      states.set(at + size, velocity);
      float step = lanes.get(own + NESTEROV) == 0 ? velocity : beta1 * velocity + g;
      states.set(at, w - rate * step);
    } else {
      float m = beta1 * first + numbers.get(own + REST1) * g;
      float v =
          numbers.get(own + BETA2) * states.get(at + 2 * size) + numbers.get(own + REST2) * g * g;
      states.set(at + size, m);
      states.set(at + 2 * size, v);
      float shrunk = w - decayed * numbers.get(own + SHRINKAGE) * w;
      states.set(at, shrunk - rate * (m / (TornadoMath.sqrt(v) + epsilon)));
    }
  }
}

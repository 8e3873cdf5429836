package dev.assay.device.lanes;

import dev.assay.train.Activation;
import dev.assay.train.Layer;
import dev.assay.train.Shape;

/// A shape as device kernels read it: where each array of a lane begins, in numbers. The first
/// [#HEADER] words are: layers; head; activation; inputs and their stride; where the inputs begin;
/// rows of a chunk; size. Then [#LAYER] words a layer: kind (1: convolution); u; v; the stride of W
/// and of the bias; where W and the bias begin in the weights; features and their stride; where
/// outputs, their gradient (maybe the same place), what the derivative is taken at (-1: the
/// outputs) and which of four pixels was the largest (-1: dense) begin in the scratch; height,
/// width, channels and kernel of a convolution.
public final class LaneProgram {
  public static final int HEADER = 8;
  public static final int LAYER = 16;

  private final Shape shape;
  private final int[] words;
  private final int size;
  private final int scratch;
  private final boolean sectors;

  /// Where gradients lie.
  private enum Gradients {
    /// Beside what they are the gradients of.
    BESIDE,
    /// In its place.
    IN_PLACE,
    /// Nowhere: lanes only predict.
    NONE
  }

  /// @param capacity rows that a lane works on at a time
  /// @param drops whether some lane has dropout
  public LaneProgram(Shape shape, int capacity, boolean drops) {
    this(shape, capacity, drops, Gradients.BESIDE, false);
  }

  /// For a device that puts gradients in the place of what they are the gradients of: their place
  /// is that of the outputs.
  ///
  /// @param sectors whether rows begin at sectors of 32 bytes, for lanes that lie in device memory
  ///   while they are worked on; otherwise neighbours lie in different banks of shared memory
  public static LaneProgram inPlace(Shape shape, int capacity, boolean drops, boolean sectors) {
    return new LaneProgram(shape, capacity, drops, Gradients.IN_PLACE, sectors);
  }

  /// For lanes that only predict.
  ///
  /// @param sectors as for those that learn
  public static LaneProgram predicting(Shape shape, int capacity, boolean sectors) {
    return new LaneProgram(shape, capacity, false, Gradients.NONE, sectors);
  }

  private LaneProgram(
      Shape shape, int capacity, boolean drops, Gradients gradients, boolean sectors) {
    this.shape = shape;
    this.sectors = sectors;
    int rows = padded(capacity);
    words = new int[HEADER + LAYER * shape.layers()];
    int inputStride = stride(shape.inputs());
    int at = rows * inputStride;
    int weights = 0;
    for (int l = 0; l < shape.layers(); l++) {
      var layer = shape.stack().get(l);
      var convolution = layer instanceof Layer.Convolution c ? c : null;
      int stride = stride(layer.outputs());
      int rowStride = convolution == null ? stride : stride(layer.features());
      int area = rows * rowStride;
      int to = HEADER + LAYER * l;
      words[to] = convolution == null ? 0 : 1;
      words[to + 1] = layer.inputs();
      words[to + 2] = layer.outputs();
      words[to + 3] = stride;
      words[to + 4] = weights;
      words[to + 5] = weights + layer.inputs() * stride;
      words[to + 6] = layer.features();
      words[to + 7] = rowStride;
      words[to + 8] = at;
      boolean beside = gradients == Gradients.BESIDE;
      words[to + 9] = beside ? at + area : at;
      at += beside ? 2 * area : area;
      boolean hidden = l < shape.layers() - 1;
      // What relu gave says its slope even where it was dropped or scaled.
      boolean hides = beside || shape.activation() != Activation.RELU;
      boolean kept =
          hidden
              && gradients != Gradients.NONE
              && (shape.activation() == Activation.GELU || convolution == null && drops && hides);
      words[to + 10] = kept ? at : -1;
      at += kept ? area : 0;
      words[to + 11] = convolution == null ? -1 : at;
      if (convolution != null) {
        at += area;
        words[to + 12] = convolution.height();
        words[to + 13] = convolution.width();
        words[to + 14] = convolution.channels();
        words[to + 15] = convolution.kernel();
      }
      weights += (layer.inputs() + 1) * stride;
    }
    size = weights;
    scratch = at;
    words[0] = shape.layers();
    words[1] = shape.head() == Shape.Head.SOFTMAX ? 0 : 1;
    words[2] = code(shape.activation());
    words[3] = shape.inputs();
    words[4] = inputStride;
    words[5] = 0;
    words[6] = rows;
    words[7] = size;
  }

  private static int code(Activation activation) {
    return switch (activation) {
      case RELU -> 0;
      case TANH -> 1;
      case GELU -> 2;
    };
  }

  private static int padded(int count) {
    return (count + 3) / 4 * 4;
  }

  /// A multiple of 4 for loads of four numbers, but not of 8: eight rows that threads read side by
  /// side must lie in different banks of shared memory, where a device has it.
  private int stride(int count) {
    int stride = padded(count);
    if (sectors) {
      return (stride + 7) / 8 * 8;
    }
    return stride % 8 == 0 ? stride + 4 : stride;
  }

  public int[] words() {
    return words;
  }

  /// Numbers of a lane's weights with their padding; each moment has as many.
  public int size() {
    return size;
  }

  /// Rows that a lane works on at a time.
  public int capacity() {
    return words[6];
  }

  /// Numbers of what a batch makes of the weights.
  public int scratch() {
    return scratch;
  }

  /// Where W of a layer begins in the weights.
  public int weightsAt(int layer) {
    return words[HEADER + LAYER * layer + 4];
  }

  /// From one row of W to the next.
  public int strideOf(int layer) {
    return words[HEADER + LAYER * layer + 3];
  }

  /// The weights without padding: for each layer W, row by row, then b.
  public float[] compact(float[] weights) {
    var compact = new float[Math.toIntExact(shape.parameters())];
    move(weights, compact, false);
    return compact;
  }

  /// The reverse of [#compact].
  public float[] padded(float[] compact) {
    var weights = new float[size];
    move(compact, weights, true);
    return weights;
  }

  private void move(float[] from, float[] to, boolean pad) {
    int at = 0;
    for (int l = 0; l < shape.layers(); l++) {
      int outputs = shape.outputsOf(l);
      // The bias is one more row.
      for (int i = 0; i <= shape.inputsOf(l); i++, at += outputs) {
        int row = weightsAt(l) + i * strideOf(l);
        System.arraycopy(from, pad ? at : row, to, pad ? row : at, outputs);
      }
    }
  }
}

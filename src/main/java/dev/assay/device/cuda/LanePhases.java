package dev.assay.device.cuda;

import dev.assay.train.Layer;
import dev.assay.train.Shape;
import java.util.List;

/// The launches by which lanes in device memory go through a step: `train_phase` of `train.cu`, one
/// for each layer and direction, since all of what one writes is read by the next.
///
/// @param shape of the lanes
/// @param room of each
/// @param forwards how each layer's convolution is cut; gradients, below: the same backwards
record LanePhases(
    Shape shape,
    ConvolutionCut.Room room,
    List<ConvolutionCut> forwards,
    List<ConvolutionCut> gradients,
    List<ConvolutionCut> below) {
  private static final int GATHER = 0;
  private static final int FORWARD = 1;
  private static final int HEAD = 2;
  private static final int GRADIENT = 3;
  private static final int BELOW = 4;

  /// Blocks for each multiprocessor that keep it busy.
  private static final int BLOCKS = 4;

  /// Numbers of a product that a thread makes; a block's warps are rather few of many blocks than
  /// many of a few.
  private static final double TILE = 16.0 / 8;

  /// @param lanes how many
  /// @param rows of a step, of each at most
  static LanePhases of(Shape shape, CudaDevice device, int lanes, int rows) {
    int blocks = Math.ceilDiv(BLOCKS * device.multiprocessors(), lanes);
    var room = new ConvolutionCut.Room(rows, TunedBlocks.USUAL, blocks, device.sharedBytes());
    var layers = shape.stack();
    return new LanePhases(
        shape,
        room,
        layers.stream().map(layer -> ConvolutionCut.forwards(layer, room)).toList(),
        layers.stream().map(layer -> ConvolutionCut.gradient(layer, room)).toList(),
        layers.stream().map(layer -> ConvolutionCut.below(layer, room)).toList());
  }

  /// Launches a phase.
  interface Launch {
    /// @param blocks of each lane
    /// @param cut of a convolution that goes through shared memory
    void phase(int blocks, int phase, int layer, int step, ConvolutionCut cut);
  }

  /// One step of every lane that has so many.
  void step(int step, boolean learning, Launch launch) {
    int inputs = blocks((double) room.rows() * shape.inputs());
    launch.phase(inputs, GATHER, 0, step, ConvolutionCut.NONE);
    for (int l = 0; l < shape.layers(); l++) {
      launch(launch, given(l), FORWARD, l, step, forwards.get(l));
    }
    launch.phase(1, HEAD, 0, step, ConvolutionCut.NONE);
    for (int l = shape.layers() - 1; learning && l >= 0; l--) {
      launch(launch, weights(l), GRADIENT, l, step, gradients.get(l));
      if (l > 0) {
        launch(launch, taken(l), BELOW, l, step, below.get(l));
      }
    }
  }

  private void launch(Launch launch, double work, int phase, int l, int step, ConvolutionCut cut) {
    int blocks = cut.units() == 0 ? blocks(work) : Math.min(cut.units(), room.blocks());
    launch.phase(blocks, phase, l, step, cut);
  }

  /// Threads' work of a layer forwards.
  private double given(int l) {
    return switch (shape.stack().get(l)) {
      case Layer.Dense dense -> (double) room.rows() * dense.outputs() / TILE;
      case Layer.Convolution convolution -> (double) room.rows() * convolution.features();
    };
  }

  private double taken(int l) {
    double below = shape.stack().get(l - 1).features();
    return switch (shape.stack().get(l)) {
      case Layer.Dense _ -> room.rows() * below / TILE;
      case Layer.Convolution _ -> room.rows() * below;
    };
  }

  private double weights(int l) {
    return switch (shape.stack().get(l)) {
      case Layer.Dense dense -> (dense.inputs() + 1.0) * dense.outputs() / TILE;
      case Layer.Convolution c -> {
        // A warp adds up two by two blocks of gradients, each of them over many pixels: rather in
        // blocks of its own than beside others. As in `convolution_gradient`.
        int filters = c.outputs() % 4 == 0 ? 4 : 1;
        int channels = c.outputs() % 4 == 0 && c.channels() % 4 == 0 ? 4 : 1;
        double rows = Math.ceil((c.inputs() / channels + 1) / 2.0);
        yield room.threads() * rows * Math.ceil(c.outputs() / filters / 2.0);
      }
    };
  }

  private int blocks(double work) {
    return (int) Math.max(1, Math.min(Math.ceil(work / room.threads()), room.blocks()));
  }
}

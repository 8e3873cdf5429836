package dev.assay.device.cuda;

import dev.assay.train.Layer;
import dev.assay.train.Shape;

/// The launches by which lanes in device memory go through a step: `train_phase` of `train.cu`, one
/// for each layer and direction, since all of what one writes is read by the next.
///
/// @param shape of the lanes
/// @param threads of a block
/// @param most blocks that keep the device busy
record LanePhases(Shape shape, int threads, int most) {
  private static final int GATHER = 0;
  private static final int FORWARD = 1;
  private static final int HEAD = 2;
  private static final int GRADIENT = 3;
  private static final int BELOW = 4;

  /// Blocks for each multiprocessor that keep it busy.
  private static final int BLOCKS = 4;

  /// Numbers of a product that a thread makes.
  private static final int TILE = 16;

  static LanePhases of(Shape shape, CudaDevice device) {
    return new LanePhases(shape, TunedBlocks.USUAL, BLOCKS * device.multiprocessors());
  }

  /// Launches a phase.
  interface Launch {
    /// @param blocks of each lane
    void phase(int blocks, int phase, int layer, int step);
  }

  /// One step of every lane that has so many.
  ///
  /// @param lanes how many
  /// @param rows of the step, of each at most
  void step(int lanes, int rows, int step, boolean learning, Launch launch) {
    launch.phase(blocks(lanes, (double) rows * shape.inputs()), GATHER, 0, step);
    for (int l = 0; l < shape.layers(); l++) {
      launch.phase(blocks(lanes, given(rows, l)), FORWARD, l, step);
    }
    launch.phase(1, HEAD, 0, step);
    for (int l = shape.layers() - 1; learning && l >= 0; l--) {
      launch.phase(blocks(lanes, weights(l)), GRADIENT, l, step);
      if (l > 0) {
        launch.phase(blocks(lanes, taken(rows, l)), BELOW, l, step);
      }
    }
  }

  /// Threads' work of a layer forwards.
  private double given(int rows, int l) {
    return switch (shape.stack().get(l)) {
      case Layer.Dense dense -> (double) rows * dense.outputs() / TILE;
      case Layer.Convolution convolution -> (double) rows * convolution.features();
    };
  }

  private double taken(int rows, int l) {
    double below = shape.stack().get(l - 1).features();
    return switch (shape.stack().get(l)) {
      case Layer.Dense _ -> rows * below / TILE;
      case Layer.Convolution _ -> rows * below;
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
        yield threads * rows * Math.ceil(c.outputs() / filters / 2.0);
      }
    };
  }

  private int blocks(int lanes, double work) {
    double useful = Math.min(Math.ceil(work / threads), Math.ceil((double) most / lanes));
    return (int) Math.max(1, useful);
  }
}

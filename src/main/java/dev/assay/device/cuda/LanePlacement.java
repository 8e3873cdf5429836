package dev.assay.device.cuda;

import dev.assay.device.lanes.LaneProgram;
import dev.assay.train.Shape;

/// Where lanes of a shape are while they are worked on. Those that fit are in the shared memory of
/// a block each: their weights, the activations of some rows at least, and their moments where
/// there is room. Larger ones stay in device memory, and several blocks work on each.
///
/// @param program how a lane lies; its capacity is the rows that are worked on at a time
/// @param resident whether a lane is in a block's shared memory
/// @param moments whether its moments are, too
/// @param parts into how many parts a batch is cut at most
record LanePlacement(LaneProgram program, boolean resident, boolean moments, int parts) {
  /// Floats of a block's shared memory that hold its sums.
  private static final int SUMS = 16;

  /// Rows that predictions are made of at a time, of a lane in shared memory and in device memory.
  private static final int CHUNK = 64;

  private static final int DEVICE_CHUNK = 256;

  /// Fewer rows than these at a time keep too few threads busy.
  private static final int LEAST = 16;

  /// Of lanes that learn. Rather in few parts than with moments beside them, since each part reads
  /// all weights, and the sums of gradients lie in device memory between them.
  ///
  /// @param drops whether some lane has dropout
  /// @param sharedBytes what a block may have
  static LanePlacement training(Shape shape, boolean drops, int sharedBytes) {
    int batch = shape.batchClass();
    boolean sectors = !everFits(shape, sharedBytes);
    for (int parts = 1; parts == 1 || batch > LEAST * (parts - 1); parts++) {
      var program = LaneProgram.inPlace(shape, (batch + parts - 1) / parts, drops, sectors);
      for (boolean moments : new boolean[] {true, false}) {
        var placement = new LanePlacement(program, true, moments, parts);
        if (placement.bytes() <= sharedBytes) {
          return placement;
        }
      }
    }
    return new LanePlacement(LaneProgram.inPlace(shape, batch, drops, sectors), false, false, 1);
  }

  /// Of lanes that predict.
  static LanePlacement prediction(Shape shape, int sharedBytes) {
    boolean sectors = !everFits(shape, sharedBytes);
    for (int rows = CHUNK; rows >= LEAST; rows /= 2) {
      var program = LaneProgram.predicting(shape, rows, sectors);
      var placement = new LanePlacement(program, true, false, 1);
      if (placement.bytes() <= sharedBytes) {
        return placement;
      }
    }
    return new LanePlacement(LaneProgram.predicting(shape, DEVICE_CHUNK, sectors), false, false, 1);
  }

  /// Whether lanes of such layers learn in shared memory in batches of some size: how weights lie
  /// does not depend on the batch, since lanes may go on with those of others.
  private static boolean everFits(Shape shape, int sharedBytes) {
    var program = LaneProgram.inPlace(shape, LEAST, false, false);
    return new LanePlacement(program, true, false, 1).bytes() <= sharedBytes;
  }

  private long bytes() {
    return Float.BYTES * (SUMS + (moments ? 3L : 1L) * program.size() + program.scratch());
  }

  /// Bytes of shared memory of a block.
  int sharedBytes() {
    return resident ? Math.toIntExact(bytes()) : Float.BYTES * SUMS;
  }

  /// Floats of device memory of a lane that is worked on, beside its state: sums of gradients over
  /// parts of a batch, or all activations.
  long scratch() {
    if (resident) {
      return parts > 1 ? program.size() : 0;
    }
    return program.scratch();
  }
}

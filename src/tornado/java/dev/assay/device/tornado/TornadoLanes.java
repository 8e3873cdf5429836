package dev.assay.device.tornado;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneMemory;
import dev.assay.device.lanes.LaneProgram;
import dev.assay.train.FoldedData;
import dev.assay.train.Shape;
import org.jspecify.annotations.Nullable;

/// The lanes of one session: a part of the states in a device's [LaneWorkspace].
final class TornadoLanes implements LaneMemory {
  /// Rows that predictions are made of at a time, at least.
  private static final int CHUNK = 64;

  private final LaneWorkspace workspace;
  private final FoldedData data;
  private final LaneProgram training;
  private final LaneProgram prediction;
  private final int base;

  TornadoLanes(LaneWorkspace workspace, Shape shape, FoldedData data, int slots, boolean drops) {
    this.workspace = workspace;
    this.data = data;
    training = training(shape, drops);
    prediction = prediction(shape);
    int length = Math.multiplyExact(Math.multiplyExact(ARRAYS, training.size()), slots);
    base = workspace.take(length, launches(Math.min(slots, workspace.most()), shape));
  }

  /// What launches of so many lanes need at most.
  private LaneCapacities launches(int lanes, Shape shape) {
    int rows = data.data().rows();
    int steps = rows / (shape.batchClass() / 2 + 1) + 1;
    int validated =
        data.folds().stream().mapToInt(fold -> fold.validation().length).max().orElse(0);
    int numbers = Math.multiplyExact(2 * shape.layers() * lanes, steps);
    int predictions = Math.multiplyExact(lanes * shape.outputs(), validated);
    int all = Math.multiplyExact(lanes, rows);
    return LaneCapacities.of(FoldArrays.of(data))
        .with(LaneCapacities.ofLaunch(training, lanes, all, numbers, predictions))
        .with(LaneCapacities.ofLaunch(prediction, lanes, all, 0, 0));
  }

  private static LaneProgram training(Shape shape, boolean drops) {
    return new LaneProgram(shape, shape.batchClass(), drops);
  }

  private static LaneProgram prediction(Shape shape) {
    return new LaneProgram(shape, Math.max(CHUNK, shape.batchClass()), false);
  }

  /// What a lane takes at most.
  static long laneBytes(Shape shape) {
    var training = training(shape, true);
    long scratch = Math.max(training.scratch(), prediction(shape).scratch());
    return Float.BYTES * (ARRAYS * (long) training.size() + scratch);
  }

  private int at(int slot, int array) {
    return base + (slot * ARRAYS + array) * training.size();
  }

  @Override
  public LaneProgram program() {
    return training;
  }

  @Override
  public int most() {
    return workspace.most();
  }

  @Override
  public float[] read(int slot, int array) {
    return workspace.read(at(slot, array), training.size());
  }

  @Override
  public void write(int slot, int array, float[] numbers) {
    workspace.write(at(slot, array), numbers);
  }

  @Override
  public boolean copy(int slot, LaneMemory other, int otherSlot) {
    if (!(other instanceof TornadoLanes from) || from.workspace != workspace) {
      return false;
    }
    if (from.training.size() != training.size()) {
      throw new IllegalArgumentException("the lanes have other layers");
    }
    workspace.copy(from.at(otherSlot, 0), at(slot, 0), BEST * training.size());
    return true;
  }

  @Override
  public void keepBest(int slot) {
    workspace.copy(at(slot, 0), at(slot, BEST), training.size());
  }

  @Override
  public void compact(int[] slots) {
    int state = ARRAYS * training.size();
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] != i) {
        workspace.copy(at(slots[i], 0), at(i, 0), state);
      }
    }
    workspace.shorten(base, slots.length * state);
  }

  @Override
  public double[] train(LaneBatch batch) {
    return workspace.train(data, training, batch, base);
  }

  @Override
  public double[] evaluate(LaneBatch batch, float @Nullable [] predictions) {
    return workspace.evaluate(data, prediction, batch, base, predictions);
  }

  @Override
  public void close() {
    workspace.shorten(base, 0);
  }
}

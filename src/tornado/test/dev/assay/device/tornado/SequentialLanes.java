package dev.assay.device.tornado;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneMemory;
import dev.assay.device.lanes.LaneProgram;
import dev.assay.train.FoldedData;
import dev.assay.train.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;

/// The trainer's kernels as plain Java: each lane by one thread, one lane after the other.
final class SequentialLanes implements LaneMemory {
  private static final int CHUNK = 32;

  private final KernelContext alone = new KernelContext();
  private final FoldedData data;
  private final LaneProgram training;
  private final LaneProgram prediction;
  private final float[][] states;

  SequentialLanes(Shape shape, FoldedData data, int slots) {
    this.data = data;
    training = new LaneProgram(shape, shape.batchClass(), true);
    prediction = new LaneProgram(shape, CHUNK, false);
    states = new float[slots * ARRAYS][training.size()];
  }

  @Override
  public LaneProgram program() {
    return training;
  }

  @Override
  public int most() {
    return 8;
  }

  @Override
  public float[] read(int slot, int array) {
    return states[slot * ARRAYS + array].clone();
  }

  @Override
  public void write(int slot, int array, float[] numbers) {
    states[slot * ARRAYS + array] = numbers.clone();
  }

  @Override
  public boolean copy(int slot, LaneMemory from, int other) {
    for (int array = 0; array < BEST; array++) {
      write(slot, array, from.read(other, array));
    }
    return true;
  }

  @Override
  public void keepBest(int slot) {
    write(slot, BEST, read(slot, 0));
  }

  @Override
  public void compact(int[] slots) {
    for (int i = 0; i < slots.length; i++) {
      for (int array = 0; array < ARRAYS; array++) {
        write(i, array, read(slots[i], array));
      }
    }
  }

  /// Arrays as the device has them, the states of all lanes in them.
  private LaneArrays arrays(LaneProgram shape, LaneBatch batch) {
    int steps = Math.max(1, Math.max(batch.steps().length, batch.keys().length));
    var arrays =
        new LaneArrays(
            LaneCapacities.ofStates(states.length * training.size())
                .with(LaneCapacities.of(FoldArrays.of(data)))
                .with(
                    LaneCapacities.ofLaunch(
                        shape,
                        batch.size(),
                        batch.rows().length,
                        steps,
                        Math.max(1, batch.predictions()))),
            batch.size(),
            1);
    arrays.tell(FoldArrays.of(data));
    for (int i = 0; i < states.length; i++) {
      for (int j = 0; j < training.size(); j++) {
        arrays.states.set(i * training.size() + j, states[i][j]);
      }
    }
    return arrays;
  }

  @Override
  public double[] train(LaneBatch batch) {
    var a = arrays(training, batch);
    a.tellTraining(training, batch, 0);
    for (int lane = 0; lane < batch.size(); lane++) {
      LaneKernels.train(
          alone,
          0,
          1,
          lane,
          a.control,
          a.program,
          a.features,
          a.labels,
          a.targets,
          a.scaling,
          a.lanes,
          a.numbers,
          a.rows,
          a.steps,
          a.keys,
          a.states,
          a.scratch,
          a.losses);
    }
    for (int i = 0; i < states.length; i++) {
      for (int j = 0; j < training.size(); j++) {
        states[i][j] = a.states.get(i * training.size() + j);
      }
    }
    return a.losses(batch.size());
  }

  @Override
  public double[] evaluate(LaneBatch batch, float @Nullable [] predictions) {
    var a = arrays(prediction, batch);
    a.tellEvaluation(prediction, batch, 0, predictions != null);
    for (int lane = 0; lane < batch.size(); lane++) {
      LaneKernels.evaluate(
          alone,
          0,
          1,
          lane,
          a.control,
          a.program,
          a.features,
          a.labels,
          a.targets,
          a.scaling,
          a.lanes,
          a.numbers,
          a.rows,
          a.keys,
          a.states,
          a.scratch,
          a.predictions,
          a.losses);
    }
    if (predictions != null) {
      a.predictions(predictions);
    }
    return a.losses(batch.size());
  }

  @Override
  public void close() {
    Arrays.fill(states, new float[0]);
  }
}

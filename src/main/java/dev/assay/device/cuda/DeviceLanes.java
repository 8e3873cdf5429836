package dev.assay.device.cuda;

import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneMemory;
import dev.assay.device.lanes.LaneProgram;
import dev.assay.train.FoldedData;
import dev.assay.train.Shape;
import org.jspecify.annotations.Nullable;

/// The kernels of `train.cu` at work on lanes of one shape: data and lanes' states on the device.
/// Belongs to one thread at a time.
final class DeviceLanes implements LaneMemory {
  /// Floats of a block's shared memory that hold its sums.
  private static final int SUMS = 16;

  /// Rows that predictions are made of at a time, at least.
  private static final int CHUNK = 64;

  /// Lanes of one launch for each multiprocessor: enough to keep it busy.
  private static final int WAVES = 8;

  private final CudaDevice device;
  private final CudaStream stream;
  private final DeviceMemory.Arena arena;
  private final LaneProgram training;
  private final LaneProgram prediction;
  private final DeviceArray trainingWords;
  private final DeviceArray predictionWords;
  private final DeviceTrainingData data;
  private DeviceArray states;
  private DeviceArray scratch = DeviceArray.NULL;

  DeviceLanes(CudaDevice device, Shape shape, FoldedData data, int slots, boolean drops) {
    this.device = device;
    training = training(shape, drops);
    prediction = prediction(shape);
    stream = device.stream();
    arena = device.memory().arena();
    try {
      trainingWords = stream.place(training.words(), arena);
      predictionWords = stream.place(prediction.words(), arena);
      this.data = DeviceTrainingData.upload(data, stream, arena);
      states = arena.floats((long) ARRAYS * training.size() * slots);
      stream.clear(states, states.bytes());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
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

  /// Bytes of shared memory with which a lane stays in it.
  static long residentBytes(LaneProgram program) {
    return Float.BYTES * (SUMS + 3L * program.size() + program.scratch());
  }

  @Override
  public LaneProgram program() {
    return training;
  }

  @Override
  public int most() {
    return WAVES * device.multiprocessors();
  }

  private DeviceArray array(int slot, int which) {
    return states.from(((long) slot * ARRAYS + which) * training.size() / 2);
  }

  @Override
  public float[] read(int slot, int which) {
    var numbers = new float[training.size()];
    stream.download(array(slot, which), numbers);
    return numbers;
  }

  @Override
  public void write(int slot, int which, float[] numbers) {
    stream.upload(numbers, array(slot, which));
  }

  @Override
  public boolean copy(int slot, LaneMemory other, int otherSlot) {
    if (!(other instanceof DeviceLanes from)) {
      return false;
    }
    if (from.training.size() != training.size()) {
      throw new IllegalArgumentException("the lanes have other layers");
    }
    from.stream.synchronise();
    stream.copy(from.array(otherSlot, 0), array(slot, 0), (long) BEST * training.size() / 2);
    stream.synchronise();
    return true;
  }

  @Override
  public void keepBest(int slot) {
    stream.copy(array(slot, 0), array(slot, BEST), training.size() / 2);
  }

  /// Into an allocation of their own.
  @Override
  public void compact(int[] slots) {
    long numbers = (long) ARRAYS * training.size() / 2;
    var smaller = arena.doubles(numbers * slots.length);
    for (int i = 0; i < slots.length; i++) {
      stream.copy(array(slots[i], 0), smaller.from(i * numbers), numbers);
    }
    stream.synchronise();
    arena.free(states);
    states = smaller;
  }

  @Override
  public double[] train(LaneBatch batch) {
    long resident = residentBytes(training);
    boolean fits = resident <= device.sharedBytes();
    long stride = training.scratch();
    var own = scratch(fits ? 0 : stride * batch.size());
    try (var inputs = new Inputs(batch)) {
      var steps = stream.place(batch.steps(), inputs.arena);
      var keys = stream.place(batch.keys(), inputs.arena);
      stream.launchSingle(
          "train_epoch",
          batch.size(),
          1,
          1,
          fits ? Math.toIntExact(resident) : Float.BYTES * SUMS,
          trainingWords,
          data.features(),
          data.labels(),
          data.targets(),
          data.scaling(),
          data.rows(),
          inputs.lanes,
          inputs.rows,
          steps,
          keys,
          states,
          (long) ARRAYS * training.size(),
          own,
          stride,
          fits ? 1 : 0,
          inputs.losses);
      return inputs.readLosses();
    }
  }

  @Override
  public double[] evaluate(LaneBatch batch, float @Nullable [] predictions) {
    long stride = prediction.scratch();
    var own = scratch(stride * batch.size());
    try (var inputs = new Inputs(batch)) {
      var out = predictions == null ? DeviceArray.NULL : inputs.arena.floats(predictions.length);
      stream.launchSingle(
          "evaluate",
          batch.size(),
          1,
          1,
          Float.BYTES * SUMS,
          predictionWords,
          data.features(),
          data.labels(),
          data.targets(),
          data.scaling(),
          data.rows(),
          inputs.lanes,
          inputs.rows,
          states,
          (long) training.size(),
          own,
          stride,
          out,
          inputs.losses);
      if (predictions != null) {
        stream.download(out, predictions);
      }
      return inputs.readLosses();
    }
  }

  private DeviceArray scratch(long floats) {
    scratch = arena.grown(scratch, (floats + 1) / 2);
    return scratch;
  }

  /// The arrays of one launch.
  private final class Inputs implements AutoCloseable {
    final DeviceMemory.Arena arena = device.memory().arena();
    final DeviceArray lanes;
    final DeviceArray rows;
    final DeviceArray losses;
    private final int count;

    Inputs(LaneBatch batch) {
      count = batch.size();
      lanes = stream.place(batch.lanes(), arena);
      rows = stream.place(batch.rows(), arena);
      losses = arena.doubles(count);
    }

    double[] readLosses() {
      var values = new double[count];
      stream.download(losses, values);
      return values;
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  @Override
  public void close() {
    try (stream) {
      stream.synchronise();
    } finally {
      arena.close();
    }
  }
}

package dev.assay.device.cuda;

import dev.assay.train.FoldedData;
import dev.assay.train.Shape;

/// The kernels of `train.cu` at work on lanes of one shape: data and lanes' states on the device.
/// Belongs to one thread at a time.
final class DeviceLanes implements AutoCloseable {
  /// Arrays of a state: weights, two moments, the best weights.
  static final int ARRAYS = 4;

  private static final int BEST = 3;

  /// Rows that predictions are made of at a time, at least.
  private static final int CHUNK = 64;

  /// Lanes of one launch for each multiprocessor: enough to keep it busy.
  private static final int WAVES = 8;

  private final CudaDevice device;
  private final CudaStream stream;
  private final DeviceMemory.Arena arena;
  private final Shape shape;
  private final TrainProgram training;
  private final TrainProgram prediction;
  private final DeviceArray trainingWords;
  private final DeviceArray predictionWords;
  private final DeviceTrainingData data;
  private DeviceArray states;
  private DeviceArray scratch = DeviceArray.NULL;

  DeviceLanes(CudaDevice device, Shape shape, FoldedData data, int slots, boolean drops) {
    this.device = device;
    this.shape = shape;
    training = training(shape, drops);
    prediction = prediction(shape);
    stream = device.stream();
    arena = device.memory().arena();
    try {
      trainingWords = words(training);
      predictionWords = words(prediction);
      this.data = DeviceTrainingData.upload(data, stream, arena);
      states = arena.floats((long) ARRAYS * training.size() * slots);
      stream.clear(states, states.bytes());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static TrainProgram training(Shape shape, boolean drops) {
    return new TrainProgram(shape, shape.batchClass(), drops);
  }

  private static TrainProgram prediction(Shape shape) {
    return new TrainProgram(shape, Math.max(CHUNK, shape.batchClass()), false);
  }

  /// What a lane takes at most.
  static long laneBytes(Shape shape) {
    var training = training(shape, true);
    long scratch = Math.max(training.scratch(), prediction(shape).scratch());
    return Float.BYTES * (ARRAYS * (long) training.size() + scratch);
  }

  private DeviceArray words(TrainProgram program) {
    var array = arena.ints(program.words().length);
    stream.upload(program.words(), array);
    return array;
  }

  TrainProgram program() {
    return training;
  }

  /// How many lanes one launch may have.
  int most() {
    return WAVES * device.multiprocessors();
  }

  private DeviceArray array(int slot, int which) {
    return states.from(((long) slot * ARRAYS + which) * training.size() / 2);
  }

  void writeWeights(int slot, float[] weights) {
    stream.upload(weights, array(slot, 0));
  }

  float[] readWeights(int slot, boolean best) {
    var weights = new float[training.size()];
    stream.download(array(slot, best ? BEST : 0), weights);
    return weights;
  }

  /// Notes a lane's weights as its best.
  void keepBest(int slot) {
    stream.copy(array(slot, 0), array(slot, BEST), training.size() / 2);
  }

  /// Moves lanes' states into an allocation of their own, in this order, and frees the rest.
  void compact(int[] slots) {
    long numbers = (long) ARRAYS * training.size() / 2;
    var smaller = arena.doubles(numbers * slots.length);
    for (int i = 0; i < slots.length; i++) {
      stream.copy(array(slots[i], 0), smaller.from(i * numbers), numbers);
    }
    stream.synchronise();
    arena.free(states);
    states = smaller;
  }

  /// Trains an epoch.
  ///
  /// @return the sum of each lane's losses
  double[] train(LaneBatch batch) {
    long resident = training.residentBytes();
    boolean fits = resident <= device.sharedBytes();
    long stride = training.scratch();
    var own = scratch(fits ? 0 : stride * batch.size());
    try (var inputs = new Inputs(batch)) {
      var steps = inputs.floats(batch.steps());
      var keys = inputs.ints(batch.keys());
      stream.launchSingle(
          "train_epoch",
          batch.size(),
          1,
          1,
          fits ? Math.toIntExact(resident) : TrainProgram.leastBytes(),
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

  /// What weights say of rows.
  ///
  /// @param batch slots in units of one array: see [#place]
  /// @param predictions where the predictions go, as many as the batch has; null: only the losses
  ///   are asked for
  /// @return the sum of each lane's losses
  double[] evaluate(LaneBatch batch, float @org.jspecify.annotations.Nullable [] predictions) {
    long stride = prediction.scratch();
    var own = scratch(stride * batch.size());
    try (var inputs = new Inputs(batch)) {
      var out = predictions == null ? DeviceArray.NULL : inputs.arena.floats(predictions.length);
      stream.launchSingle(
          "evaluate",
          batch.size(),
          1,
          1,
          TrainProgram.leastBytes(),
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

  /// Where a lane's weights are, in units of one array.
  static int place(int slot, boolean best) {
    return slot * ARRAYS + (best ? BEST : 0);
  }

  LaneBatch batch() {
    return new LaneBatch(shape.layers());
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
      lanes = ints(batch.lanes());
      rows = ints(batch.rows());
      losses = arena.doubles(count);
    }

    DeviceArray ints(int[] values) {
      var array = arena.ints(values.length);
      stream.upload(values, array);
      return array;
    }

    DeviceArray floats(float[] values) {
      var array = arena.floats(values.length);
      stream.upload(values, array);
      return array;
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

package dev.assay.device.cuda;

import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneMemory;
import dev.assay.device.lanes.LaneProgram;
import dev.assay.train.FoldedData;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine.Precision;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The kernels of `train.cu`, `train_tf32.cu` or `train_bf16.cu` at work on lanes of one shape:
/// data and lanes' states on the device. Belongs to one thread at a time.
final class DeviceLanes implements LaneMemory {
  /// Lanes of one launch for each multiprocessor: enough to keep it busy.
  private static final int WAVES = 8;

  private final CudaDevice device;
  private final Shape shape;
  private final String precision; // as kernels' names end
  private final CudaStream stream;
  private final DeviceMemory.Arena arena;
  private final LanePlacement training;
  private final LanePlacement prediction;
  private final DeviceArray trainingWords;
  private final DeviceArray predictionWords;
  private final DeviceTrainingData data;
  private final DeviceOrders orders;
  private DeviceArray states;
  private DeviceArray scratch = DeviceArray.NULL;

  /// @param precision of the products of dense layers
  /// @param slots how many lanes
  /// @param drops whether some lane has dropout
  DeviceLanes(
      CudaDevice device,
      Precision precision,
      Shape shape,
      FoldedData data,
      int slots,
      boolean drops) {
    this.device = device;
    this.shape = shape;
    this.precision =
        switch (precision) {
          case FP32 -> "_f32";
          case TF32 -> "_tf32";
          case BF16 -> "_bf16";
        };
    training = LanePlacement.training(shape, drops, device.sharedBytes());
    prediction = LanePlacement.prediction(shape, device.sharedBytes());
    stream = device.stream();
    arena = device.memory().arena();
    orders = new DeviceOrders(device, stream, arena);
    try {
      trainingWords = stream.place(training.program().words(), arena);
      predictionWords = stream.place(prediction.program().words(), arena);
      this.data = DeviceTrainingData.upload(data, stream, arena);
      states = arena.floats((long) ARRAYS * size() * slots);
      stream.clear(states, states.bytes());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// What a lane takes at most.
  ///
  /// @param sharedBytes what a block may have
  static long laneBytes(Shape shape, int sharedBytes) {
    var training = LanePlacement.training(shape, true, sharedBytes);
    var prediction = LanePlacement.prediction(shape, sharedBytes);
    long scratch = Math.max(training.scratch(), prediction.scratch());
    return Float.BYTES * (ARRAYS * (long) training.program().size() + scratch);
  }

  @Override
  public LaneProgram program() {
    return training.program();
  }

  private int size() {
    return training.program().size();
  }

  @Override
  public int most() {
    return (device.endsLongLaunches() ? 1 : WAVES) * device.multiprocessors();
  }

  private DeviceArray array(int slot, int which) {
    return states.from(((long) slot * ARRAYS + which) * size() / 2);
  }

  @Override
  public float[] read(int slot, int which) {
    var numbers = new float[size()];
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
    if (from.size() != size()) {
      throw new IllegalArgumentException("the lanes have other layers");
    }
    from.stream.synchronise();
    stream.copy(from.array(otherSlot, 0), array(slot, 0), (long) BEST * size() / 2);
    stream.synchronise();
    return true;
  }

  @Override
  public void keepBest(int slot) {
    stream.copy(array(slot, 0), array(slot, BEST), size() / 2);
  }

  /// Into an allocation of their own.
  @Override
  public void compact(int[] slots) {
    long numbers = (long) ARRAYS * size() / 2;
    var smaller = arena.doubles(numbers * slots.length);
    for (int i = 0; i < slots.length; i++) {
      stream.copy(array(slots[i], 0), smaller.from(i * numbers), numbers);
    }
    stream.synchronise();
    arena.free(states);
    states = smaller;
  }

  @Override
  public int keep(int[] rows) {
    return orders.keep(rows);
  }

  @Override
  public double[] train(LaneBatch batch) {
    try (var inputs = new Inputs(batch)) {
      var numbers = inputs.steps;
      var keys = stream.place(batch.keys(), inputs.arena);
      var losses = new double[batch.size()];
      if (!training.resident()) {
        phases(batch.lanes(), training, trainingWords, inputs, numbers, keys, DeviceArray.NULL);
        inputs.addLosses(losses);
        return losses;
      }
      var steps = stepsOf(batch);
      for (int piece = 0; ; piece++) {
        var words = LanePieces.steps(batch.lanes(), steps, piece);
        if (words == null) {
          return losses;
        }
        stream.upload(words, inputs.lanes);
        launchEpoch(batch.size(), inputs, numbers, keys);
        inputs.addLosses(losses);
      }
    }
  }

  /// How many steps of each lane one launch has.
  private int[] stepsOf(LaneBatch batch) {
    return Arrays.stream(LanePieces.batchSizes(batch.lanes()))
        .map(rows -> device.limit().steps(shape, rows))
        .toArray();
  }

  private void launchEpoch(int lanes, Inputs inputs, DeviceArray steps, DeviceArray keys) {
    stream.launchKernel(
        "train_epoch" + precision,
        lanes,
        1,
        1,
        training.sharedBytes(),
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
        (long) ARRAYS * size(),
        scratch(training.scratch() * lanes),
        training.moments() ? 1 : 0,
        inputs.losses);
  }

  /// All steps of lanes in device memory; without numbers of steps they predict.
  private void phases(
      int[] lanes,
      LanePlacement placement,
      DeviceArray words,
      Inputs inputs,
      DeviceArray steps,
      DeviceArray keys,
      DeviceArray predictions) {
    boolean learning = placement == training;
    int count = lanes.length / LaneBatch.WORDS;
    int chunk = learning ? 0 : placement.program().capacity();
    int most = LanePieces.steps(lanes, chunk);
    long stride = placement.scratch();
    var own = scratch(stride * count);
    stream.upload(lanes, inputs.lanes);
    var phases = LanePhases.of(shape, device, count, LanePieces.rows(lanes, chunk));
    for (int step = 0; step < most; step++) {
      phases.step(
          step,
          learning,
          (blocks, phase, layer, at, cut) ->
              stream.launchKernel(
                  "train_phase" + precision,
                  blocks,
                  count,
                  1,
                  Math.max(placement.sharedBytes(), cut.bytes()),
                  words,
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
                  (long) (learning ? ARRAYS : 1) * size(),
                  own,
                  stride,
                  phase,
                  layer,
                  at,
                  learning ? 1 : 0,
                  cut.across(),
                  cut.down(),
                  predictions,
                  inputs.losses));
    }
  }

  @Override
  public double[] evaluate(LaneBatch batch, float @Nullable [] predictions) {
    try (var inputs = new Inputs(batch)) {
      var out = predictions == null ? DeviceArray.NULL : inputs.arena.floats(predictions.length);
      var losses = new double[batch.size()];
      if (!prediction.resident()) {
        phases(
            batch.lanes(),
            prediction,
            predictionWords,
            inputs,
            DeviceArray.NULL,
            DeviceArray.NULL,
            out);
        inputs.addLosses(losses);
      }
      for (int piece = 0; prediction.resident(); piece++) {
        var words =
            LanePieces.rows(batch.lanes(), device.limit().rows(shape), shape.outputs(), piece);
        if (words == null) {
          break;
        }
        stream.upload(words, inputs.lanes);
        launchEvaluation(batch.size(), inputs, out);
        inputs.addLosses(losses);
      }
      if (predictions != null) {
        stream.download(out, predictions);
      }
      return losses;
    }
  }

  private void launchEvaluation(int lanes, Inputs inputs, DeviceArray out) {
    stream.launchKernel(
        "evaluate" + precision,
        lanes,
        1,
        1,
        prediction.sharedBytes(),
        predictionWords,
        data.features(),
        data.labels(),
        data.targets(),
        data.scaling(),
        data.rows(),
        inputs.lanes,
        inputs.rows,
        states,
        (long) size(),
        out,
        inputs.losses);
  }

  private DeviceArray scratch(long floats) {
    scratch = arena.grown(scratch, (floats + 1) / 2);
    return scratch;
  }

  /// The arrays of launches.
  private final class Inputs implements AutoCloseable {
    final DeviceMemory.Arena arena = device.memory().arena();
    final DeviceArray lanes;
    final DeviceArray rows;
    final DeviceArray steps;
    final DeviceArray losses;
    private final int count;

    Inputs(LaneBatch batch) {
      count = batch.size();
      try {
        lanes = arena.ints((long) LaneBatch.WORDS * count);
        if (batch.orders().length > 0) {
          var ordered = orders.order(batch, arena);
          rows = ordered.rows();
          steps = ordered.steps();
        } else {
          rows = stream.place(batch.rows(), arena);
          steps = stream.place(batch.steps(), arena);
        }
        losses = arena.doubles(count);
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    void addLosses(double[] sums) {
      var values = new double[count];
      stream.download(losses, values);
      Arrays.setAll(sums, i -> sums[i] + values[i]);
    }

    @Override
    public void close() {
      stream.settle();
      arena.close();
    }
  }

  @Override
  public void close() {
    try (stream) {
      stream.settle();
    } finally {
      arena.close();
    }
  }
}

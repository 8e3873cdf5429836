package dev.assay.device.tornado;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneMemory;
import dev.assay.device.lanes.LaneProgram;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// The task graphs of [LaneKernels], and their arrays. What shapes, lanes and optimisers are reaches
/// them in arrays: one set serves all.
final class LaneGraphs implements AutoCloseable {
  /// Numbers that travel at a time.
  static final int PIECE = 1 << 16;

  private static final int MOST_LAYERS = 8;
  private static final String DATA = "data";
  private static final String TRAIN = "train";
  private static final String EVALUATE = "evaluate";
  private static final String COPY = "copy";
  private static final String RECEIVE = "receive";
  private static final String SEND = "send";

  private final LaneCapacities capacities;
  private final int most;
  private final KernelContext context = new KernelContext();
  private final IntArray control = new IntArray(LaneControl.LENGTH);
  private final IntArray program =
      new IntArray(LaneProgram.HEADER + LaneProgram.LAYER * MOST_LAYERS);
  private final FloatArray features;
  private final IntArray labels;
  private final FloatArray targets;
  private final FloatArray scaling;
  private final IntArray lanes;
  private final FloatArray numbers;
  private final IntArray rows;
  private final FloatArray steps;
  private final IntArray keys;
  private final FloatArray states;
  private final FloatArray scratch;
  private final FloatArray predictions;
  private final DoubleArray losses;
  private final FloatArray incoming = new FloatArray(PIECE);
  private final FloatArray outgoing = new FloatArray(PIECE);
  private final GraphStages stages;

  /// @param most lanes of a launch
  LaneGraphs(Accelerator accelerator, LaneCapacities capacities, int most) {
    this.capacities = capacities;
    this.most = most;
    features = new FloatArray(capacities.data());
    labels = new IntArray(capacities.data());
    targets = new FloatArray(capacities.data());
    scaling = new FloatArray(capacities.data());
    lanes = new IntArray(most * LaneBatch.WORDS);
    numbers = new FloatArray(most * LaneBatch.WORDS);
    rows = new IntArray(capacities.rows());
    steps = new FloatArray(capacities.steps());
    keys = new IntArray(capacities.steps());
    states = new FloatArray(capacities.states());
    scratch = new FloatArray(capacities.scratch());
    predictions = new FloatArray(capacities.predictions());
    losses = new DoubleArray(most * LaneKernels.GROUP);
    var data = new TaskGraph(DATA);
    stages = new GraphStages(accelerator, DATA, data);
    data(data);
    stages.stage(TRAIN, this::train);
    stages.stage(EVALUATE, this::evaluate);
    stages.stage(COPY, this::copy);
    stages.stage(RECEIVE, this::receive);
    stages.stage(SEND, this::send);
    stages.build(new Object[] {features, labels, targets, scaling, states, scratch});
  }

  LaneCapacities capacities() {
    return capacities;
  }

  /// Brings the data. A device makes room only for what a task names: this one names everything.
  private void data(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, control, features, labels, targets, scaling);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, states, scratch);
    graph.task(
        "arrive",
        LaneGraphs::arrive,
        context,
        control,
        features,
        labels,
        targets,
        scaling,
        states,
        scratch);
    spread(DATA + ".arrive");
  }

  /// Names what arrives and what there shall be room for, and changes nothing.
  static void arrive(
      KernelContext context,
      IntArray control,
      FloatArray features,
      IntArray labels,
      FloatArray targets,
      FloatArray scaling,
      FloatArray states,
      FloatArray scratch) {
    if (context.globalIdx == 0 && control.get(LaneControl.ROWS) < 0) {
      features.set(0, features.get(0) + 1);
      labels.set(0, labels.get(0) + 1);
      targets.set(0, targets.get(0) + 1);
      scaling.set(0, scaling.get(0) + 1);
      states.set(0, states.get(0) + 1);
      scratch.set(0, scratch.get(0) + 1);
    }
  }

  private void train(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, control, program, lanes, numbers, rows, steps, keys);
    graph.task(
        "lanes",
        LaneKernels::train,
        context,
        control,
        program,
        features,
        labels,
        targets,
        scaling,
        lanes,
        numbers,
        rows,
        steps,
        keys,
        states,
        scratch,
        losses);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, losses);
    stages.grid(TRAIN + ".lanes", most * LaneKernels.GROUP, LaneKernels.GROUP);
  }

  private void evaluate(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, control, program, lanes, numbers, rows, keys);
    graph.task(
        "lanes",
        LaneKernels::evaluate,
        context,
        control,
        program,
        features,
        labels,
        targets,
        scaling,
        lanes,
        numbers,
        rows,
        keys,
        states,
        scratch,
        predictions,
        losses);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, predictions, losses);
    stages.grid(EVALUATE + ".lanes", most * LaneKernels.GROUP, LaneKernels.GROUP);
  }

  private void copy(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, control);
    graph.task("numbers", LaneKernels::copy, context, control, states);
    spread(COPY + ".numbers");
  }

  private void receive(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, control, incoming);
    graph.task("numbers", LaneKernels::receive, context, control, incoming, states);
    spread(RECEIVE + ".numbers");
  }

  private void send(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, control);
    graph.task("numbers", LaneKernels::send, context, control, states, outgoing);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, outgoing);
    spread(SEND + ".numbers");
  }

  private void spread(String task) {
    stages.grid(task, ResidentGraphs.THREADS, ResidentGraphs.GROUP);
  }

  /// Makes room on the device; to be called once, before all else.
  void begin() {
    stages.begin();
  }

  /// Sends a data set to the device.
  void data(FoldArrays data) {
    fill(features, data.features());
    fill(labels, data.labels());
    fill(targets, data.targets());
    fill(scaling, data.scaling());
    control.set(LaneControl.ROWS, data.rows());
    stages.begin();
  }

  /// An epoch of each lane.
  ///
  /// @param base where the session's states begin
  /// @return the sum of each lane's losses
  double[] train(LaneProgram shape, LaneBatch batch, int base) {
    tell(shape, batch, base);
    fill(lanes, batch.lanes());
    fill(steps, batch.steps());
    fill(keys, batch.keys());
    control.set(LaneControl.ARRAYS, LaneMemory.ARRAYS);
    stages.run(TRAIN);
    return losses(batch.size());
  }

  /// What weights say of rows.
  ///
  /// @param base where the session's states begin
  /// @param to where the predictions go, or null
  /// @return the sum of each lane's losses
  double[] evaluate(LaneProgram shape, LaneBatch batch, int base, float @Nullable [] to) {
    tell(shape, batch, base);
    fill(lanes, batch.lanes(shape.capacity()));
    control.set(LaneControl.ARRAYS, 1);
    control.set(LaneControl.PREDICTIONS, to == null ? 0 : 1);
    stages.run(EVALUATE);
    if (to != null) {
      MemorySegment.copy(predictions.getSegment(), JAVA_FLOAT, 0, to, 0, to.length);
    }
    return losses(batch.size());
  }

  private void tell(LaneProgram shape, LaneBatch batch, int base) {
    control.set(LaneControl.LANES, batch.size());
    control.set(LaneControl.SCRATCH, shape.scratch());
    control.set(LaneControl.BASE, base);
    fill(program, shape.words());
    var words = batch.lanes();
    for (int i = 0; i < words.length; i++) {
      numbers.set(i, Float.intBitsToFloat(words[i]));
    }
    fill(rows, batch.rows());
  }

  /// Writes into the states.
  void write(int to, float[] values) {
    for (int from = 0; from < values.length; from += PIECE) {
      int count = Math.min(PIECE, values.length - from);
      MemorySegment.copy(values, from, incoming.getSegment(), JAVA_FLOAT, 0, count);
      control.set(LaneControl.TO, to + from);
      control.set(LaneControl.COUNT, count);
      stages.run(RECEIVE);
    }
  }

  /// Reads of the states.
  void read(int from, float[] values) {
    for (int to = 0; to < values.length; to += PIECE) {
      int count = Math.min(PIECE, values.length - to);
      control.set(LaneControl.FROM, from + to);
      control.set(LaneControl.COUNT, count);
      stages.run(SEND);
      MemorySegment.copy(outgoing.getSegment(), JAVA_FLOAT, 0, values, to, count);
    }
  }

  /// Copies within the states.
  ///
  /// @param from -1: zeros
  void copy(int from, int to, int count) {
    control.set(LaneControl.FROM, from);
    control.set(LaneControl.TO, to);
    control.set(LaneControl.COUNT, count);
    stages.run(COPY);
  }

  private double[] losses(int count) {
    var sums = new double[count];
    for (int lane = 0; lane < count; lane++) {
      for (int thread = 0; thread < LaneKernels.GROUP; thread++) {
        sums[lane] += losses.get(lane * LaneKernels.GROUP + thread);
      }
    }
    return sums;
  }

  @Override
  public void close() {
    stages.close();
  }

  private static void fill(FloatArray array, float[] values) {
    MemorySegment.copy(values, 0, array.getSegment(), JAVA_FLOAT, 0, values.length);
  }

  private static void fill(IntArray array, int[] values) {
    MemorySegment.copy(values, 0, array.getSegment(), JAVA_INT, 0, values.length);
  }
}

package dev.assay.device.tornado;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneProgram;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// The task graphs of [LaneKernels], with arrays of certain capacities.
final class LaneGraphs implements AutoCloseable {
  private static final String DATA = "data";
  private static final String TRAIN = "train";
  private static final String EVALUATE = "evaluate";
  private static final String COPY = "copy";
  private static final String RECEIVE = "receive";
  private static final String SEND = "send";

  private final LaneCapacities capacities;
  private final int most;
  private final KernelContext context = new KernelContext();
  private final LaneArrays arrays;
  private final GraphStages stages;

  /// @param most lanes of a launch
  LaneGraphs(Accelerator accelerator, LaneCapacities capacities, int most) {
    this.capacities = capacities;
    this.most = most;
    arrays = new LaneArrays(capacities, most, LaneKernels.GROUP);
    var data = new TaskGraph(DATA);
    stages = new GraphStages(accelerator, DATA, data);
    data(data);
    stages.stage(TRAIN, this::train);
    stages.stage(EVALUATE, this::evaluate);
    stages.stage(COPY, this::copy);
    stages.stage(RECEIVE, this::receive);
    stages.stage(SEND, this::send);
    stages.build(
        new Object[] {
          arrays.features,
          arrays.labels,
          arrays.targets,
          arrays.scaling,
          arrays.states,
          arrays.scratch
        });
  }

  LaneCapacities capacities() {
    return capacities;
  }

  /// Brings the data. A device makes room only for what a task names: this one names everything.
  private void data(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION,
        arrays.control,
        arrays.features,
        arrays.labels,
        arrays.targets,
        arrays.scaling);
    graph.transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays.states, arrays.scratch);
    graph.task(
        "arrive",
        LaneGraphs::arrive,
        context,
        arrays.control,
        arrays.features,
        arrays.labels,
        arrays.targets,
        arrays.scaling,
        arrays.states,
        arrays.scratch);
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
        DataTransferMode.EVERY_EXECUTION,
        arrays.control,
        arrays.program,
        arrays.lanes,
        arrays.numbers,
        arrays.rows,
        arrays.steps,
        arrays.keys);
    graph.task(
        "lanes",
        LaneKernels::train,
        context,
        arrays.control,
        arrays.program,
        arrays.features,
        arrays.labels,
        arrays.targets,
        arrays.scaling,
        arrays.lanes,
        arrays.numbers,
        arrays.rows,
        arrays.steps,
        arrays.keys,
        arrays.states,
        arrays.scratch,
        arrays.losses);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays.losses);
    stages.grid(TRAIN + ".lanes", most * LaneKernels.GROUP, LaneKernels.GROUP);
  }

  private void evaluate(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION,
        arrays.control,
        arrays.program,
        arrays.lanes,
        arrays.numbers,
        arrays.rows,
        arrays.keys);
    graph.task(
        "lanes",
        LaneKernels::evaluate,
        context,
        arrays.control,
        arrays.program,
        arrays.features,
        arrays.labels,
        arrays.targets,
        arrays.scaling,
        arrays.lanes,
        arrays.numbers,
        arrays.rows,
        arrays.keys,
        arrays.states,
        arrays.scratch,
        arrays.predictions,
        arrays.losses);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays.predictions, arrays.losses);
    stages.grid(EVALUATE + ".lanes", most * LaneKernels.GROUP, LaneKernels.GROUP);
  }

  private void copy(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.control);
    graph.task("numbers", StateKernels::copy, context, arrays.control, arrays.states);
    spread(COPY + ".numbers");
  }

  private void receive(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.control, arrays.incoming);
    graph.task(
        "numbers", StateKernels::receive, context, arrays.control, arrays.incoming, arrays.states);
    spread(RECEIVE + ".numbers");
  }

  private void send(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.control);
    graph.task(
        "numbers", StateKernels::send, context, arrays.control, arrays.states, arrays.outgoing);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays.outgoing);
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
    arrays.tell(data);
    stages.begin();
  }

  /// An epoch of each lane.
  ///
  /// @param base where the session's states begin
  /// @return the sum of each lane's losses
  double[] train(LaneProgram shape, LaneBatch batch, int base) {
    arrays.tellTraining(shape, batch, base);
    stages.run(TRAIN);
    return arrays.losses(batch.size());
  }

  /// What weights say of rows.
  ///
  /// @param base where the session's states begin
  /// @param to where the predictions go, or null
  /// @return the sum of each lane's losses
  double[] evaluate(LaneProgram shape, LaneBatch batch, int base, float @Nullable [] to) {
    arrays.tellEvaluation(shape, batch, base, to != null);
    stages.run(EVALUATE);
    if (to != null) {
      arrays.predictions(to);
    }
    return arrays.losses(batch.size());
  }

  /// Writes into the states.
  void write(int to, float[] values) {
    for (int from = 0; from < values.length; from += LaneArrays.PIECE) {
      int count = Math.min(LaneArrays.PIECE, values.length - from);
      arrays.put(values, from, count);
      arrays.control.set(LaneControl.TO, to + from);
      arrays.control.set(LaneControl.COUNT, count);
      stages.run(RECEIVE);
    }
  }

  /// Reads of the states.
  void read(int from, float[] values) {
    for (int to = 0; to < values.length; to += LaneArrays.PIECE) {
      int count = Math.min(LaneArrays.PIECE, values.length - to);
      arrays.control.set(LaneControl.FROM, from + to);
      arrays.control.set(LaneControl.COUNT, count);
      stages.run(SEND);
      arrays.get(values, to, count);
    }
  }

  /// Copies within the states.
  ///
  /// @param from -1: zeros
  void copy(int from, int to, int count) {
    arrays.control.set(LaneControl.FROM, from);
    arrays.control.set(LaneControl.TO, to);
    arrays.control.set(LaneControl.COUNT, count);
    stages.run(COPY);
  }

  @Override
  public void close() {
    stages.close();
  }
}

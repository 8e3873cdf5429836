package dev.assay.device.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Task graphs of one shape class, with arrays that stay on the device from one to the next. Built
/// once; sizes, hyperparameters and points reach them in arrays.
///
/// The first graph, `observe`, brings the observations and makes room for all that stays; it must
/// run before any other.
abstract class ResidentGraphs implements AutoCloseable {
  /// Threads of kernels that step through their work, and of a work group.
  static final int THREADS = 8192;

  static final int GROUP = 64;

  /// Threads of products, which do n³ or n² for each point: enough that a GPU's loads hide behind
  /// each other.
  private static final int PRODUCT_THREADS = 65_536;

  private static final int MOST_RESIDENT = 6;
  private static final String OBSERVE = "observe";

  final ShapeClass shape;
  final KernelContext context = new KernelContext();
  final IntArray control = new IntArray(Control.LENGTH);
  final IntArray categorical;
  final DoubleArray x;
  final DoubleArray y;

  private final GraphStages stages;
  private final TaskGraph observe = new TaskGraph(OBSERVE);
  private final List<DoubleArray> resident = new ArrayList<>();
  private @Nullable Observations seen;
  private long version = -1;

  ResidentGraphs(Accelerator accelerator, ShapeClass shape) {
    stages = new GraphStages(accelerator, OBSERVE, observe);
    this.shape = shape;
    categorical = new IntArray(shape.dimensions());
    x = new DoubleArray(shape.dimensions() * shape.rows());
    y = new DoubleArray(shape.outputs() * shape.rows());
    control.set(Control.ROW_STRIDE, shape.rows());
    control.set(Control.PARAMETER_STRIDE, shape.parameters());
    control.set(Control.POINT_STRIDE, shape.points());
  }

  /// An array that stays on the device.
  final DoubleArray keptDoubles(int size) {
    var array = new DoubleArray(Math.max(1, size));
    resident.add(array);
    return array;
  }

  /// Adds a graph.
  ///
  /// @param build adds transfers and tasks
  final void stage(String name, Consumer<TaskGraph> build) {
    stages.stage(
        name,
        graph -> {
          graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, control);
          build.accept(graph);
        });
  }

  /// Says that a task is one of a thread for each piece of work.
  final void spread(String task) {
    stages.grid(task, THREADS, GROUP);
  }

  /// Says that a task is a product of matrices.
  final void multiplied(String task) {
    stages.grid(task, PRODUCT_THREADS, GROUP);
  }

  /// Says that a task is one of a work group for each piece of work.
  final void grouped(String task, int groups) {
    stages.grid(task, groups * GROUP, GROUP);
  }

  /// To be called once, after all stages are there.
  final void build() {
    observing();
    var kept = new ArrayList<Object>(resident);
    kept.addAll(List.of(categorical, x, y));
    stages.build(kept.toArray());
  }

  /// The first graph. A device makes room only for what a task names: one names everything.
  private void observing() {
    observe.transferToDevice(DataTransferMode.EVERY_EXECUTION, control, categorical, x, y);
    var room = new ArrayList<DoubleArray>(resident);
    while (room.size() < MOST_RESIDENT) {
      room.add(new DoubleArray(1));
    }
    observe.transferToDevice(DataTransferMode.FIRST_EXECUTION, room.toArray());
    observe.task(
        "arrive",
        ResidentGraphs::arrive,
        context,
        control,
        categorical,
        x,
        y,
        room.get(0),
        room.get(1),
        room.get(2),
        room.get(3),
        room.get(4),
        room.get(5));
    spread(OBSERVE + ".arrive");
  }

  /// Names what arrives and what there shall be room for, and changes nothing.
  static void arrive(
      KernelContext context,
      IntArray control,
      IntArray categorical,
      DoubleArray x,
      DoubleArray y,
      DoubleArray room0,
      DoubleArray room1,
      DoubleArray room2,
      DoubleArray room3,
      DoubleArray room4,
      DoubleArray room5) {
    if (context.globalIdx == 0 && control.get(Control.ROWS) < 0) {
      categorical.set(0, categorical.get(0) + 1);
      x.set(0, x.get(0) + 1);
      y.set(0, y.get(0) + 1);
      room0.set(0, room0.get(0) + 1);
      room1.set(0, room1.get(0) + 1);
      room2.set(0, room2.get(0) + 1);
      room3.set(0, room3.get(0) + 1);
      room4.set(0, room4.get(0) + 1);
      room5.set(0, room5.get(0) + 1);
    }
  }

  /// Sends the observations to the device, unless these are there.
  final void observe(Observations data) {
    int n = data.size();
    int d = data.dimension();
    control.set(Control.ROWS, n);
    control.set(Control.DIMENSION, d);
    if (data == seen && version == data.version()) {
      return;
    }
    for (int j = 0; j < d; j++) {
      categorical.set(j, data.categorical(j) ? 1 : 0);
      for (int i = 0; i < n; i++) {
        x.set(j * shape.rows() + i, data.x(i, j));
      }
    }
    for (int k = 0; k < data.outputs(); k++) {
      for (int i = 0; i < n; i++) {
        y.set(k * shape.rows() + i, data.y(k, i));
      }
    }
    stages.begin();
    seen = data;
    version = data.version();
  }

  /// Runs a stage.
  final void run(String name) {
    stages.run(name);
  }

  @Override
  public void close() {
    stages.close();
  }
}

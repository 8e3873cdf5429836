package dev.assay.device.tornado;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Task graphs of one plan with arrays that stay on the device from one to the next: a first one
/// that brings them there, and stages that work on them. Whichever graph ran before hands the
/// arrays on, so each names all.
final class GraphStages implements AutoCloseable {
  private final Accelerator accelerator;
  private final TaskGraph first;
  private final String firstName;
  private final Map<String, Consumer<TaskGraph>> stages = new LinkedHashMap<>();
  private final GridScheduler grids = new GridScheduler();
  private @Nullable TornadoExecutionPlan plan;

  /// @param first names all that stays, in transfers and in a task
  GraphStages(Accelerator accelerator, String firstName, TaskGraph first) {
    this.accelerator = accelerator;
    this.first = first;
    this.firstName = firstName;
  }

  /// Adds a graph.
  ///
  /// @param build adds transfers and tasks
  void stage(String name, Consumer<TaskGraph> build) {
    stages.put(name, build);
  }

  /// Says how many threads a task has.
  void grid(String task, int threads, int group) {
    var grid = new WorkerGrid1D(threads);
    grid.setLocalWork(group, 1, 1);
    grids.addWorkerGrid(task, grid);
  }

  /// To be called once, after all stages are there.
  ///
  /// @param kept what stays on the device
  void build(Object[] kept) {
    first.persistOnDevice(kept);
    var graphs = new ArrayList<TaskGraph>();
    graphs.add(first);
    stages.forEach((name, stage) -> {
      var graph = new TaskGraph(name);
      graph.consumeFromDevice(firstName, kept);
      stages.keySet().forEach(earlier -> graph.consumeFromDevice(earlier, kept));
      stage.accept(graph);
      graph.persistOnDevice(kept);
      graphs.add(graph);
    });
    plan = accelerator.plan(graphs.stream().map(TaskGraph::snapshot).toList(), grids);
  }

  /// Runs the first graph.
  void begin() {
    execute(0);
  }

  /// Runs a stage.
  void run(String name) {
    execute(1 + List.copyOf(stages.keySet()).indexOf(name));
  }

  private void execute(int graph) {
    var built = plan;
    if (built == null) {
      throw new IllegalStateException("not built");
    }
    accelerator.execute(built, graph);
  }

  @Override
  public void close() {
    var built = plan;
    plan = null;
    if (built != null) {
      try {
        built.freeDeviceMemory();
        built.close();
      } catch (TornadoExecutionPlanException e) {
        throw new IllegalStateException("task graphs could not be closed", e);
      }
    }
  }
}

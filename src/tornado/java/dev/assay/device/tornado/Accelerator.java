package dev.assay.device.tornado;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;

/// One device with the task graphs that were built for it. Building one costs seconds, so they
/// outlive sessions: who is done with a set gives it back. Sessions of several threads take turns.
final class Accelerator {
  /// Sets that wait for their next user.
  private static final int MOST_WAITING = 12;

  private final DeviceFacts facts;
  private final ReentrantLock turn = new ReentrantLock();
  private final Deque<ResidentGraphs> waiting = new ArrayDeque<>();
  private final AtomicInteger built = new AtomicInteger();
  private final LaneWorkspace lanes;

  Accelerator(DeviceFacts facts) {
    this.facts = facts;
    lanes = new LaneWorkspace(this);
  }

  DeviceFacts facts() {
    return facts;
  }

  /// What trains.
  LaneWorkspace lanes() {
    return lanes;
  }

  /// How many sets of task graphs for Gaussian processes were ever built.
  int built() {
    return built.get();
  }

  /// A set of task graphs for a shape class that nobody else uses.
  <G extends ResidentGraphs> G take(
      Class<G> kind, ShapeClass shape, BiFunction<Accelerator, ShapeClass, G> build) {
    turn.lock();
    try {
      for (Iterator<ResidentGraphs> each = waiting.iterator(); each.hasNext(); ) {
        var graphs = each.next();
        if (kind.isInstance(graphs) && graphs.shape.equals(shape)) {
          each.remove();
          return kind.cast(graphs);
        }
      }
      built.incrementAndGet();
      return build.apply(this, shape);
    } finally {
      turn.unlock();
    }
  }

  /// Takes a set back for its next user; the ones that waited longest make room.
  void giveBack(ResidentGraphs graphs) {
    turn.lock();
    try {
      waiting.addFirst(graphs);
      while (waiting.size() > MOST_WAITING) {
        waiting.removeLast().close();
      }
    } finally {
      turn.unlock();
    }
  }

  TornadoExecutionPlan plan(List<ImmutableTaskGraph> graphs, GridScheduler grids) {
    var plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(facts.device());
    plan.withGridScheduler(grids);
    return plan;
  }

  void execute(TornadoExecutionPlan plan, int graph) {
    turn.lock();
    try {
      plan.withGraph(graph).execute();
    } finally {
      turn.unlock();
    }
  }
}

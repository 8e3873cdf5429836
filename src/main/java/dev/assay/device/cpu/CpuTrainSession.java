package dev.assay.device.cpu;

import dev.assay.train.LaneCheckpoint;
import dev.assay.train.LaneReport;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lanes on the heap.
final class CpuTrainSession implements TrainSession {
  private final LaneMath math;
  private final TrainPlan plan;
  private final LaneLayout layout;

  /// Never more than lanes were in training at the same time.
  private final Queue<LaneTrainer> idle = new ConcurrentLinkedQueue<>();

  private final int threads;
  private List<LaneState> live = new ArrayList<>();

  CpuTrainSession(LaneMath math, int threads, TrainPlan plan) {
    this.math = math;
    this.plan = plan;
    this.threads = threads;
    layout = new LaneLayout(plan.shape());
    for (int i = 0; i < plan.lanes().size(); i++) {
      live.add(new LaneState(i, plan.lanes().get(i), layout, plan.data()));
    }
  }

  @Override
  public List<LaneReport> advance(int epoch) throws InterruptedException {
    LaneQueue.run(List.of(new TrainEngine.Advance(this, epoch)), threads);
    return reports();
  }

  /// How many lanes there are to train.
  int size() {
    return live.size();
  }

  /// What a lane's step costs, roughly: its weights.
  int weight() {
    return layout.size;
  }

  /// Trains a live lane up to an epoch, unless cancelled. Several threads may, each a lane of its
  /// own.
  ///
  /// @param index among the live lanes
  void train(int index, int epoch, AtomicBoolean cancelled) {
    var lane = live.get(index);
    if (lane.report != null && lane.state != LaneReport.State.RUNNING) {
      return;
    }
    var trainer = trainer();
    lane.report = null;
    while (lane.state == LaneReport.State.RUNNING && lane.epoch < epoch) {
      if (cancelled.get() || Thread.currentThread().isInterrupted()) {
        cancelled.set(true);
        return;
      }
      trainer.epoch(lane);
    }
    report(trainer, lane);
    idle.add(trainer);
  }

  private LaneTrainer trainer() {
    var trainer = idle.poll();
    return trainer == null ? new LaneTrainer(math, layout, plan.data()) : trainer;
  }

  /// Of all live lanes, which were trained before.
  List<LaneReport> reports() throws InterruptedException {
    var reports = new ArrayList<LaneReport>();
    for (var lane : live) {
      if (lane.report == null) {
        Thread.interrupted(); // The exception says it from here on.
        throw new InterruptedException("training was interrupted");
      }
      reports.add(lane.report);
    }
    return reports;
  }

  private static void report(LaneTrainer trainer, LaneState lane) {
    var predictions = trainer.predict(lane, trainer.validation(lane));
    for (float prediction : predictions) {
      if (!Float.isFinite(prediction)) {
        lane.state = LaneReport.State.DIVERGED;
        break;
      }
    }
    lane.report =
        new LaneReport(
            lane.index, lane.epoch, lane.state, lane.trainLoss, predictions, lane.fitNanos * 1e-9);
  }

  @Override
  public float[] predict(int lane, int[] rows) {
    var trainer = trainer();
    var predictions = trainer.predict(live(lane), rows);
    idle.add(trainer);
    return predictions;
  }

  @Override
  public float[] weights(int lane) {
    return layout.compact(live(lane).predicting());
  }

  @Override
  public LaneCheckpoint checkpoint(int lane) {
    return live(lane).checkpoint(layout);
  }

  @Override
  public void restore(int lane, LaneCheckpoint checkpoint) {
    live(lane).restore(checkpoint, layout);
  }

  private LaneState live(int lane) {
    return live.stream()
        .filter(state -> state.index == lane)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("lane " + lane + " is not live"));
  }

  @Override
  public void retain(List<Integer> lanes) {
    var kept = new HashSet<>(lanes);
    var rest = new ArrayList<LaneState>();
    for (var lane : live) {
      if (kept.remove(lane.index)) {
        rest.add(lane);
      }
    }
    if (!kept.isEmpty()) {
      throw new IllegalArgumentException("lanes " + kept + " are not live");
    }
    live = rest;
  }

  @Override
  public void close() {
    live = new ArrayList<>();
    idle.clear();
  }
}

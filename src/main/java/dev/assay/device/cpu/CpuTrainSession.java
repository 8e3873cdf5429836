package dev.assay.device.cpu;

import dev.assay.train.LaneCheckpoint;
import dev.assay.train.LaneReport;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Lanes on the heap. Threads live for one [#advance] only and take the lanes from a queue.
final class CpuTrainSession implements TrainSession {
  private final LaneMath math;
  private final TrainPlan plan;
  private final LaneLayout layout;
  private final List<LaneTrainer> trainers = new ArrayList<>();
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
    int workers = Math.clamp(live.size(), 1, threads);
    while (trainers.size() < workers) {
      trainers.add(new LaneTrainer(math, layout, plan.data()));
    }
    var next = new AtomicInteger();
    var cancelled = new AtomicBoolean();
    if (workers == 1) {
      work(trainers.getFirst(), epoch, next, cancelled);
    } else {
      fork(workers, epoch, next, cancelled);
    }
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

  private void fork(int workers, int epoch, AtomicInteger next, AtomicBoolean cancelled)
      throws InterruptedException {
    var names = Thread.ofPlatform().daemon().name("assay-train-", 1).factory();
    try (var executor = Executors.newThreadPerTaskExecutor(names)) {
      var helpers = new ArrayList<Future<?>>();
      for (int i = 1; i < workers; i++) {
        var trainer = trainers.get(i);
        helpers.add(executor.submit(() -> work(trainer, epoch, next, cancelled)));
      }
      work(trainers.getFirst(), epoch, next, cancelled);
      for (var helper : helpers) {
        helper.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a training thread failed", e.getCause());
    }
  }

  /// Trains lanes until none is left. An interrupted thread cancels all.
  private void work(LaneTrainer trainer, int epoch, AtomicInteger next, AtomicBoolean cancelled) {
    for (int i = next.getAndIncrement(); i < live.size(); i = next.getAndIncrement()) {
      var lane = live.get(i);
      if (lane.report != null && lane.state != LaneReport.State.RUNNING) {
        continue;
      }
      lane.report = null;
      while (lane.state == LaneReport.State.RUNNING && lane.epoch < epoch) {
        if (cancelled.get() || Thread.currentThread().isInterrupted()) {
          cancelled.set(true);
          return;
        }
        trainer.epoch(lane);
      }
      report(trainer, lane);
    }
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
    if (trainers.isEmpty()) {
      trainers.add(new LaneTrainer(math, layout, plan.data()));
    }
    return trainers.getFirst().predict(live(lane), rows);
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
    trainers.clear();
  }
}

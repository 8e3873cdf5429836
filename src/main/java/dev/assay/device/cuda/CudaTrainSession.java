package dev.assay.device.cuda;

import dev.assay.train.Lane;
import dev.assay.train.LaneReport;
import dev.assay.train.Shape;
import dev.assay.train.TargetScale;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;
import dev.assay.train.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lanes in training on a device.
final class CudaTrainSession implements TrainSession {
  private final TrainPlan plan;
  private final DeviceLanes device;
  private int slots;
  private List<DeviceLane> live = new ArrayList<>();

  /// A lane as the host sees it.
  private static final class DeviceLane {
    final int index;
    final Lane lane;
    final int[] learnt;
    final int[] watched;
    final int[] validation;
    final UpdateRule rule;
    int slot;
    int epoch;
    double trainLoss = Double.NaN;
    LaneReport.State state = LaneReport.State.RUNNING;
    double seconds;
    double bestLoss = Double.POSITIVE_INFINITY;
    int sinceBest;
    @Nullable LaneReport report;

    DeviceLane(int index, TrainPlan plan) {
      this.index = index;
      slot = index;
      lane = plan.lanes().get(index);
      learnt = lane.learntRows(plan.data());
      watched = lane.watchedRows(plan.data());
      validation = plan.data().folds().get(lane.fold()).validation();
      rule = new UpdateRule(lane.settings());
    }

    boolean learnsBefore(int end) {
      return state == LaneReport.State.RUNNING && epoch < end;
    }

    /// Whether predictions are made with weights of an earlier epoch.
    boolean hasBest() {
      return bestLoss < Double.POSITIVE_INFINITY;
    }
  }

  CudaTrainSession(CudaDevice device, TrainPlan plan) {
    this.plan = plan;
    slots = plan.lanes().size();
    boolean drops = plan.lanes().stream().anyMatch(lane -> lane.settings().dropout() > 0);
    this.device = new DeviceLanes(device, plan.shape(), plan.data(), slots, drops);
    try {
      for (int i = 0; i < slots; i++) {
        live.add(new DeviceLane(i, plan));
        this.device.writeWeights(i, initialWeights(plan.lanes().get(i)));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private float[] initialWeights(Lane lane) {
    var program = device.program();
    var weights = new float[program.size()];
    for (int layer = 0; layer < plan.shape().layers(); layer++) {
      int at = program.weightsAt(layer);
      lane.initialise(plan.shape(), layer, weights, at, program.strideOf(layer));
    }
    return weights;
  }

  @Override
  public List<LaneReport> advance(int epoch) throws InterruptedException {
    for (var group : groups(live.stream().filter(lane -> lane.learnsBefore(epoch)).toList())) {
      group.forEach(lane -> lane.report = null);
      var rest = group;
      while (!rest.isEmpty()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("training was interrupted");
        }
        train(rest);
        rest = rest.stream().filter(lane -> lane.learnsBefore(epoch)).toList();
      }
    }
    for (var group : groups(live.stream().filter(lane -> lane.report == null).toList())) {
      report(group);
    }
    var reports = new ArrayList<LaneReport>();
    for (var lane : live) {
      if (lane.report != null) {
        reports.add(lane.report);
      }
    }
    return reports;
  }

  private List<List<DeviceLane>> groups(List<DeviceLane> lanes) {
    var groups = new ArrayList<List<DeviceLane>>();
    for (int from = 0; from < lanes.size(); from += device.most()) {
      groups.add(lanes.subList(from, Math.min(lanes.size(), from + device.most())));
    }
    return groups;
  }

  /// One epoch of each. A lane's share of the time is that of all, divided evenly.
  private void train(List<DeviceLane> lanes) {
    long start = System.nanoTime();
    var batch = device.batch();
    for (var lane : lanes) {
      var shuffled = lane.learnt.clone();
      lane.lane.shuffle(lane.epoch + 1, shuffled);
      batch.learn(lane.slot, lane.lane, shuffled, lane.rule, lane.epoch + 1);
    }
    var losses = device.train(batch);
    for (int i = 0; i < losses.length; i++) {
      var lane = lanes.get(i);
      lane.epoch++;
      lane.trainLoss = losses[i] / lane.learnt.length;
      if (!(lane.trainLoss <= LaneReport.DIVERGED_LOSS)) {
        lane.state = LaneReport.State.DIVERGED;
      }
    }
    watch(
        lanes.stream()
            .filter(l -> l.watched.length > 0 && l.state == LaneReport.State.RUNNING)
            .toList());
    for (var lane : lanes) {
      if (lane.state == LaneReport.State.RUNNING && lane.epoch >= lane.lane.settings().epochs()) {
        lane.state = LaneReport.State.FINISHED;
      }
      lane.seconds += (System.nanoTime() - start) * 1e-9 / lanes.size();
    }
  }

  /// Takes note of the losses on the watched rows, and stops lanes whose patience ends.
  private void watch(List<DeviceLane> lanes) {
    if (lanes.isEmpty()) {
      return;
    }
    var batch = device.batch();
    for (var lane : lanes) {
      batch.predict(DeviceLanes.place(lane.slot, false), lane.lane.fold(), lane.watched, 0);
    }
    var losses = device.evaluate(batch, null);
    for (int i = 0; i < losses.length; i++) {
      var lane = lanes.get(i);
      double loss = losses[i] / lane.watched.length;
      if (loss < lane.bestLoss) {
        lane.bestLoss = loss;
        lane.sinceBest = 0;
        device.keepBest(lane.slot);
      } else if (++lane.sinceBest >= lane.lane.settings().patience()) {
        lane.state = LaneReport.State.STOPPED;
      }
    }
  }

  private void report(List<DeviceLane> lanes) {
    int outputs = plan.shape().outputs();
    var batch = device.batch();
    for (var lane : lanes) {
      int place = DeviceLanes.place(lane.slot, lane.hasBest());
      batch.predict(place, lane.lane.fold(), lane.validation, outputs);
    }
    var all = new float[batch.predictions()];
    device.evaluate(batch, all);
    int from = 0;
    for (var lane : lanes) {
      int to = from + lane.validation.length * outputs;
      var predictions = Arrays.copyOfRange(all, from, to);
      from = to;
      unscale(plan.shape(), plan.data().folds().get(lane.lane.fold()).targetScale(), predictions);
      for (float prediction : predictions) {
        if (!Float.isFinite(prediction)) {
          lane.state = LaneReport.State.DIVERGED;
          break;
        }
      }
      lane.report =
          new LaneReport(
              lane.index, lane.epoch, lane.state, lane.trainLoss, predictions, lane.seconds);
    }
  }

  private static void unscale(Shape shape, TargetScale scale, float[] predictions) {
    if (shape.head() == Shape.Head.LINEAR) {
      for (int i = 0; i < predictions.length; i++) {
        predictions[i] = scale.unscaled(predictions[i]);
      }
    }
  }

  /// What weights on the device predict for rows, in the unit of the target.
  static float[] predictions(
      DeviceLanes lanes, Shape shape, TargetScale scale, int place, int fold, int[] rows) {
    var batch = lanes.batch();
    batch.predict(place, fold, rows, shape.outputs());
    var predictions = new float[batch.predictions()];
    lanes.evaluate(batch, predictions);
    unscale(shape, scale, predictions);
    return predictions;
  }

  @Override
  public float[] predict(int index, int[] rows) {
    var lane = live(index);
    int fold = lane.lane.fold();
    int place = DeviceLanes.place(lane.slot, lane.hasBest());
    var scale = plan.data().folds().get(fold).targetScale();
    return predictions(device, plan.shape(), scale, place, fold, rows);
  }

  @Override
  public float[] weights(int index) {
    var lane = live(index);
    return device.program().compact(device.readWeights(lane.slot, lane.hasBest()));
  }

  private DeviceLane live(int index) {
    return live.stream()
        .filter(lane -> lane.index == index)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("lane " + index + " is not live"));
  }

  /// Frees device memory once half of it is held for nobody.
  @Override
  public void retain(List<Integer> lanes) {
    var kept = new HashSet<>(lanes);
    var rest = new ArrayList<DeviceLane>();
    for (var lane : live) {
      if (kept.remove(lane.index)) {
        rest.add(lane);
      }
    }
    if (!kept.isEmpty()) {
      throw new IllegalArgumentException("lanes " + kept + " are not live");
    }
    live = rest;
    if (!live.isEmpty() && live.size() <= slots / 2) {
      device.compact(live.stream().mapToInt(lane -> lane.slot).toArray());
      for (int i = 0; i < live.size(); i++) {
        live.get(i).slot = i;
      }
      slots = live.size();
    }
  }

  @Override
  public void close() {
    live = new ArrayList<>();
    device.close();
  }
}

package dev.assay.device.lanes;

import dev.assay.train.Lane;
import dev.assay.train.LaneCheckpoint;
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

/// Lanes in training in the memory of a device: what they draw, when they stop, what they report.
public final class LaneSession implements TrainSession {
  private final TrainPlan plan;
  private final LaneMemory device;
  private final boolean keepsRows;
  private int slots;
  private List<DeviceLane> live = new ArrayList<>();

  /// A lane as the host sees it.
  private static final class DeviceLane {
    final int index;
    final Lane lane;
    final int[] learnt;
    int kept; // where the device has them
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

    /// Goes on after steps that were made elsewhere.
    void resume(int reached, double power1, double power2) {
      rule.resume(power1, power2);
      epoch = reached;
      state =
          epoch < lane.settings().epochs() ? LaneReport.State.RUNNING : LaneReport.State.FINISHED;
      report = null;
    }

    /// The rows in the order of the next epoch.
    int[] order() {
      var order = learnt.clone();
      lane.shuffle(epoch + 1, order);
      return order;
    }

    boolean learnsBefore(int end) {
      return state == LaneReport.State.RUNNING && epoch < end;
    }

    /// Whether predictions are made with weights of an earlier epoch.
    boolean hasBest() {
      return bestLoss < Double.POSITIVE_INFINITY;
    }
  }

  /// Draws the lanes' weights.
  ///
  /// @param device with a slot for each lane; closed with the session
  public LaneSession(LaneMemory device, TrainPlan plan) {
    this.plan = plan;
    slots = plan.lanes().size();
    this.device = device;
    try {
      boolean all = true;
      for (int i = 0; i < slots; i++) {
        var lane = new DeviceLane(i, plan);
        lane.kept = device.keep(lane.learnt);
        all &= lane.kept >= 0;
        live.add(lane);
        device.write(i, 0, initialWeights(plan.lanes().get(i)));
      }
      keepsRows = all;
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
    var batch = new LaneBatch(plan.shape().layers());
    if (keepsRows) {
      for (var lane : lanes) {
        batch.learn(lane.slot, lane.lane, lane.kept, lane.learnt.length, lane.rule, lane.epoch + 1);
      }
    } else {
      // On one core the orders of a thousand lanes take longer than their epoch on a device.
      var orders = lanes.parallelStream().map(DeviceLane::order).toList();
      for (int i = 0; i < orders.size(); i++) {
        var lane = lanes.get(i);
        batch.learn(lane.slot, lane.lane, orders.get(i), lane.rule, lane.epoch + 1);
      }
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
    var batch = new LaneBatch(plan.shape().layers());
    for (var lane : lanes) {
      batch.predict(LaneMemory.place(lane.slot, false), lane.lane.fold(), lane.watched, 0);
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
    var batch = new LaneBatch(plan.shape().layers());
    for (var lane : lanes) {
      int place = LaneMemory.place(lane.slot, lane.hasBest());
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
  ///
  /// @param place of the weights: see [LaneMemory#place]
  public static float[] predictions(
      LaneMemory lanes, Shape shape, TargetScale scale, int place, int fold, int[] rows) {
    var batch = new LaneBatch(shape.layers());
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
    int place = LaneMemory.place(lane.slot, lane.hasBest());
    var scale = plan.data().folds().get(fold).targetScale();
    return predictions(device, plan.shape(), scale, place, fold, rows);
  }

  @Override
  public float[] weights(int index) {
    var lane = live(index);
    return device.program().compact(device.read(lane.slot, lane.hasBest() ? LaneMemory.BEST : 0));
  }

  @Override
  public LaneCheckpoint checkpoint(int index) {
    var lane = withoutPatience(index);
    var program = device.program();
    var moments = new ArrayList<float[]>();
    for (int which = 1; which <= lane.rule.moments(); which++) {
      moments.add(program.compact(device.read(lane.slot, which)));
    }
    return new LaneCheckpoint(
        lane.epoch,
        program.compact(device.read(lane.slot, 0)),
        moments,
        lane.rule.power1(),
        lane.rule.power2());
  }

  @Override
  public void restore(int index, LaneCheckpoint checkpoint) {
    var lane = withoutPatience(index);
    if (checkpoint.moments().size() != lane.rule.moments()
        || checkpoint.weights().length != plan.shape().parameters()) {
      throw new IllegalArgumentException("the checkpoint is of other layers or another optimiser");
    }
    var program = device.program();
    device.write(lane.slot, 0, program.padded(checkpoint.weights()));
    for (int which = 1; which <= lane.rule.moments(); which++) {
      var moment = checkpoint.moments().get(which - 1);
      device.write(lane.slot, which, program.padded(moment));
    }
    lane.resume(checkpoint.epoch(), checkpoint.power1(), checkpoint.power2());
  }

  @Override
  public void takeOver(int index, TrainSession from, int other) {
    if (!(from instanceof LaneSession source)) {
      restore(index, from.checkpoint(other));
      return;
    }
    var lane = withoutPatience(index);
    var parent = source.withoutPatience(other);
    if (lane.rule.moments() != parent.rule.moments()) {
      throw new IllegalArgumentException("the lanes have other optimisers");
    }
    if (!device.copy(lane.slot, source.device, parent.slot)) {
      restore(index, from.checkpoint(other));
      return;
    }
    lane.resume(parent.epoch, parent.rule.power1(), parent.rule.power2());
  }

  /// What patience remembers is no part of a checkpoint.
  private DeviceLane withoutPatience(int index) {
    var lane = live(index);
    if (lane.lane.settings().patience() > 0) {
      throw new IllegalArgumentException("lane " + index + " has patience");
    }
    return lane;
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

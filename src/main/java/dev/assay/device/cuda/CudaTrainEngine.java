package dev.assay.device.cuda;

import dev.assay.device.lanes.LaneSession;
import dev.assay.problem.Problem;
import dev.assay.train.FoldedData;
import dev.assay.train.LaneReport;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Trains on a device: all lanes of a session in one launch an epoch, a block for each.
///
/// In FP32, or with the products of dense layers in TF32 or BF16. Lanes that fit into a block's
/// shared memory stay there for an epoch; of larger ones, in device memory, several blocks do the
/// layers one after the other ([LanePlacement]).
final class CudaTrainEngine implements TrainEngine {
  /// Shapes that are on the device at the same time, at most.
  private static final int STREAMS = 16;

  private final CudaDevice device;

  private final Precision precision;

  CudaTrainEngine(CudaDevice device) {
    this(device, Precision.FP32);
  }

  /// @throws Problem where the card has no tensor instructions that take it
  CudaTrainEngine(CudaDevice device, Precision precision) {
    int capability = device.capability();
    if (precision != Precision.FP32 && capability < KernelImages.TENSOR) {
      throw new Problem(
          device.name() + " has no tensor instructions in " + precision + ".",
          "precision: "
              + precision.key()
              + ", on compute capability "
              + capability / 10
              + "."
              + capability % 10,
          "Use precision: fp32, or a card of compute capability 8.0 or later.");
    }
    this.device = device;
    this.precision = precision;
  }

  @Override
  public long laneBytes(Shape shape) {
    return DeviceLanes.laneBytes(shape, device.sharedBytes());
  }

  /// Of what can be had now, and of the whole device at most half: the rest is for the data and for
  /// others.
  @Override
  public long memoryBytes() {
    return Math.min(capacityBytes(), device.memory().obtainable() / 5 * 4);
  }

  @Override
  public long capacityBytes() {
    return device.totalBytes() / 2;
  }

  @Override
  public float[] predict(Shape shape, FoldedData data, int fold, float[] weights, int[] rows) {
    try (var lanes = new DeviceLanes(device, precision, shape, data, 1, false)) {
      lanes.write(0, 0, lanes.program().padded(weights));
      return LaneSession.predictions(
          lanes, shape, data.folds().get(fold).targetScale(), 0, fold, rows);
    }
  }

  @Override
  public TrainSession open(TrainPlan plan) {
    boolean drops = plan.lanes().stream().anyMatch(lane -> lane.settings().dropout() > 0);
    int slots = plan.lanes().size();
    return new LaneSession(
        new DeviceLanes(device, precision, plan.shape(), plan.data(), slots, drops), plan);
  }

  /// Each session has a stream of its own, and a thread that waits for it: lanes of all shapes are
  /// on the device at the same time. Where launches are timed, one after the other.
  @Override
  public List<List<LaneReport>> advance(List<Advance> advances) throws InterruptedException {
    if (advances.size() < 2 || device.times() != null) {
      return TrainEngine.super.advance(advances);
    }
    var threads = Thread.ofPlatform().daemon().name("assay-cuda-train-", 0).factory();
    try (var pool = Executors.newFixedThreadPool(Math.min(advances.size(), STREAMS), threads)) {
      var parts = new ArrayList<Callable<List<LaneReport>>>();
      for (var advance : advances) {
        parts.add(() -> advance.session().advance(advance.epoch()));
      }
      try {
        var reports = new ArrayList<List<LaneReport>>();
        for (var part : pool.invokeAll(parts)) {
          reports.add(part.get());
        }
        return reports;
      } catch (ExecutionException e) {
        throw thrown(e);
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private static RuntimeException thrown(ExecutionException e) throws InterruptedException {
    switch (e.getCause()) {
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case InterruptedException interruption -> throw interruption;
      case null, default -> throw new IllegalStateException(e);
    }
  }
}

package dev.assay.device.cpu;

import dev.assay.train.FoldedData;
import dev.assay.train.LaneReport;
import dev.assay.train.Shape;
import dev.assay.train.TrainEngine;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainSession;
import java.util.ArrayList;
import java.util.List;

/// Trains on the processor: each thread takes whole lanes, so that lanes share nothing but the
/// data.
///
/// FP32 with sums in a fixed order: a lane's result does not depend on the threads, on the other
/// lanes, or on the length of the processor's vectors.
public final class CpuTrainEngine implements TrainEngine {
  private final int threads;
  private final LaneMath math;

  /// @param threads how many lanes a session trains at the same time; 1 trains on the calling
  ///   thread alone
  public CpuTrainEngine(int threads) {
    this(threads, LaneMath.best());
  }

  CpuTrainEngine(int threads, LaneMath math) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads + " is below 1");
    }
    this.threads = threads;
    this.math = math;
  }

  /// Weights, two moments and the best weights, FP32.
  @Override
  public long laneBytes(Shape shape) {
    return 4L * Float.BYTES * new LaneLayout(shape).size;
  }

  /// Half of the heap: the rest is for the data and everything else.
  @Override
  public long memoryBytes() {
    return Runtime.getRuntime().maxMemory() / 2;
  }

  @Override
  public float[] predict(Shape shape, FoldedData data, int fold, float[] weights, int[] rows) {
    var layout = new LaneLayout(shape);
    return new LaneTrainer(math, layout, data).predict(layout.padded(weights), fold, rows);
  }

  @Override
  public TrainSession open(TrainPlan plan) {
    return new CpuTrainSession(math, threads, plan);
  }

  @Override
  public List<List<LaneReport>> advance(List<Advance> advances) throws InterruptedException {
    LaneQueue.run(advances, threads);
    var reports = new ArrayList<List<LaneReport>>();
    for (var advance : advances) {
      reports.add(((CpuTrainSession) advance.session()).reports());
    }
    return reports;
  }
}

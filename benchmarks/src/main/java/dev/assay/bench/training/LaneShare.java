package dev.assay.bench.training;

/// The perceptron of the peers (64-100-10, batch 64, Adam), sixteen lanes on the calling thread:
/// what `assay bench profile training` looks into.
public final class LaneShare {
  private static final int LANES = 16;
  private static final int EPOCHS = 10;

  private final LaneWork work =
      LaneWork.of(LaneWork.digits(), LaneWork.settings(100, 1, 64, EPOCHS), LANES);

  /// @return rows that were learnt from, each time that they were
  public int train() throws InterruptedException {
    LaneWork.check(work.trainer(1).train(work.requests()));
    return work.samples();
  }
}

package dev.assay.train;

import dev.assay.internal.problem.Require;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;

/// One configuration on one fold: the unit of training. What it draws depends on its seed and fold
/// only; every engine draws by the methods here.
///
/// @param seed the trial's
/// @param fold index into [FoldedData#folds]
public record Lane(TrainerSettings settings, int fold, long seed) {
  public Lane {
    Require.atLeast("lane", "fold", fold, 0);
  }

  /// Draws the initial weights of a layer: uniform in ± √(6 / (u + v)) (Glorot and Bengio 2010, Eq.
  /// 16; v is the fan-out of a convolution), in the order of the rows of W, one layer after the
  /// other. Biases start at 0.
  ///
  /// @param w where to write; row i of W goes to w[offset + i * stride ...]
  public void initialise(Shape shape, int layer, float[] w, int offset, int stride) {
    var random = new Streams(seed).stream((long) fold << 8 | layer, Purpose.INITIALISATION);
    int inputs = shape.inputsOf(layer);
    int outputs = shape.outputsOf(layer);
    double limit = Math.sqrt(6.0 / (inputs + shape.stack().get(layer).fanOut()));
    for (int i = 0; i < inputs; i++) {
      for (int j = 0; j < outputs; j++) {
        w[offset + i * stride + j] = (float) (limit * (2 * random.nextDouble() - 1));
      }
    }
  }

  /// Puts rows into the order in which an epoch takes them. The order depends on the epoch's number
  /// and not on earlier epochs.
  ///
  /// @param epoch from 1
  /// @param rows what [#learntRows] gave; permuted in place, to be given ascending every time
  public void shuffle(int epoch, int[] rows) {
    Strata.shuffle(rows, new Streams(seed).stream((long) fold << 32 | epoch, Purpose.SHUFFLE));
  }

  /// The stream, among those of the lane's seed, that [#shuffle] draws from.
  public long orderStream(int epoch) {
    return Streams.address((long) fold << 32 | epoch, Purpose.SHUFFLE);
  }

  /// The ascending row numbers that the lane learns from.
  public int[] learntRows(FoldedData data) {
    var fold = data.folds().get(this.fold);
    return settings.patience() == 0 ? fold.training() : watch(data).kept();
  }

  /// The ascending row numbers whose loss decides on early stopping: a tenth of the fold's training
  /// rows, stratified; none without patience.
  public int[] watchedRows(FoldedData data) {
    return settings.patience() == 0 ? new int[0] : watch(data).heldOut();
  }

  private Strata.Split watch(FoldedData data) {
    return data.folds().get(fold).watch(data.data().target(), seed, fold);
  }
}

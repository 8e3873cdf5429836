package dev.assay.train;

import dev.assay.internal.problem.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The port to a device that trains many lanes at once.
///
/// An engine is thread-safe: several threads may each open a session of their own. For one engine
/// and device, what a lane reports is bit-identical whatever lanes it shares a session with, in
/// whatever order, on however many threads, and whatever was advanced or retained in between.
public interface TrainEngine {
  /// What an engine multiplies in. Sums, and all that is no product of a dense layer, are FP32.
  enum Precision {
    FP32,

    /// Operands of the products of dense layers are rounded to 10 bits of mantissa.
    TF32,

    /// The same to 7 bits.
    BF16;

    /// The words of study files.
    public static final List<String> KEYS = Arrays.stream(values()).map(Precision::key).toList();

    /// As study files have it.
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What one lane of a shape takes of the device's memory, in bytes.
  long laneBytes(Shape shape);

  /// What all lanes together may take now, in bytes: of a device that others use too it may change.
  long memoryBytes();

  /// What all lanes together may take where nobody else uses the device, in bytes.
  default long capacityBytes() {
    return memoryBytes();
  }

  /// What weights predict: rows × c probabilities, row-major, or a number for each row in the unit
  /// of the target. The same bits as [TrainSession#predict] of a lane with these weights.
  ///
  /// @param weights as [TrainSession#weights]
  /// @param fold whose standardisation and scale apply
  /// @param rows of the data
  float[] predict(Shape shape, FoldedData data, int fold, float[] weights, int[] rows);

  /// Allocates the lanes and draws their initial weights.
  TrainSession open(TrainPlan plan);

  /// How far a session shall be trained.
  ///
  /// @param session one of this engine's
  /// @param epoch as of [TrainSession#advance]
  record Advance(TrainSession session, int epoch) {
    public Advance {
      Require.atLeast("advance", "epoch", epoch, 0);
    }
  }

  /// Advances several sessions; the same as one [TrainSession#advance] after the other. An engine
  /// that can works on all of them at the same time, since a session with few lanes does not keep a
  /// device busy.
  ///
  /// @return the reports of each, in their order
  /// @throws InterruptedException as [TrainSession#advance]
  default List<List<LaneReport>> advance(List<Advance> advances) throws InterruptedException {
    var reports = new ArrayList<List<LaneReport>>();
    for (var advance : advances) {
      reports.add(advance.session.advance(advance.epoch));
    }
    return reports;
  }
}

package dev.assay.device.cuda;

import dev.assay.device.lanes.LaneBatch;
import org.jspecify.annotations.Nullable;

/// The lanes of a batch cut into pieces that are launched one after the other. Where a lane is cut
/// depends on nothing but the lane: what it is launched beside changes no bit of it.
final class LanePieces {
  private static final int ROWS = 2;
  private static final int FIRST_ROW = 3;
  private static final int BATCH = 4;
  private static final int STEPS = 5;
  private static final int FIRST_STEP = 6;
  private static final int FIRST_PREDICTION = 17;

  private LanePieces() {}

  /// Rows of a step of each lane.
  ///
  /// @param lanes as of [LaneBatch#lanes()]
  static int[] batchSizes(int[] lanes) {
    var sizes = new int[lanes.length / LaneBatch.WORDS];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = lanes[i * LaneBatch.WORDS + BATCH];
    }
    return sizes;
  }

  /// The most rows of a step of a lane.
  ///
  /// @param chunk as of [#steps(int[],int)]
  static int rows(int[] lanes, int chunk) {
    int most = 1;
    for (int at = 0; at < lanes.length; at += LaneBatch.WORDS) {
      most = Math.max(most, Math.min(chunk == 0 ? lanes[at + BATCH] : chunk, lanes[at + ROWS]));
    }
    return most;
  }

  /// The most steps of a lane.
  ///
  /// @param chunk rows of a step of lanes that predict; 0: they learn
  static int steps(int[] lanes, int chunk) {
    int most = 0;
    for (int at = 0; at < lanes.length; at += LaneBatch.WORDS) {
      int steps = chunk == 0 ? lanes[at + STEPS] : Math.ceilDiv(lanes[at + ROWS], chunk);
      most = Math.max(most, steps);
    }
    return most;
  }

  /// A piece of lanes that learn.
  ///
  /// @param lanes as of [LaneBatch#lanes()]
  /// @param most steps of a piece, of each lane
  /// @param piece from 0
  /// @return null after the last
  static int @Nullable [] steps(int[] lanes, int[] most, int piece) {
    var words = lanes.clone();
    boolean any = piece == 0;
    for (int i = 0; i < most.length; i++) {
      int at = i * LaneBatch.WORDS;
      int before = (int) Math.min(words[at + STEPS], (long) piece * most[i]);
      int rowsBefore = (int) Math.min(words[at + ROWS], (long) before * words[at + BATCH]);
      words[at + STEPS] = Math.min(most[i], words[at + STEPS] - before);
      words[at + FIRST_STEP] += before;
      words[at + ROWS] -= rowsBefore;
      words[at + FIRST_ROW] += rowsBefore;
      any |= words[at + STEPS] > 0;
    }
    return any ? words : null;
  }

  /// A piece of lanes that predict.
  ///
  /// @param lanes as of [LaneBatch#lanes()]
  /// @param most rows of a piece of a lane
  /// @param outputs numbers of a prediction
  /// @param piece from 0
  /// @return null after the last
  static int @Nullable [] rows(int[] lanes, int most, int outputs, int piece) {
    var words = lanes.clone();
    boolean any = piece == 0;
    for (int at = 0; at < words.length; at += LaneBatch.WORDS) {
      int before = (int) Math.min(words[at + ROWS], (long) piece * most);
      words[at + ROWS] = Math.min(most, words[at + ROWS] - before);
      words[at + FIRST_ROW] += before;
      words[at + FIRST_PREDICTION] += before * outputs;
      any |= words[at + ROWS] > 0;
    }
    return any ? words : null;
  }
}

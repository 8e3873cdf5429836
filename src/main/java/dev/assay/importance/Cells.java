package dev.assay.importance;

import dev.assay.space.Choice;
import dev.assay.space.Distribution;

/// The unit cube cut into cells: each axis into equal parts, one for each option or value where
/// these are few.
///
/// @param counts for each axis how many
/// @param of for each axis the cell of each trial; negative where the parameter does not exist
@SuppressWarnings("ArrayRecordComponent")
record Cells(int[] counts, int[][] of) {
  private static final int MOST = 64;

  static Cells of(Observed observed) {
    int d = observed.dimension();
    var counts = new int[d];
    var of = new int[d][observed.trials()];
    for (int j = 0; j < d; j++) {
      counts[j] = count(observed.space().parameters().get(j).distribution());
      var column = observed.x()[j];
      for (int i = 0; i < column.length; i++) {
        of[j][i] =
            Double.isNaN(column[i]) ? -1 : Math.min(counts[j] - 1, (int) (column[i] * counts[j]));
      }
    }
    return new Cells(counts, of);
  }

  private static int count(Distribution distribution) {
    long values = distribution.count().orElse(Long.MAX_VALUE);
    return distribution instanceof Choice || values <= MOST ? (int) values : MOST;
  }

  int dimension() {
    return counts.length;
  }
}

package dev.assay.device.tornado;

/// Capacities of the arrays of one set of task graphs: powers of two, so that a growing study meets
/// few of them.
///
/// @param rows of observations
/// @param parameters of one θ
/// @param matrices θs at once, or groups of models
/// @param points at once
record ShapeClass(
    int rows, int dimensions, int parameters, int matrices, int models, int outputs, int points) {
  private static final int LEAST_ROWS = 64;
  private static final int LEAST_DIMENSIONS = 8;
  private static final int LEAST_PARAMETERS = 32;
  private static final int LEAST_OUTPUTS = 4;
  private static final int LEAST_POINTS = 512;
  private static final int MOST_VECTORS = 8;

  /// Numbers that the matrices of one array may hold together: 32 MB.
  private static final int MOST_ENTRIES = 1 << 22;

  /// For likelihoods: as many θs at once as memory allows.
  static ShapeClass ofLikelihoods(int n, int d, int p, int outputs) {
    int rows = capacity(n, LEAST_ROWS);
    long square = (long) rows * rows;
    int matrices = (int) Math.clamp(MOST_ENTRIES / square, 1, MOST_VECTORS);
    return new ShapeClass(
        rows,
        capacity(d, LEAST_DIMENSIONS),
        capacity(p, LEAST_PARAMETERS),
        matrices,
        matrices,
        capacity(outputs, LEAST_OUTPUTS),
        0);
  }

  static ShapeClass ofPosteriors(
      int n, int d, int p, int groups, int models, int outputs, int points) {
    return new ShapeClass(
        capacity(n, LEAST_ROWS),
        capacity(d, LEAST_DIMENSIONS),
        capacity(p, LEAST_PARAMETERS),
        capacity(groups, 1),
        capacity(models, LEAST_OUTPUTS),
        capacity(outputs, LEAST_OUTPUTS),
        capacity(points, LEAST_POINTS));
  }

  /// @throws IllegalArgumentException for matrices of more entries than arrays can index
  ShapeClass {
    if ((long) matrices * rows * Math.max(rows, points) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          matrices + " matrices of " + rows + " observations are too large for TornadoVM's arrays");
    }
  }

  /// Numbers of the largest array.
  int entries() {
    return matrices * rows * rows;
  }

  /// Blocks of rows of a matrix.
  int panels() {
    return rows / FactorKernels.PANEL;
  }

  private static int capacity(int count, int least) {
    int wanted = Math.max(count, least);
    return Integer.highestOneBit(2 * wanted - 1);
  }
}

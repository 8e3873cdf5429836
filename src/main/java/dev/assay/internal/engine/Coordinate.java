package dev.assay.internal.engine;

import dev.assay.internal.problem.Require;

/// What values one coordinate of the search may take.
public sealed interface Coordinate {
  /// The value that a coordinate takes for a uniform draw from [0, 1).
  double fromUnit(double u);

  /// Any position in [0, 1].
  record Continuous() implements Coordinate {
    @Override
    public double fromUnit(double u) {
      return u;
    }
  }

  /// One of some positions in [0, 1]: integers, steps.
  ///
  /// @param positions increasing
  @SuppressWarnings("ArrayRecordComponent")
  record Grid(double[] positions) implements Coordinate {
    public Grid {
      Require.atLeast("grid", "positions", positions.length, 1);
      for (int k = 0; k < positions.length; k++) {
        Require.inRange("grid", "position " + k, positions[k], k == 0 ? 0 : positions[k - 1], 1);
      }
    }

    @Override
    public double fromUnit(double u) {
      return positions[Math.min((int) (u * positions.length), positions.length - 1)];
    }

    /// The index of the position nearest to a value.
    public int nearest(double value) {
      int low = 0;
      int high = positions.length - 1;
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (positions[middle] <= value) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return value - positions[low] <= positions[high] - value ? low : high;
    }
  }

  /// One of unordered options 0 ... options - 1: 0/1 distance.
  record Category(int options) implements Coordinate {
    public Category {
      Require.atLeast("category", "options", options, 1);
    }

    @Override
    public double fromUnit(double u) {
      return Math.min((int) (u * options), options - 1);
    }
  }
}

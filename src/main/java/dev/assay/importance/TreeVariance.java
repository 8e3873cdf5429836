package dev.assay.importance;

import java.util.Arrays;

/// The exact variance decomposition of a tree over the unit cube (Hutter, Hoos and Leyton-Brown
/// 2014, Sec. 3): marginals are sums over leaves of value times the leaf's extent along the other
/// axes.
final class TreeVariance {
  /// Parts of each axis for pairs; a leaf that ends within one counts there in proportion.
  private static final int PARTS = 64;

  private final RegressionTree tree;

  TreeVariance(RegressionTree tree) {
    this.tree = tree;
  }

  /// Of the whole prediction.
  double total() {
    double mean = 0;
    double square = 0;
    for (int leaf = 0; leaf < tree.leaves(); leaf++) {
      double volume = 1;
      for (int j = 0; j < tree.dimension(); j++) {
        volume *= tree.high(leaf, j) - tree.low(leaf, j);
      }
      mean += volume * tree.values()[leaf];
      square += volume * tree.values()[leaf] * tree.values()[leaf];
    }
    return Math.max(0, square - mean * mean);
  }

  /// Each leaf's value times its share of the region along all axes but one or two.
  private double[] weights(Region region, int first, int second) {
    var weights = new double[tree.leaves()];
    for (int leaf = 0; leaf < weights.length; leaf++) {
      double share = 1;
      for (int j = 0; j < tree.dimension() && share > 0; j++) {
        if (j != first && j != second) {
          share *= region.share(j, tree.low(leaf, j), tree.high(leaf, j));
        }
      }
      weights[leaf] = share * tree.values()[leaf];
    }
    return weights;
  }

  /// Of the main effect of a parameter where it exists, times the share of that region.
  double main(int j, Region region) {
    var weights = weights(region, j, j);
    var ends = ends(j);
    // The marginal is a step function: its change at each end.
    var change = new double[ends.length];
    for (int leaf = 0; leaf < tree.leaves(); leaf++) {
      if (weights[leaf] != 0) {
        change[Arrays.binarySearch(ends, tree.low(leaf, j))] += weights[leaf];
        change[Arrays.binarySearch(ends, tree.high(leaf, j))] -= weights[leaf];
      }
    }
    double mean = 0;
    double square = 0;
    double value = 0;
    for (int k = 0; k + 1 < ends.length; k++) {
      value += change[k];
      double extent = region.share(j, ends[k], ends[k + 1]);
      mean += extent * value;
      square += extent * value * value;
    }
    return region.share() * Math.max(0, square - mean * mean);
  }

  /// The distinct ends of leaves along an axis, ascending.
  private double[] ends(int j) {
    var all = new double[tree.leaves() + 1];
    for (int leaf = 0; leaf < tree.leaves(); leaf++) {
      all[leaf] = tree.low(leaf, j); // every end but 1 is the beginning of another leaf
    }
    all[tree.leaves()] = 1;
    Arrays.sort(all);
    int count = 0;
    for (double end : all) {
      if (count == 0 || end > all[count - 1]) {
        all[count++] = end;
      }
    }
    return Arrays.copyOf(all, count);
  }

  /// Of what two parameters do together beyond their main effects, where both exist, times the
  /// share of that region.
  double interaction(int i, int j, Region region) {
    var weights = weights(region, i, j);
    var grid = new double[PARTS + 2][PARTS + 2]; // changes, summed up below
    var across = new double[4];
    var down = new double[4];
    for (int leaf = 0; leaf < tree.leaves(); leaf++) {
      if (weights[leaf] == 0) {
        continue;
      }
      int row = changes(tree.low(leaf, i), tree.high(leaf, i), down);
      int rowEnd = (int) (tree.high(leaf, i) * PARTS);
      int column = changes(tree.low(leaf, j), tree.high(leaf, j), across);
      int columnEnd = (int) (tree.high(leaf, j) * PARTS);
      for (int a = 0; a < 4; a++) {
        var target = grid[a < 2 ? row + a : rowEnd + a - 2];
        double weight = weights[leaf] * down[a];
        for (int b = 0; b < 4; b++) {
          target[b < 2 ? column + b : columnEnd + b - 2] += weight * across[b];
        }
      }
    }
    accumulate(grid);
    return region.share() * interaction(grid, extents(i, region), extents(j, region));
  }

  /// How the covered share of parts changes along an axis: at the part of the low end and the next,
  /// at the part of the high end and the next. An end in the middle of a part covers half of it.
  private static int changes(double low, double high, double[] changes) {
    int first = (int) (low * PARTS);
    int last = (int) (high * PARTS);
    double before = low * PARTS - first;
    double after = high * PARTS - last;
    changes[0] = 1 - before;
    changes[1] = before;
    changes[2] = after - 1;
    changes[3] = -after;
    return first;
  }

  private static void accumulate(double[][] grid) {
    for (var row : grid) {
      for (int b = 1; b < row.length; b++) {
        row[b] += row[b - 1];
      }
    }
    for (int a = 1; a < grid.length; a++) {
      for (int b = 0; b < grid.length; b++) {
        grid[a][b] += grid[a - 1][b];
      }
    }
  }

  private static double[] extents(int j, Region region) {
    var extents = new double[PARTS];
    for (int a = 0; a < PARTS; a++) {
      extents[a] = region.share(j, (double) a / PARTS, (a + 1.0) / PARTS);
    }
    return extents;
  }

  private static double interaction(double[][] grid, double[] rows, double[] columns) {
    double mean = 0;
    var rowMeans = new double[PARTS];
    var columnMeans = new double[PARTS];
    for (int a = 0; a < PARTS; a++) {
      for (int b = 0; b < PARTS; b++) {
        rowMeans[a] += columns[b] * grid[a][b];
        columnMeans[b] += rows[a] * grid[a][b];
      }
      mean += rows[a] * rowMeans[a];
    }
    double variance = 0;
    for (int a = 0; a < PARTS; a++) {
      for (int b = 0; b < PARTS; b++) {
        double rest = grid[a][b] - rowMeans[a] - columnMeans[b] + mean;
        variance += rows[a] * columns[b] * rest * rest;
      }
    }
    return variance;
  }
}

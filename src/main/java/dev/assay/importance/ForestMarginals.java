package dev.assay.importance;

import java.util.List;

/// Marginals of a forest's mean prediction (Hutter, Hoos and Leyton-Brown 2014, Sec. 3): sums over
/// leaves of value times the leaf's extent along the other axes, on the cells of one or two axes.
final class ForestMarginals {
  private final List<RegressionTree> forest;
  private final int[] counts;

  /// For each tree its leaves' values times their volumes.
  private final double[][] masses;

  /// @param counts how many cells each axis has
  ForestMarginals(List<RegressionTree> forest, int[] counts) {
    this.forest = forest;
    this.counts = counts;
    masses = forest.stream().map(this::masses).toArray(double[][]::new);
  }

  private double[] masses(RegressionTree tree) {
    var masses = new double[tree.leaves()];
    for (int leaf = 0; leaf < masses.length; leaf++) {
      double mass = tree.values()[leaf];
      for (int j = 0; j < counts.length; j++) {
        mass *= extent(tree, leaf, j);
      }
      masses[leaf] = mass;
    }
    return masses;
  }

  private double extent(RegressionTree tree, int leaf, int j) {
    return (double) (tree.high(leaf, j) - tree.low(leaf, j)) / counts[j];
  }

  /// Along one axis, within a region: one value for each cell.
  double[] along(int j, Region region) {
    var changes = new double[counts[j] + 1];
    for (int t = 0; t < forest.size(); t++) {
      var tree = forest.get(t);
      for (int leaf = 0; leaf < tree.leaves(); leaf++) {
        double weight = weight(t, leaf, region, j, j);
        changes[tree.low(leaf, j)] += weight;
        changes[tree.high(leaf, j)] -= weight;
      }
    }
    var values = new double[counts[j]];
    double value = 0;
    for (int c = 0; c < values.length; c++) {
      value += changes[c];
      values[c] = value;
    }
    return values;
  }

  /// Over two axes, within a region: rows along axis i, columns along axis j.
  double[][] over(int i, int j, Region region) {
    var grid = new double[counts[i] + 1][counts[j] + 1]; // changes, summed up below
    for (int t = 0; t < forest.size(); t++) {
      var tree = forest.get(t);
      for (int leaf = 0; leaf < tree.leaves(); leaf++) {
        double weight = weight(t, leaf, region, i, j);
        var first = grid[tree.low(leaf, i)];
        var last = grid[tree.high(leaf, i)];
        int from = tree.low(leaf, j);
        int to = tree.high(leaf, j);
        first[from] += weight;
        first[to] -= weight;
        last[from] -= weight;
        last[to] += weight;
      }
    }
    for (var row : grid) {
      for (int b = 1; b < row.length; b++) {
        row[b] += row[b - 1];
      }
    }
    for (int a = 1; a < grid.length; a++) {
      for (int b = 0; b < grid[a].length; b++) {
        grid[a][b] += grid[a - 1][b];
      }
    }
    return grid;
  }

  /// A leaf's value times its share of the region along all axes but one or two, as a part of the
  /// mean over trees.
  private double weight(int t, int leaf, Region region, int first, int second) {
    var tree = forest.get(t);
    if (region.isWhole()) {
      double others = extent(tree, leaf, first);
      others = first == second ? others : others * extent(tree, leaf, second);
      return masses[t][leaf] / others / forest.size();
    }
    double weight = tree.values()[leaf] / forest.size();
    for (int j = 0; j < counts.length && weight != 0; j++) {
      if (j != first && j != second) {
        weight *=
            region.share(
                j, (double) tree.low(leaf, j) / counts[j], (double) tree.high(leaf, j) / counts[j]);
      }
    }
    return weight;
  }
}

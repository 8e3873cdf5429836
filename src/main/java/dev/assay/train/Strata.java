package dev.assay.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Stratified division of rows.
final class Strata {
  private Strata() {}

  /// Two disjoint sets of rows, each ascending.
  record Split(int[] kept, int[] heldOut) {}

  /// The rows of each class, in the order of `rows`; all rows together where there are no classes.
  static int[][] of(Target target, int[] rows) {
    return switch (target) {
      case Target.Classes(_, var classes, var labels) -> of(labels, rows, classes.size());
      case Target.Quantity _ -> new int[][] {rows.clone()};
    };
  }

  /// The rows of each class, in the order of `rows`.
  static int[][] of(int[] labels, int[] rows, int classes) {
    var counts = new int[classes];
    for (int row : rows) {
      counts[labels[row]]++;
    }
    var result = new int[classes][];
    for (int c = 0; c < classes; c++) {
      result[c] = new int[counts[c]];
    }
    Arrays.fill(counts, 0);
    for (int row : rows) {
      int label = labels[row];
      result[label][counts[label]++] = row;
    }
    return result;
  }

  /// Holds out the rounded fraction of each class: at least one row of every class that has two,
  /// and never all of a class.
  static Split holdOut(int[][] classes, double fraction, RandomGenerator random) {
    var kept = new Rows();
    var heldOut = new Rows();
    for (var rows : classes) {
      shuffle(rows, random);
      int out =
          (int) Math.clamp(Math.round(rows.length * fraction), 1L, Math.max(1L, rows.length - 1));
      out = rows.length < 2 ? 0 : out;
      for (int i = 0; i < rows.length; i++) {
        (i < out ? heldOut : kept).add(rows[i]);
      }
    }
    return new Split(kept.ascending(), heldOut.ascending());
  }

  /// Deals the rows of one class after the other to the k folds in turn, without starting anew at a
  /// class: so neither folds nor classes in folds differ by more than one row.
  static List<Split> folds(int[][] classes, int k, RandomGenerator random) {
    var kept = new ArrayList<Rows>();
    var heldOut = new ArrayList<Rows>();
    for (int fold = 0; fold < k; fold++) {
      kept.add(new Rows());
      heldOut.add(new Rows());
    }
    int next = 0;
    for (var rows : classes) {
      shuffle(rows, random);
      for (int row : rows) {
        for (int fold = 0; fold < k; fold++) {
          (fold == next ? heldOut : kept).get(fold).add(row);
        }
        next = (next + 1) % k;
      }
    }
    var result = new ArrayList<Split>();
    for (int fold = 0; fold < k; fold++) {
      result.add(new Split(kept.get(fold).ascending(), heldOut.get(fold).ascending()));
    }
    return result;
  }

  /// Fisher and Yates, two draws of 32 bits from each 64: a draw is biased by less than n / 2^32.
  static void shuffle(int[] rows, RandomGenerator random) {
    long bits = 0;
    for (int i = rows.length - 1, draws = 0; i > 0; i--, draws++) {
      bits = (draws & 1) == 0 ? random.nextLong() : bits >>> 32;
      int j = (int) ((bits & 0xFFFFFFFFL) * (i + 1) >>> 32);
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
  }

  /// A growing list of row numbers.
  private static final class Rows {
    private int[] rows = new int[64];
    private int size;

    void add(int row) {
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, size * 2);
      }
      rows[size++] = row;
    }

    int[] ascending() {
      var result = Arrays.copyOf(rows, size);
      Arrays.sort(result);
      return result;
    }
  }
}

package dev.assay.space;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Configurations that are listed: each a row of codes, in the order of the space. Immutable, all
/// different.
final class RowSet {
  private final List<double[]> rows;
  private final Set<Key> keys = new HashSet<>();

  private record Key(double[] codes) {
    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
      return other instanceof Key(var theirs) && Arrays.equals(codes, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(codes);
    }
  }

  /// Of equal rows the first is kept.
  RowSet(List<double[]> given) {
    rows = given.stream().filter(row -> keys.add(new Key(row))).toList();
  }

  int size() {
    return rows.size();
  }

  boolean contains(double[] codes) {
    return keys.contains(new Key(codes));
  }

  List<double[]> all() {
    return rows;
  }
}

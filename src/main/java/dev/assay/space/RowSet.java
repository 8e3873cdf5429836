package dev.assay.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Configurations that are listed: each a row of codes, in the order of the space. Immutable, all
/// different.
final class RowSet {
  private final List<double[]> rows;
  private final Map<Key, Integer> places = new HashMap<>();

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
    var kept = new ArrayList<double[]>();
    for (var row : given) {
      if (places.putIfAbsent(new Key(row), kept.size()) == null) {
        kept.add(row);
      }
    }
    rows = List.copyOf(kept);
  }

  int size() {
    return rows.size();
  }

  double[] get(int row) {
    return rows.get(row);
  }

  boolean contains(double[] codes) {
    return places.containsKey(new Key(codes));
  }

  List<double[]> all() {
    return rows;
  }
}

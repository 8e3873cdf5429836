package dev.assay.importance;

import java.util.List;

/// What parameters and pairs of them contribute, in a unit of the method's own; none is negative.
///
/// @param parameters d values
/// @param pairs the pairs that were looked at, none for a method without pairs
@SuppressWarnings("ArrayRecordComponent")
public record Contributions(double[] parameters, List<Pair> pairs) {
  /// What two parameters contribute together beyond what each does alone.
  ///
  /// @param first an index, smaller than `second`
  public record Pair(int first, int second, double value) {}
}

package dev.assay.trial;

/// Which values of a metric are better.
public enum Direction {
  MINIMIZE,
  MAXIMIZE;

  /// Whether value a is better than value b.
  public boolean better(double a, double b) {
    return this == MINIMIZE ? a < b : a > b;
  }

  /// The value with its sign turned so that smaller is better.
  public double asLoss(double value) {
    return this == MINIMIZE ? value : -value;
  }
}

package dev.assay.internal.pareto;

/// Which of two vectors of losses is better; smaller is better in each.
public final class Dominance {
  private Dominance() {}

  /// Whether a is as good as b in every objective, and better in one.
  public static boolean dominates(double[] a, double[] b) {
    boolean better = false;
    for (int k = 0; k < a.length; k++) {
      if (a[k] > b[k]) {
        return false;
      }
      better |= a[k] < b[k];
    }
    return better;
  }

  /// Whether a is as good as b in every objective.
  public static boolean covers(double[] a, double[] b) {
    for (int k = 0; k < a.length; k++) {
      if (a[k] > b[k]) {
        return false;
      }
    }
    return true;
  }

  /// Whether a is better than b in every objective.
  public static boolean isBetterInAll(double[] a, double[] b) {
    for (int k = 0; k < b.length; k++) {
      if (!(a[k] < b[k])) {
        return false;
      }
    }
    return true;
  }
}

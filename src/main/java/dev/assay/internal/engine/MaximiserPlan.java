package dev.assay.internal.engine;

import dev.assay.acquisition.Climb;
import dev.assay.internal.problem.Require;

/// How hard to look for the acquisition's maximum.
///
/// @param sobol scrambled Sobol points
/// @param steps Gaussian steps around the best points, for each of three widths and each of the
///   best four
/// @param crossings coordinate-wise crossings of two of the best fifth
/// @param starts from how many candidates a local search begins
/// @param maxEvaluations of the acquisition in each local search
/// @param observed k × d: points to step from and to cross, best first
/// @param low where continuous and grid coordinates are searched from; empty: the whole box
/// @param high where they are searched to
/// @param seed of all that is drawn
@SuppressWarnings("ArrayRecordComponent")
public record MaximiserPlan(
    int sobol,
    int steps,
    int crossings,
    int starts,
    int maxEvaluations,
    double[] observed,
    double[] low,
    double[] high,
    long seed) {
  /// Sobol points of the default effort.
  public static final int SOBOL = Climb.standard().candidates();

  private static final String OWNER = "maximiser";

  private static final double[] WHOLE = {};

  public MaximiserPlan {
    Require.atLeast(OWNER, "sobol", sobol, 0);
    Require.atLeast(OWNER, "steps", steps, 0);
    Require.atLeast(OWNER, "crossings", crossings, 0);
    Require.atLeast(OWNER, "starts", starts, 1);
    Require.atLeast(OWNER, "max_evaluations", maxEvaluations, 1);
    for (int j = 0; j < low.length; j++) {
      Require.inRange(OWNER, "low " + j, low[j], 0, 1);
      Require.inRange(OWNER, "high " + j, high[j], low[j], 1);
    }
  }

  /// In the whole box.
  public MaximiserPlan(
      int sobol,
      int steps,
      int crossings,
      int starts,
      int maxEvaluations,
      double[] observed,
      long seed) {
    this(sobol, steps, crossings, starts, maxEvaluations, observed, WHOLE, WHOLE, seed);
  }

  /// The default effort.
  public static MaximiserPlan of(double[] observed, long seed) {
    var effort = Climb.standard();
    return new MaximiserPlan(
        effort.candidates(), 16, 128, effort.starts(), effort.evaluations(), observed, seed);
  }

  /// The same with another effort.
  public MaximiserPlan with(Climb effort) {
    return new MaximiserPlan(
        effort.candidates(),
        steps,
        crossings,
        effort.starts(),
        effort.evaluations(),
        observed,
        low,
        high,
        seed);
  }

  /// The same with another number of Sobol points.
  public MaximiserPlan lookingAt(int points) {
    return new MaximiserPlan(
        points, steps, crossings, starts, maxEvaluations, observed, low, high, seed);
  }

  /// The same within bounds.
  ///
  /// @param lower d
  /// @param upper d
  public MaximiserPlan within(double[] lower, double[] upper) {
    return new MaximiserPlan(
        sobol, steps, crossings, starts, maxEvaluations, observed, lower, upper, seed);
  }

  public boolean isBounded() {
    return low.length > 0;
  }

  /// The bound of coordinate j.
  public double low(int j) {
    return isBounded() ? low[j] : 0;
  }

  /// The bound of coordinate j.
  public double high(int j) {
    return isBounded() ? high[j] : 1;
  }
}

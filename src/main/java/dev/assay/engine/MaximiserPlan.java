package dev.assay.engine;

/// How hard to look for the acquisition's maximum.
///
/// @param sobol scrambled Sobol points
/// @param steps Gaussian steps around the best points, for each of three widths and each of the
///   best four
/// @param crossings coordinate-wise crossings of two of the best fifth
/// @param starts from how many candidates a local search begins
/// @param maxEvaluations of the acquisition in each local search
/// @param observed k × d: points to step from and to cross, best first
/// @param seed of all that is drawn
@SuppressWarnings("ArrayRecordComponent")
public record MaximiserPlan(
    int sobol,
    int steps,
    int crossings,
    int starts,
    int maxEvaluations,
    double[] observed,
    long seed) {
  /// The default effort.
  public static MaximiserPlan of(double[] observed, long seed) {
    return new MaximiserPlan(512, 16, 128, 4, 40, observed, seed);
  }
}

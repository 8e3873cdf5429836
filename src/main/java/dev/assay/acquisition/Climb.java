package dev.assay.acquisition;

import dev.assay.internal.problem.Require;

/// How hard an acquisition's maximum is looked for: Sobol points and points about the best
/// observations are evaluated, and the best that lie apart improved by L-BFGS-B, and over discrete
/// coordinates by sweeps.
///
/// @param candidates Sobol points
/// @param starts climbs
/// @param evaluations of the acquisition in each climb
public record Climb(int candidates, int starts, int evaluations) {
  public Climb {
    Require.inRange("climb", "candidates", candidates, 16, 1 << 24);
    Require.atLeast("climb", "starts", starts, 1);
    Require.atLeast("climb", "evaluations", evaluations, 1);
  }

  /// As the sampler gp does.
  public static Climb standard() {
    return new Climb(512, 4, 40);
  }

  /// The same with so many climbs.
  public Climb from(int more) {
    return new Climb(candidates, more, evaluations);
  }

  /// The same with so many Sobol points.
  public Climb lookingAt(int points) {
    return new Climb(points, starts, evaluations);
  }
}

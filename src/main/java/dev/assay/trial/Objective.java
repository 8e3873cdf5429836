package dev.assay.trial;

import dev.assay.internal.problem.Require;

/// One metric that a study makes small or large.
public record Objective(String metric, Direction direction) {
  public Objective {
    Require.named("objective", "metric", metric);
  }

  public static Objective minimize(String metric) {
    return new Objective(metric, Direction.MINIMIZE);
  }

  public static Objective maximize(String metric) {
    return new Objective(metric, Direction.MAXIMIZE);
  }
}

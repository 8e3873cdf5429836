package dev.assay.internal.pruner;

import dev.assay.problem.Problem;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stops a trial whose value leaves an interval, or that diverged. No other trial matters.
///
/// @param lower values below stop the trial; null: none do
/// @param upper values above stop the trial; null: none do
/// @param schedule at which steps it looks
public record ThresholdPruner(
    @Option("values below stop the trial") @Nullable Double lower,
    @Option("values above stop the trial") @Nullable Double upper,
    Schedule schedule)
    implements Pruner {
  public ThresholdPruner {
    Settings.check("pruner threshold", ThresholdPruner.class, lower, upper, schedule);
    if (lower == null && upper == null) {
      throw new Problem(
          "The threshold pruner needs a threshold.",
          "neither lower nor upper (pruner threshold)",
          "Give one: {threshold: {upper: 10}}.");
    }
    if (lower != null && upper != null && !(lower <= upper)) {
      throw new Problem(
          "The lower threshold must not exceed the upper one.",
          "lower " + lower + ", upper " + upper + " (pruner threshold)",
          "Maybe swap them.");
    }
  }

  @Override
  public String name() {
    return "threshold";
  }

  @Override
  public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
    if (!schedule.isDue(reports)) {
      return false;
    }
    var newest = reports.getLast();
    double value = newest.values().getFirst();
    if (!Double.isFinite(value)) {
      return Curve.loss(newest, direction) == Double.POSITIVE_INFINITY;
    }
    return lower != null && value < lower || upper != null && value > upper;
  }
}

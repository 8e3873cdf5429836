package dev.assay.pruner;

import dev.assay.problem.Problem;
import dev.assay.problem.Require;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Options;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stops a trial whose value leaves an interval, or that diverged. No other trial matters.
///
/// @param lower values below stop the trial; null: none do
/// @param upper values above stop the trial; null: none do
/// @param schedule at which steps it looks
public record ThresholdPruner(@Nullable Double lower, @Nullable Double upper, Schedule schedule)
    implements Pruner {
  public ThresholdPruner {
    if (lower != null) {
      Require.finite("pruner threshold", "lower", lower);
    }
    if (upper != null) {
      Require.finite("pruner threshold", "upper", upper);
    }
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

  static ThresholdPruner of(Options options) {
    return new ThresholdPruner(
        options.any("lower") == null ? null : options.number("lower", 0),
        options.any("upper") == null ? null : options.number("upper", 0),
        Schedule.of(options));
  }

  @Override
  public String name() {
    return "threshold";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("lower", lower);
    settings.put("upper", upper);
    schedule.describe(settings);
    return settings;
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

package dev.assay.trial;

import java.util.List;

/// Intermediate values of a trial.
///
/// @param step how far the trial was, in units of its own (epochs); ascending within a trial
/// @param values one for each objective, in the study's order; NaN where not reported
public record Report(long step, List<Double> values) {
  public Report {
    values = List.copyOf(values);
  }
}

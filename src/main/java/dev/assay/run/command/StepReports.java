package dev.assay.run.command;

import dev.assay.space.Configuration;
import dev.assay.study.Trial;
import dev.assay.trial.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Passes intermediate values on to the study. Values of one step may come one after the other:
/// they are passed on together, as soon as all are known or the next step begins.
final class StepReports {
  private final List<Objective> objectives;
  private final Trial<Configuration> trial;
  private double[] values;
  private @Nullable Long step;
  private boolean anyValue;
  private long lastStep;
  private boolean reported;
  private boolean prune;

  StepReports(List<Objective> objectives, Trial<Configuration> trial) {
    this.objectives = objectives;
    this.trial = trial;
    values = unknown();
  }

  private double[] unknown() {
    var none = new double[objectives.size()];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  /// A try begins; what was passed on before stays there.
  void begin() {
    step = null;
    values = unknown();
  }

  /// @param found values of this step, by metric
  /// @param any whether the study knows a value of any objective by now
  void take(long newStep, Map<String, Double> found, boolean any) {
    if (reported && newStep <= lastStep) {
      return; // after a retry a program may repeat what it reported before
    }
    if (step != null && step != newStep) {
      passOn();
    }
    step = newStep;
    anyValue = any;
    boolean whole = true;
    for (int i = 0; i < values.length; i++) {
      var value = found.get(objectives.get(i).metric());
      if (value != null) {
        values[i] = value;
      }
      whole &= value != null || !Double.isNaN(values[i]);
    }
    if (whole) {
      passOn();
    }
  }

  /// What is known of the step under way is all that will be.
  void passOn() {
    if (step == null) {
      return;
    }
    if (anyValue && !(reported && step <= lastStep)) {
      prune |= trial.report(step, values).prune();
      reported = true;
      lastStep = step;
    }
    step = null;
    values = unknown();
  }

  /// Whether the study said that the trial should end now.
  boolean prune() {
    return prune;
  }

  /// Whether there were any.
  boolean any() {
    return reported;
  }
}

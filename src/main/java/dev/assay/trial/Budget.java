package dev.assay.trial;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When a search stops: as soon as one of these is reached. Running trials are let finish.
///
/// @param trials the total number of trials of the study, earlier runs included; null: no limit
/// @param time how long this run may take; null: no limit
/// @param target stops when the first objective is at least this good; null: no target
/// @param patience stops after this many finished trials in a row without a better one; null: never
/// @param failures how many trials may fail
public record Budget(
    @Nullable Integer trials,
    @Nullable Duration time,
    @Nullable Double target,
    @Nullable Integer patience,
    FailureLimit failures) {
  public static final Budget UNLIMITED = new Budget(null, null, null, null);

  /// Whatever fails, it goes on.
  public Budget(
      @Nullable Integer trials,
      @Nullable Duration time,
      @Nullable Double target,
      @Nullable Integer patience) {
    this(trials, time, target, patience, new FailureLimit.None());
  }

  public Budget {
    requirePositive("trials", trials);
    requirePositive("no_improvement", patience);
    if (time != null && (time.isZero() || time.isNegative())) {
      throw new Problem(
          "The time budget must be positive.",
          "time " + Spoken.of(time),
          "Give it more: time: 10m.");
    }
    if (target != null && !Double.isFinite(target)) {
      throw new Problem(
          "The target must be a finite number.", "target " + target, "Give one, or no target.");
    }
  }

  private static void requirePositive(String key, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new Problem(
          "The budget must allow at least one trial.",
          key + " " + value,
          "Give a whole number of 1 or more.");
    }
  }

  public static Budget trials(int trials) {
    return new Budget(trials, null, null, null);
  }

  public Budget within(Duration limit) {
    return new Budget(trials, limit, target, patience, failures);
  }

  public Budget until(double goal) {
    return new Budget(trials, time, goal, patience, failures);
  }

  public Budget withoutImprovement(int count) {
    return new Budget(trials, time, target, count, failures);
  }

  /// With a limit of failures.
  public Budget failing(FailureLimit limit) {
    return new Budget(trials, time, target, patience, limit);
  }
}

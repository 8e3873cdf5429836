package dev.assay.trial;

import dev.assay.problem.Problem;
import java.util.regex.Pattern;

/// A bound on a metric that is known only once a trial ran: `memory_gb <= 8`. Trials that break it
/// are complete, and count as worse than every trial that keeps it.
///
/// The metric is one of the objectives, a numeric attribute of the trial
/// ([dev.assay.study.Trial#attribute]), or among what its program reported beside the objectives
/// ([TrialRecord#METRICS]).
public record OutcomeConstraint(String metric, Relation relation, double bound) {
  private static final Pattern FORM =
      Pattern.compile("\\s*([^<>=]*[^<>=\\s])\\s*(<=|>=)\\s*([-+0-9.eE]+)\\s*");

  /// Names of metrics have such signs too, `val/loss` or `top-5`, but no spaces around them.
  private static final Pattern ARITHMETIC =
      Pattern.compile(
          ".*(?:\\s(?:[-+*/%^&|]|\\*\\*|//|&&|\\|\\||and|or|not)\\s|\\*\\*|^[0-9.]+$).*");

  /// On which side of the bound the metric may lie.
  public enum Relation {
    AT_MOST("<="),
    AT_LEAST(">=");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }
  }

  public OutcomeConstraint {
    if (metric.isBlank() || !Double.isFinite(bound)) {
      throw malformed(metric + " " + relation.sign + " " + bound, null);
    }
    if (ARITHMETIC.matcher(metric).matches()) {
      throw new Problem(
          "A bound on an outcome is on one metric: nothing is calculated there.",
          "\"" + metric + "\"",
          "Let the objective report it as a metric of its own: memory_gb <= 8.");
    }
  }

  /// Reads `memory_gb <= 8`.
  ///
  /// @throws Problem when the text is no metric, `<=` or `>=`, and a finite number
  public static OutcomeConstraint parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw malformed(text, null);
    }
    try {
      return new OutcomeConstraint(
          matcher.group(1),
          matcher.group(2).equals("<=") ? Relation.AT_MOST : Relation.AT_LEAST,
          Double.parseDouble(matcher.group(3)));
    } catch (NumberFormatException e) {
      throw malformed(text, e);
    }
  }

  private static Problem malformed(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new Problem(
        "A bound on an outcome is a metric, <= or >=, and a finite number.",
        "\"" + text + "\"",
        "Write it like this: memory_gb <= 8.",
        cause);
  }

  /// g: how far the metric lies beyond its bound; 0 or less where it is allowed.
  public double excess(double value) {
    return relation == Relation.AT_MOST ? value - bound : bound - value;
  }

  /// As [#parse] reads it: `memory_gb <= 8`.
  @Override
  public String toString() {
    boolean whole = bound == Math.rint(bound) && Math.abs(bound) < 1e15;
    return metric
        + " "
        + relation.sign
        + " "
        + (whole ? Long.toString((long) bound) : Double.toString(bound));
  }
}

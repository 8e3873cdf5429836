package dev.assay.internal.trial;

import dev.assay.trial.Cause;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.regex.Pattern;

/// Values that a trial should have had, in a failure's detail, and read back from it: stored trials
/// have a cause and these words, and no other reason.
public final class MissingValues {
  private static final String NONE = "no value for ";
  private static final String BOUNDED = " is unknown, but bounded: ";

  /// What a program said instead of a value, after what its failure begins with.
  static final Pattern SAID = Pattern.compile("(?<=" + NONE + "[^:;]{1,400}: ).*");

  private MissingValues() {}

  /// A program ended well and gave no values of these names.
  public static String of(List<String> names) {
    return NONE + String.join(", ", names);
  }

  /// A constraint on outcomes cannot be judged.
  public static String of(OutcomeConstraint constraint) {
    return constraint.metric() + BOUNDED + constraint;
  }

  /// Whether a trial failed because a constraint on this metric could not be judged.
  public static boolean isBounded(TrialRecord trial, String metric) {
    return trial.cause() == Cause.NO_VALUE && trial.detail().startsWith(metric + BOUNDED);
  }
}

package dev.assay.run.command;

import dev.assay.problem.Problem;
import dev.assay.trial.Cause;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// Which failures of a trial are tried again, and how often.
///
/// @param times how often at most
/// @param first how long to wait before the first retry; twice as long before each further one, up
///   to [#LONGEST]
/// @param causes those that another try can mend
public record Retries(int times, Duration first, Set<Cause> causes) {
  /// The longest wait.
  public static final Duration LONGEST = Duration.ofMinutes(5);

  /// An exit code by which a program says that another try may help: EX_TEMPFAIL of sysexits.h.
  static final int TEMPORARY_FAILURE = 75;

  /// What may be named as a cause. No other failure is mended by trying again.
  public static final Set<Cause> POSSIBLE =
      EnumSet.of(Cause.ERROR, Cause.KILLED, Cause.TIMEOUT, Cause.OUT_OF_MEMORY);

  /// Whether or not the cause was named, a program that exits with 75 is tried again.
  public static final Set<Cause> UNSAID = EnumSet.of(Cause.KILLED, Cause.OUT_OF_MEMORY);

  public static final Retries NONE = new Retries(0, Duration.ofSeconds(1), UNSAID);

  public Retries {
    causes = Set.copyOf(causes);
    if (first.isNegative()) {
      throw new Problem(
          "A wait cannot be negative.", "first retry after " + first, "Write 0s for none.");
    }
    if (times < 0) {
      throw new Problem(
          "The number of retries cannot be negative.", "retries " + times, "Write 0 for none.");
    }
  }

  /// @param done how many retries there were before
  /// @param exitCode the program's; -1 where a signal or Assay ended it
  boolean allow(int done, Cause cause, int exitCode) {
    return done < times && (causes.contains(cause) || exitCode == TEMPORARY_FAILURE);
  }

  /// How long to wait before retry `number`, from 1.
  Duration pause(int number) {
    var wait = first;
    for (int i = 1; i < number && wait.compareTo(LONGEST) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}

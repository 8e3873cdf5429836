package dev.assay.study;

import dev.assay.problem.Problem;
import dev.assay.storage.Overhead;
import dev.assay.trial.StopReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a search came to.
///
/// @param front the best trial; with several objectives all that no other dominates, by number;
///   empty when none is complete
/// @param reason why it ended
/// @param overhead where the time went, earlier runs included
/// @param expected where values have noise, the trial whose value is expected to be best; null
///   where no noise was found
/// @param <C> what a configuration is for the objective
public record Result<C>(
    List<Found<C>> front, StopReason reason, Overhead overhead, @Nullable Expected<C> expected) {
  /// A trial and what its value is expected to be without noise.
  ///
  /// @param low lower end of the interval that this value lies in with a probability of 95 %
  /// @param high upper end
  public record Expected<C>(Found<C> found, double value, double low, double high) {}

  /// Without noise.
  public Result(List<Found<C>> front, StopReason reason, Overhead overhead) {
    this(front, reason, overhead, null);
  }

  public Result {
    front = List.copyOf(front);
  }

  /// The trial whose configuration is to be used: where noise was found the one that is expected to
  /// be best, else the [#best].
  ///
  /// @throws Problem when no trial completed
  public Found<C> recommended() {
    return expected == null ? best() : expected.found();
  }

  /// The best trial; with several objectives the first of the [#front].
  ///
  /// @throws Problem when no trial completed
  public Found<C> best() {
    if (front.isEmpty()) {
      throw new Problem(
          "No trial completed, so there is no best one.",
          "the search ended because " + reason.words(),
          "Look at the trials' causes: study.trials().");
    }
    return front.getFirst();
  }
}

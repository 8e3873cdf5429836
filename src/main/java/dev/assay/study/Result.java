package dev.assay.study;

import dev.assay.problem.Problem;
import java.util.List;

/// What a search came to.
///
/// @param front the best trial; with several objectives all that no other dominates, by number;
///   empty when none is complete
/// @param reason why it ended
/// @param overhead where the time went, earlier runs included
/// @param <C> what a configuration is for the objective
public record Result<C>(List<Found<C>> front, StopReason reason, Overhead overhead) {
  public Result {
    front = List.copyOf(front);
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

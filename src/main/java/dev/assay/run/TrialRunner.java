package dev.assay.run;

import dev.assay.space.Configuration;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs the trials of a study: in this process, on a device, or elsewhere.
public interface TrialRunner {
  /// What the objective is, as JSON values: part of the study's definition.
  Map<String, @Nullable Object> describe();

  /// Runs trials until the budget is used.
  ///
  /// Interrupting the calling thread ends the search: trials under way go back to waiting, and the
  /// result says so.
  ///
  /// @param parallel how many trials run at once
  /// @throws dev.assay.problem.Problem when the storage fails; what was told before is kept
  Result<Configuration> run(Study<Configuration> study, Budget budget, int parallel);

  /// Ends, at once and from any thread, whatever programs the trials started: the process is about
  /// to end.
  default void kill() {}

  /// For people while it runs: what its devices do. Empty where there is nothing to say.
  default String status() {
    return "";
  }
}

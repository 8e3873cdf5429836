package dev.assay.internal.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.List;

/// A pruner whose [Rule] remembers; asked without one it says what a rule would that sees the study
/// for the first time.
interface RememberingPruner extends Pruner {
  @Override
  Rule open();

  @Override
  default boolean prune(int trial, List<Report> reports, History history, Direction direction) {
    return open().prune(trial, reports, history, direction);
  }
}

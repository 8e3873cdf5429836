package dev.assay.storage;

import dev.assay.problem.Problem;

/// What a [StudyLog] throws when its medium cannot be written now, but may be later: it is locked,
/// full, or failing for the moment. Whoever gets it tries again a little later.
public final class StorageBusy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Problem problem;

  public StorageBusy(Problem problem) {
    super(problem.getMessage(), problem);
    this.problem = problem;
  }

  /// What is in the way, for people.
  public Problem problem() {
    return problem;
  }
}

package dev.assay.cli;

/// How the process ends. Part of the command line's contract.
final class ExitCode {
  static final int DONE = 0;

  /// Bad usage, a bad study file, or anything else that stopped the command before or while it
  /// worked.
  static final int BAD_INPUT = 2;

  static final int NO_TRIAL_COMPLETED = 3;
  static final int REQUIREMENT_NOT_MET = 4;

  /// Interrupted; the study can be resumed.
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}

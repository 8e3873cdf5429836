package dev.assay.run.command;

import dev.assay.internal.problem.Require;
import dev.assay.run.gpu.GpuNames;
import java.util.Set;

/// Where the value of a program's environment variable comes from.
public sealed interface EnvironmentValue {
  /// The study file.
  ///
  /// @param template with placeholders
  record Written(String template) implements EnvironmentValue {}

  /// The environment of Assay's own process.
  ///
  /// @param variable of it
  record From(String variable) implements EnvironmentValue {
    public From {
      Require.named("env", "from", variable);
    }
  }

  /// What every trial is told; see [CommandRunner].
  Set<String> OF_TRIALS =
      Set.of(
          "ASSAY_TRIAL",
          TrialDirectories.VARIABLE,
          ProgramRun.VARIABLE,
          "ASSAY_PARAMS",
          "ASSAY_SEED",
          "ASSAY_REPEAT",
          "ASSAY_STUDY",
          "ASSAY_REPORT",
          "ASSAY_CHECKPOINT_DIR",
          "ASSAY_START_STEP",
          "ASSAY_STOP_STEP");

  /// What tells a trial which GPUs it leased.
  Set<String> OF_LEASES = Set.of(GpuNames.VARIABLE, GpuNames.ORDER);

  /// Whether a template is no secret: it has placeholders only, and says nothing itself.
  static boolean isOpen(String template) {
    return template.matches("(?:\\{" + CommandTemplate.NAME + "\\})+");
  }
}

package dev.assay.run.command;

import dev.assay.problem.Require;

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

  /// Whether a template is no secret: it has placeholders only, and says nothing itself.
  static boolean isOpen(String template) {
    return template.matches("(?:\\{" + CommandTemplate.NAME + "\\})+");
  }
}

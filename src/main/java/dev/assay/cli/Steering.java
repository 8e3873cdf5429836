package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.run.control.ControlCommand;
import dev.assay.run.control.Mailbox;
import dev.assay.run.control.Standing;

/// How the commands that steer a study reach those who run it.
final class Steering {
  private Steering() {}

  /// @throws Problem where nobody runs the study
  static void send(NamedStudy study, ControlCommand command) {
    if (Standing.state(study.standings()) == null) {
      throw new Problem(
          "Nobody runs the study now.",
          study.name(),
          "Run it: assay tune FILE, or assay serve FILE.");
    }
    mailbox(study).send(command);
  }

  /// Leaves a command for those who run the study, or will.
  static void leave(NamedStudy study, ControlCommand command) {
    mailbox(study).send(command);
  }

  private static Mailbox mailbox(NamedStudy study) {
    var mailbox = study.mailbox();
    if (mailbox == null) {
      throw new Problem(
          "Only studies in a file or a database can be steered.",
          study.url().toString(),
          "Use sqlite:PATH or postgresql://...");
    }
    return mailbox;
  }
}

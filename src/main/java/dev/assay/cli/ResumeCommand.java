package dev.assay.cli;

import dev.assay.run.control.ControlCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Ends the pause of a study that another process runs.
@Command(name = "resume", description = "Let trials of a paused study begin again.")
final class ResumeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  ResumeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    Steering.send(named, new ControlCommand.Resume());
    console.note("It goes on once it has read that.");
    return ExitCode.DONE;
  }
}

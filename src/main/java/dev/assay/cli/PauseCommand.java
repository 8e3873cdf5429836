package dev.assay.cli;

import dev.assay.run.control.ControlCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Pauses a study that another process runs.
@Command(name = "pause", description = "Let no new trial of a study begin; those under way end.")
final class PauseCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  PauseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    Steering.send(named, new ControlCommand.Pause());
    console.note("It pauses once it has read that; assay resume goes on.");
    return ExitCode.DONE;
  }
}

package dev.assay.cli;

import dev.assay.run.control.ControlCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Stops a study that another process runs.
@Command(
    name = "stop",
    description = "End a study's search in order, as Ctrl-C does; the same command goes on.")
final class StopCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  StopCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    Steering.send(named, new ControlCommand.Stop());
    console.note("It ends once it has read that; trials under way go back to waiting.");
    return ExitCode.DONE;
  }
}

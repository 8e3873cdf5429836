package dev.assay.cli;

import dev.assay.run.ControlCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Stops a study that another process runs.
@Command(
    name = "stop",
    description = "End a study's search in order, as Ctrl-C does; the same command goes on.")
final class StopCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "STUDY", description = "a study's name, or sqlite:PATH#NAME")
  private String study = "";

  StopCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = NamedStudy.of(study);
    Steering.send(named, new ControlCommand.Stop());
    console.note("It ends once it has read that; trials under way go back to waiting.");
    return ExitCode.DONE;
  }
}

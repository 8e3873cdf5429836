package dev.assay.cli;

import dev.assay.run.ControlCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Pauses a study that another process runs.
@Command(name = "pause", description = "Let no new trial of a study begin; those under way end.")
final class PauseCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "STUDY", description = "a study's name, or sqlite:PATH#NAME")
  private String study = "";

  PauseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = NamedStudy.of(study);
    Steering.send(named, new ControlCommand.Pause());
    console.note("It pauses once it has read that; assay resume goes on.");
    return ExitCode.DONE;
  }
}

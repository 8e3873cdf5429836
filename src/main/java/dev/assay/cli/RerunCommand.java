package dev.assay.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Puts a trial's configuration in line once more.
@Command(name = "rerun", description = "Try a trial's configuration once more, as a new trial.")
final class RerunCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "STUDY",
      description = "a study's name, or sqlite:PATH#NAME")
  private String study = "";

  @Parameters(index = "1", paramLabel = "TRIAL", description = "a trial's number")
  private int trial;

  RerunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    EnqueueCommand.put(NamedStudy.of(study), trial, List.of(), console);
    return ExitCode.DONE;
  }
}

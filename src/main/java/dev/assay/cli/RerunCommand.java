package dev.assay.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Puts a trial's configuration in line once more.
@Command(name = "rerun", description = "Try a trial's configuration once more, as a new trial.")
final class RerunCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(index = "1", paramLabel = "TRIAL", description = "a trial's number")
  private int trial;

  RerunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    EnqueueCommand.put(study.find(), trial, List.of(), console);
    return ExitCode.DONE;
  }
}

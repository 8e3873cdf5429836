package dev.assay.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Gives a study another name.
@Command(name = "rename", description = "Give a study another name.")
final class RenameCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(index = "1", paramLabel = "NAME", description = "its new name")
  private String name = "";

  RenameCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    new StudyUpkeep(study.find()).rename(name);
    console.note("Change name: in its study file too, so that the same command goes on with it.");
    return ExitCode.DONE;
  }
}

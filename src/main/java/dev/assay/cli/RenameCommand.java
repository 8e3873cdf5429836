package dev.assay.cli;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Gives a study another name.
@Command(name = "rename", description = "Give a study another name.")
final class RenameCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "STUDY",
      description = "a study's name, or sqlite:PATH#NAME")
  private String study = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "its new name")
  private String name = "";

  RenameCommand(Console console) {
    this.console = console;
  }

  /// The directory goes last: one that still has the old name is found by that, whatever is in it.
  @Override
  public Integer call() {
    var named = NamedStudy.of(study);
    StudyPlace.requireFitting(name);
    if (name.isBlank()) {
      throw new Problem("The study has no name.", "a blank one", "Write one that says what it is.");
    }
    var from = named.directory();
    var to = StudyPlace.current().directory(name);
    if (from != null && Files.exists(to)) {
      throw new Problem(
          "There is a study of that name already.", name + " in " + to, "Choose another name.");
    }
    named.change(storage -> storage.rename(named.name(), name));
    try {
      if (from != null) {
        Files.move(from, to);
      } else if (Files.isDirectory(named.trials())) {
        Files.move(named.trials(), named.trials().resolveSibling(StudyPlace.encoded(name)));
      }
    } catch (IOException e) {
      throw new Problem(
          "The study has its new name, but its files could not be moved.",
          String.valueOf(e.getMessage()),
          "Make the directory writable, and move them by hand.",
          e);
    }
    console.note("Change name: in its study file too, so that the same command goes on with it.");
    return ExitCode.DONE;
  }
}

package dev.assay.cli;

import dev.assay.internal.storage.StudyCopy;
import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.problem.Problem;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Makes another study of a study's trials.
@Command(
    name = "copy",
    description = "Make another study with the same trials; files of trials stay with the first.")
final class CopyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "the copy's name, or a storage URL: sqlite:PATH#NAME")
  private String name = "";

  CopyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    var url = StorageUrl.isUrl(name) ? StorageUrl.parse(name) : null;
    var target = url == null ? name : url.study() == null ? named.name() : url.study();
    var location = StudyLocation.of(target, url == null ? null : name);
    if (location.url() instanceof StorageUrl.Memory) {
      throw new Problem(
          "What is copied into memory is gone with this command.", name, "Use sqlite:PATH#NAME.");
    }
    if (url == null && StudyPlace.current().has(target)) {
      throw new Problem("There is a study of that name already.", target, "Choose another name.");
    }
    try (var from = named.open();
        var storage = location.open()) {
      StudyCopy.of(from, target, storage);
    }
    console.note("Copied to " + target + ".");
    return ExitCode.DONE;
  }
}

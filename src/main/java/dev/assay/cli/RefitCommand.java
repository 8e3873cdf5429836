package dev.assay.cli;

import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.spec.StudyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Trains a study's best configuration on all its data, and saves the model.
@Command(name = "refit", description = "Train the best configuration on all the data, and save it.")
final class RefitCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Option(names = "--out", paramLabel = "DIR", description = "where the model goes")
  private @Nullable Path out;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "the study file, where it was moved since")
  private @Nullable Path file;

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  RefitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    var named = study.find();
    var view = named.view();
    var spec = StudyFile.read(path(view), view.overrides());
    var report = named.report().toAbsolutePath();
    var directory = out != null ? out : Objects.requireNonNull(report.getParent()).resolve("model");
    Refit.run(spec, view, new BackendSelector().trainer(backend), directory);
    if (json) {
      console.json(Map.of("model", directory.toString()));
    } else {
      console.line("Model: " + directory);
      console.line("Apply it:  assay predict " + directory + " DATA.csv");
    }
    return ExitCode.DONE;
  }

  private Path path(StudyView view) {
    var known = file != null ? file.toString() : view.facts().get(StudyView.STUDY_PATH);
    if (known instanceof String text && Files.isRegularFile(Path.of(text))) {
      return Path.of(text);
    }
    throw new Problem(
        "The study file is not where it was.",
        known == null ? "no path is stored with " + view.name() : known.toString(),
        "Say where it is: --file FILE.");
  }
}

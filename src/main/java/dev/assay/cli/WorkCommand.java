package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.run.BuildInfo;
import dev.assay.spec.StudyFile;
import dev.assay.storage.sql.StorageUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs trials of a study that somebody began, on whatever machine: the study brings its file
/// along.
@Command(
    name = "work",
    description =
        "Run trials of a study that somebody began elsewhere. It brings its study file along; what"
            + " the file names must be on this machine too.")
final class WorkCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "URL",
      description = "postgresql://USER@HOST/DB#NAME, or sqlite:PATH#NAME")
  private String url = "";

  @Option(names = "--parallel", paramLabel = "N", description = "trials at once on this machine")
  private @Nullable Integer parallel;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "what relative paths of the study file begin at here (where the file is, or else the"
              + " working directory)")
  private @Nullable Path directory;

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  @Option(names = "--quiet", description = "no progress, no summary")
  private boolean quiet;

  WorkCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!StorageUrl.isUrl(url)) {
      throw new Problem(
          "A worker is told where the study is kept.",
          url,
          "Write postgresql://USER@HOST/DB#NAME.");
    }
    var named = NamedStudy.of(url);
    var view = named.view();
    requireSameVersion(view);
    var spec = file(view);
    if (!spec.name().equals(named.name())) {
      throw new Problem(
          "The study has another name than its study file.",
          named.name() + ", " + spec.name() + " in the file",
          "Rename the study back: assay rename.");
    }
    return TuneCommand.joining(console, url, parallel, backend, quiet).tune(spec);
  }

  /// Versions may propose other trials.
  private static void requireSameVersion(StudyView view) {
    var own = BuildInfo.current().version();
    if (view.facts().get(StudyView.PROVENANCE) instanceof Map<?, ?> provenance
        && provenance.get("version") instanceof String other
        && !other.equals(own)) {
      throw new Problem(
          "The study is run by another version of Assay.",
          view.name() + ": " + other + ", here " + own,
          "Install that version here; or let everybody go on with this one.");
    }
  }

  private StudyFile file(StudyView view) {
    var text = view.studyFile();
    if (text == null) {
      throw new Problem(
          "The study has not brought a study file along.",
          view.name(),
          "Only studies of `assay tune FILE` have one.");
    }
    var path =
        Path.of(String.valueOf(view.facts().getOrDefault(StudyView.STUDY_PATH, "study.yaml")));
    var name = path.getFileName() == null ? Path.of("study.yaml") : path.getFileName();
    var parent = path.getParent();
    var base = directory;
    if (base == null) {
      base = parent != null && Files.isDirectory(parent) ? parent : Path.of("");
    } else if (!Files.isDirectory(base)) {
      throw new Problem(
          "There is no such directory.", base.toString(), "Name where the study's files are here.");
    }
    return StudyFile.parse(base.resolve(name), text, view.overrides());
  }
}

package dev.assay.cli;

import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.problem.Problem;
import dev.assay.remote.RemoteStudy;
import dev.assay.remote.Uplink;
import dev.assay.report.StudyView;
import dev.assay.run.BuildInfo;
import dev.assay.spec.Durations;
import dev.assay.spec.StudyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      description =
          "postgresql://USER@HOST/DB#NAME, sqlite:PATH#NAME, or http://HOST:PORT of who owns the"
              + " study")
  private String url = "";

  @Option(names = "--parallel", paramLabel = "N", description = "trials at once on this machine")
  private @Nullable Integer parallel;

  @Option(
      names = "--gpus",
      paramLabel = "0,2",
      description = "the GPUs that trials may lease on this machine (all that it has)")
  private @Nullable String gpus;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "what relative paths of the study file begin at here (where the file is, or else the"
              + " working directory)")
  private @Nullable Path directory;

  @Option(
      names = "--token",
      paramLabel = "TEXT",
      description = "of the study's owner, for http://HOST:PORT (ASSAY_TOKEN)")
  private @Nullable String token = System.getenv("ASSAY_TOKEN");

  @Option(
      names = "--patience",
      paramLabel = "15m",
      description = "how long to look for an owner that went away (15m)")
  private String patience = "15m";

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  @Option(names = "--quiet", description = "no progress, no summary")
  private boolean quiet;

  WorkCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (Uplink.isAddress(url)) {
      return remote();
    }
    if (!StorageUrl.isUrl(url)) {
      throw new Problem(
          "A worker is told where the study is kept, or who owns it.",
          url,
          "Write postgresql://USER@HOST/DB#NAME, or http://HOST:PORT.");
    }
    var named = NamedStudy.of(url);
    var view = named.view();
    requireSameVersion(view);
    var path = view.facts().get(StudyView.STUDY_PATH);
    var spec =
        file(
            view.name(),
            view.studyFile(),
            path instanceof String text ? text : null,
            view.overrides(),
            directory == null ? Shipping.unpack(named, view.facts()) : null);
    requireName(named.name(), spec);
    Whereabouts.requireSame(spec, view.facts());
    return TuneCommand.joining(console, url, parallel, backend, quiet).tune(spec);
  }

  private int remote() {
    try (var uplink = Uplink.to(url, token)) {
      var study = RemoteStudy.at(uplink);
      var spec =
          file(
              study.name(),
              study.file(),
              study.path(),
              study.overrides(),
              directory == null ? Shipping.unpack(study.facts(), study.files()) : null);
      requireName(study.name(), spec);
      Whereabouts.requireSame(spec, study.facts());
      return new RemoteWork(console, spec, backend, parallel, Durations.parse(patience), quiet)
          .run(study);
    }
  }

  private static void requireName(String name, StudyFile spec) {
    if (!spec.name().equals(name)) {
      throw new Problem(
          "The study has another name than its study file.",
          name + ", " + spec.name() + " in the file",
          "Rename the study back: assay rename.");
    }
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

  /// @param text of the study file
  /// @param origin where it is on the machine where the study was begun
  /// @param shipped where the files are that travelled with it; null: none did
  private StudyFile file(
      String study,
      @Nullable String text,
      @Nullable String origin,
      List<String> overrides,
      @Nullable Path shipped) {
    if (text == null) {
      throw new Problem(
          "The study has not brought a study file along.",
          study,
          "Only studies of `assay tune FILE` and `assay serve FILE` have one.");
    }
    if (directory != null && !Files.isDirectory(directory)) {
      throw new Problem(
          "There is no such directory.",
          directory.toString(),
          "Name where the study's files are here.");
    }
    var all = new ArrayList<>(overrides);
    if (gpus != null) {
      all.addAll(Whereabouts.gpus(gpus));
    }
    var base = directory == null ? shipped : directory;
    return StudyFile.parse(Whereabouts.file(origin, base), text, all);
  }
}

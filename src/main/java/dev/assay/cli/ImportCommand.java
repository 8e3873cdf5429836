package dev.assay.cli;

import dev.assay.exchange.Source;
import dev.assay.exchange.StudyImport;
import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.spec.NewStudyFile;
import dev.assay.spec.StudyFile;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Brings the trials of another tool.
@Command(
    name = "import",
    description = {
      "Bring the trials of another tool, to go on with them or to start from them.",
      "",
      "SOURCE is Optuna's SQLite or journal file, a results directory of Ray Tune, a CSV table, or"
          + " a JSON export of Hyperopt's trials, W&B or MLflow (docs/import-export.md says how to"
          + " write one)."
    },
    footer = {
      "",
      "Examples:",
      "  assay import optuna.db --source-study mlp       writes mlp.yaml; add an objective to it,"
          + " then",
      "  assay tune mlp.yaml                             goes on with all of its trials",
      "  assay import runs.csv --minimize loss --params lr,layers",
      "  assay import ~/ray_results/mlp --maximize accuracy --file study.yaml"
    })
final class ImportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "SOURCE", description = "a file or a directory")
  private String source = "";

  @Option(
      names = "--from",
      paramLabel = "TOOL",
      description =
          "optuna, hyperopt, ray, csv, wandb or mlflow; the content says which if nothing is said")
  private @Nullable String tool;

  @Option(
      names = "--source-study",
      paramLabel = "NAME",
      description = "which study of the source, where it has several")
  private @Nullable String sourceStudy;

  @Option(names = "--name", description = "what it is called here; the source's name if unsaid")
  private @Nullable String name;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "a study file whose study this becomes; written where there is none. NAME.yaml if unsaid")
  private @Nullable Path file;

  @Option(
      names = "--minimize",
      paramLabel = "METRIC",
      split = ",",
      description = "the metric of which less is better; several with commas")
  private List<String> minimize = new ArrayList<>();

  @Option(
      names = "--maximize",
      paramLabel = "METRIC",
      split = ",",
      description = "the metric of which more is better")
  private List<String> maximize = new ArrayList<>();

  @Option(
      names = "--params",
      paramLabel = "NAME,...",
      split = ",",
      description = "which columns or keys are parameters, where the source does not tell")
  private List<String> params = new ArrayList<>();

  @Option(
      names = "--storage",
      paramLabel = "URL",
      description = "sqlite:PATH or postgresql://USER@HOST/DB")
  private @Nullable String storage;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    var existing = file != null && Files.exists(file) ? StudyFile.read(file, List.of()) : null;
    if (existing != null && name != null && !existing.name().equals(name)) {
      throw new Problem(
          "The study file names another study.",
          "--name " + name + ", and " + existing.name() + " in " + file,
          "Leave out --name.");
    }
    var read =
        StudyImport.read(
            new Source(Source.path(source), tool, sourceStudy, objectives(existing), params));
    var study = existing == null ? read : read.in(existing.searched(), String.valueOf(file));
    var target = existing != null ? existing.name() : name != null ? name : study.name();
    var url = storage == null && existing != null ? existing.storage() : storage;
    var location = StudyLocation.of(target, url);
    if (url != null && StorageUrl.parse(url) instanceof StorageUrl.Memory) {
      throw new Problem(
          "Memory keeps no import: it ends with the command.", url, "Write --storage sqlite:PATH.");
    }
    boolean writes = existing == null && !study.space().isOpen();
    var written = writes ? fileToWrite(target) : null;
    var text = existing != null ? existing.text() : writes ? text(study, target) : null;
    try (var opened = location.open()) {
      Map<String, Object> facts = text == null ? Map.of() : Map.of(StudyView.STUDY_FILE, text);
      study.store(opened, target, facts);
    }
    if (written != null && text != null) {
      write(written, text);
    }
    tell(study, target, written != null ? written : file);
    return ExitCode.DONE;
  }

  private List<Objective> objectives(@Nullable StudyFile existing) {
    if (minimize.isEmpty() && maximize.isEmpty()) {
      return existing == null ? List.of() : existing.objectives();
    }
    return Stream.concat(
            minimize.stream().map(metric -> new Objective(metric, Direction.MINIMIZE)),
            maximize.stream().map(metric -> new Objective(metric, Direction.MAXIMIZE)))
        .toList();
  }

  private Path fileToWrite(String target) {
    var path = file != null ? file : Path.of(StudyPlace.encoded(target) + ".yaml");
    if (Files.exists(path)) {
      throw new Problem(
          "The study file that would be written exists already.",
          path.toString(),
          "Go on with it: --file " + path + "; or name another one: --file FILE.");
    }
    return path;
  }

  private String text(StudyImport study, String target) {
    return NewStudyFile.of(
        List.of(
            "Imported from " + study.tool() + ": " + study.size() + " trials.",
            "Say what gives a configuration its values, then: assay tune FILE",
            "  objective: {command: [python3, train.py, --lr, '{lr}']}",
            "Ranges are as wide as what was declared or tried: widen them as you like."),
        target,
        study.objectives(),
        study.space(),
        storage);
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new Problem(
          "The study was imported, but its study file cannot be written.",
          path + ": " + e,
          "`assay best STUDY` shows it all the same; its text is kept with the study.",
          e);
    }
  }

  private void tell(StudyImport study, String target, @Nullable Path file) {
    if (json) {
      var document = new LinkedHashMap<String, @Nullable Object>();
      document.put("study", target);
      document.put("from", study.tool());
      document.put("trials", study.size());
      for (var state : TrialState.values()) {
        document.put(state.word(), study.count(state));
      }
      document.put("file", file == null ? null : file.toString());
      document.put("remarks", study.remarks());
      console.json(document);
      return;
    }
    console.line(
        "Imported %d trials as \"%s\": %d complete, %d pruned, %d failed, %d waiting."
            .formatted(
                study.size(),
                target,
                study.count(TrialState.COMPLETE),
                study.count(TrialState.PRUNED),
                study.count(TrialState.FAILED),
                study.count(TrialState.WAITING)));
    study.remarks().forEach(console::note);
    if (file == null) {
      console.note(
          "Nothing tells under which values each parameter exists, so no study file was written:"
              + " write one with conditions (when:), then import into it: --file FILE.");
    } else {
      console.line("Study file: " + file + ". Add an objective, then: assay tune " + file);
    }
  }
}

package dev.assay.cli;

import dev.assay.device.BackendSelector;
import dev.assay.files.Trees;
import dev.assay.internal.words.Written;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.report.Figures;
import dev.assay.run.TrialRunner;
import dev.assay.run.command.CommandRunner;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import dev.assay.spec.TrainerAssembly;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Budget;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs one trial with every parameter at its default, or as near to it as constraints allow, and
/// shows what came of it.
@Command(name = "try", description = "Run one default trial and show what was found.")
final class TryCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "the study file")
  private Path file = Path.of("");

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "change the study file")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "of the back end: a number or a part of its name, as doctor lists them")
  private @Nullable String device;

  TryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var spec = StudyFile.read(file, settings);
    var assembly = new Assembly(spec);
    var directory = StudyPlace.current().directory(spec.name()).resolve("try");
    clear(directory);
    var rehearsal = new Rehearsal(console, spec.objectives(), spec.constraints());
    for (var column : spec.locate(() -> TrainerAssembly.columns(spec))) {
      console.line("column      " + column.name() + ": " + column.words());
    }
    var chosen = new BackendSelector(backend, device).trainer(backend);
    var runner = spec.locate(() -> assembly.runner(chosen, directory, rehearsal));
    console.line("objective   " + Written.of(described(runner)));
    var parameters = tried(spec.searched()).values();
    console.line("parameters  " + Written.of(parameters));
    if (runner instanceof CommandRunner program && !program.unnamed(spec.searched()).isEmpty()) {
      console.line(
          "not passed  "
              + String.join(", ", program.unnamed(spec.searched()))
              + ": no word of the command, so the program has to read ASSAY_PARAMS");
    }
    try (var storage = new InMemoryStorage();
        var study = assembly.study(storage, runner.describe()).start(parameters).open();
        var _ = new Interruption(Thread.currentThread(), runner::kill, console)) {
      var result = runner.run(study, Budget.trials(1), 1);
      if (result.reason() == StopReason.INTERRUPTED) {
        return ExitCode.INTERRUPTED;
      }
      return show(study.trials().getFirst(), spec);
    }
  }

  /// The defaults; where nobody gave them all and they break constraints, or are no row of a list,
  /// what is near and may be tried.
  private static Configuration tried(SearchSpace space) {
    var defaults = space.defaults();
    boolean given = space.parameters().stream().allMatch(p -> p.initial() != null);
    var near = given ? null : space.near(defaults, new Streams(0).stream(0, Purpose.PROPOSAL));
    return near == null ? defaults : near;
  }

  private static Map<String, @Nullable Object> described(TrialRunner runner) {
    var described = new LinkedHashMap<String, @Nullable Object>(runner.describe());
    described
        .values()
        .removeIf(
            part -> part instanceof StudyDefinition.Undisclosed hidden && hidden.stored() == null);
    return described;
  }

  /// A program must not find what an earlier try left.
  private static void clear(Path directory) {
    try {
      Trees.remove(directory);
    } catch (IOException | UncheckedIOException e) {
      throw new Problem(
          "What an earlier try left cannot be removed.",
          directory + ": " + e,
          "Remove that directory.",
          e);
    }
  }

  private int show(TrialRecord trial, StudyFile spec) {
    if (trial.state() != TrialState.COMPLETE) {
      var cause = trial.cause() == null ? "" : ": " + trial.cause().word().replace('_', ' ');
      var detail = trial.detail().lines().findFirst().orElse("");
      console.line(
          "the trial " + trial.state().word() + cause + (detail.isEmpty() ? "" : ", " + detail));
      return ExitCode.NO_TRIAL_COMPLETED;
    }
    for (int i = 0; i < trial.values().size(); i++) {
      console.line(
          String.format(
              "%-11s %s",
              spec.objectives().get(i).metric(), Figures.number(trial.values().get(i))));
    }
    console.line("time        " + Figures.duration(trial.seconds()));
    return ExitCode.DONE;
  }
}

package dev.assay.cli;

import dev.assay.device.BackendSelector;
import dev.assay.report.Figures;
import dev.assay.spec.Assembly;
import dev.assay.spec.StudyFile;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Budget;
import dev.assay.study.TrialRecord;
import dev.assay.study.TrialState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs one trial with every parameter at its default, and shows what came of it.
@Command(name = "try", description = "Run one default trial and show what was found.")
final class TryCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "the study file")
  private Path file = Path.of("");

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "change the study file")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--backend", defaultValue = "auto", description = "auto, cpu, cuda or tornado")
  private String backend = "auto";

  TryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var spec = StudyFile.read(file, settings);
    var assembly = new Assembly(spec);
    var chosen = new BackendSelector().choose(backend);
    var runner = spec.locate(() -> assembly.runner(chosen));
    console.line("objective   " + runner.describe());
    console.line("parameters  " + spec.space().defaults().values());
    try (var storage = new InMemoryStorage();
        var study =
            assembly
                .study(storage, runner.describe())
                .start(spec.space().defaults().values())
                .open()) {
      runner.run(study, Budget.trials(1), 1);
      return show(study.trials().getFirst(), spec);
    }
  }

  private int show(TrialRecord trial, StudyFile spec) {
    if (trial.state() != TrialState.COMPLETE) {
      console.line(
          "the trial " + trial.state().word() + ": " + trial.cause() + ", " + trial.detail());
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

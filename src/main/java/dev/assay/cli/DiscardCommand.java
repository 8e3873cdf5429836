package dev.assay.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Marks trials that nothing is to be learned from.
@Command(
    name = "discard",
    description = "Keep trials, marked, and learn no more from them: a wrong run, a bug of then.")
final class DiscardCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TRIAL",
      description = "trials that have ended")
  private List<Integer> trials = List.of();

  @Option(names = "--undo", description = "take it back: they count again")
  private boolean undo;

  DiscardCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    var view = named.view();
    trials.forEach(trial -> TrialArgument.of(view, trial)); // all or none
    var upkeep = new StudyUpkeep(named);
    trials.forEach(trial -> upkeep.discard(trial, !undo));
    console.note(
        (trials.size() == 1 ? "It counts" : "They count") + (undo ? " again." : " no more."));
    return ExitCode.DONE;
  }
}

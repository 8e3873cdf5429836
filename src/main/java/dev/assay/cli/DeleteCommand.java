package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.trial.TrialState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Removes a study for good.
@Command(
    name = "delete",
    description = "Remove a study for good: its trials, their files, its report and models.")
final class DeleteCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Option(names = "--yes", description = "without being asked")
  private boolean yes;

  DeleteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    if (!yes && !isConfirmed(named)) {
      console.note("Nothing was removed.");
      return ExitCode.DONE;
    }
    new StudyUpkeep(named).delete();
    console.note("Removed " + named.name() + ".");
    return ExitCode.DONE;
  }

  private boolean isConfirmed(NamedStudy named) {
    var terminal = System.console();
    if (terminal == null || !terminal.isTerminal()) {
      throw new Problem(
          "Nobody is there to be asked.", named.name(), "Say --yes to remove it for good.");
    }
    int trials = named.view().count(TrialState.COMPLETE);
    console.note(
        "Remove " + named.name() + " and its " + trials + " completed trials for good? [y/N]");
    var answer = terminal.readLine();
    return answer != null && answer.strip().toLowerCase(java.util.Locale.ROOT).startsWith("y");
  }
}

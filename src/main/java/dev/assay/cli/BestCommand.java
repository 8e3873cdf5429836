package dev.assay.cli;

import dev.assay.report.ResultDocument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints the best trial of a study, or its Pareto set.
@Command(name = "best", description = "Print the best trial, or the Pareto set.")
final class BestCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "STUDY", description = "a study's name, or sqlite:PATH#NAME")
  private String study = "";

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  BestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var view = StudyArgument.read(study).view();
    if (json) {
      console.json(ResultDocument.of(view));
    } else {
      Summary.lines(view).forEach(console::line);
    }
    return view.best().isEmpty() ? ExitCode.NO_TRIAL_COMPLETED : ExitCode.DONE;
  }
}

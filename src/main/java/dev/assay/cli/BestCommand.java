package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.report.ResultDocument;
import dev.assay.report.StudyView;
import dev.assay.spec.RerunFile;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialState;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints the best trial of a study, or its Pareto set.
@Command(name = "best", description = "Print the best trial, or the Pareto set.")
final class BestCommand implements Callable<Integer> {
  static final String CONFIRM = "--confirm";

  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  @Option(
      names = "--study-file",
      description = "print a study file that runs the best configuration once more")
  private boolean studyFile;

  @Option(
      names = CONFIRM,
      paramLabel = "N",
      description = "run the best configurations N times more first, as tune --confirm")
  private @Nullable Integer confirm;

  @Option(
      names = "--backend",
      defaultValue = "auto",
      description = "of --confirm: auto, cpu, cuda or tornado")
  private String backend = "auto";

  BestCommand(Console console) {
    this.console = console;
  }

  BestCommand(Console console, String study, boolean json) {
    this(console);
    this.study = new StudyParameter(study);
    this.json = json;
  }

  @Override
  public Integer call() {
    var found = study.find();
    if (confirm != null) {
      int code = new Confirming(console, backend).run(found, confirm);
      if (code != ExitCode.DONE) {
        return code;
      }
    }
    var view = found.sketch();
    if (json && view.sketch() != null && view.count(TrialState.FAILED) > 0) {
      view = found.view(); // what failures teach is learned from all trials
    }
    if (studyFile && !view.best().isEmpty()) {
      console.text(rerun(view));
    } else if (json) {
      console.json(ResultDocument.of(view));
    } else {
      Summary.lines(view).forEach(console::line);
    }
    return view.best().isEmpty() ? ExitCode.NO_TRIAL_COMPLETED : ExitCode.DONE;
  }

  private String rerun(StudyView view) {
    var file = view.studyFile();
    if (file == null) {
      throw new Problem(
          "The study has no study file.",
          view.name(),
          "It was run by a program; `assay best STUDY --json` has the configuration.");
    }
    var best = view.chosen().getFirst();
    var rerun =
        RerunFile.of(
            file,
            view.overrides(),
            view.name() + " trial " + best.number(),
            best.configuration().values());
    var segment = Segment.of(best);
    if (segment == null || segment.whole() != null) {
      return rerun; // one configuration all the way
    }
    console.note(
        "The best model was trained in a population; this file has its last parameters only.");
    var comment =
        new StringBuilder(
            """
            # The best model was trained in a population, up to step %d, by a schedule that a study file cannot say. This file
            # trains all steps with the last parameters, and will find another model; of the built-in trainer, assay refit
            # trains the schedule.
            """
                .formatted(segment.to()));
    Summary.schedule(best, view).forEach(line -> comment.append("# ").append(line).append('\n'));
    return comment + rerun;
  }
}

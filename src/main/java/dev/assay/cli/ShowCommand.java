package dev.assay.cli;

import dev.assay.report.Notes;
import dev.assay.report.StudySheet;
import dev.assay.report.TrialsDocument;
import dev.assay.run.control.Standing;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says what a study or a trial is and how it stands.
@Command(name = "show", description = "Say what a study or a trial is, and how it stands.")
final class ShowCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(index = "1", arity = "0..1", paramLabel = "TRIAL", description = "a trial's number")
  private @Nullable Integer trial;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  ShowCommand(Console console) {
    this.console = console;
  }

  ShowCommand(Console console, String study, @Nullable Integer trial, boolean json) {
    this(console);
    this.study = new StudyParameter(study);
    this.trial = trial;
    this.json = json;
  }

  @Override
  public Integer call() {
    var named = study.find();
    var view = trial != null || json ? named.view() : named.sketch();
    if (trial != null) {
      var record = TrialArgument.of(view, trial);
      if (json) {
        var document = TrialsDocument.of(record, view.objectives());
        document.put("note", Notes.ofTrial(view.facts(), trial));
        console.json(document);
      } else {
        StudySheet.lines(view, record, Terminal.columns()).forEach(console::line);
      }
      return ExitCode.DONE;
    }
    var place = named.url().toString();
    var standings = named.standings();
    if (json) {
      console.json(StudySheet.document(view, place, standings));
    } else {
      StudySheet.lines(view, place, Standing.state(standings), Terminal.columns())
          .forEach(console::line);
      console.line("");
      Summary.lines(view).forEach(console::line);
    }
    return ExitCode.DONE;
  }
}

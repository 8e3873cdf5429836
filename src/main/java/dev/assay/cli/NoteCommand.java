package dev.assay.cli;

import dev.assay.report.Notes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes down what a person wants to remember of a study or a trial.
@Command(name = "note", description = "Write a note on a study or a trial, or read it.")
final class NoteCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "TEXT",
      description = "the note, in place of the one before; '' removes it; none: print it")
  private List<String> words = new ArrayList<>();

  @Option(names = "--trial", paramLabel = "TRIAL", description = "on this trial")
  private @Nullable Integer trial;

  NoteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    if (words.isEmpty()) {
      var view = named.view();
      if (trial != null) {
        TrialArgument.of(view, trial);
      }
      var note = trial == null ? Notes.ofStudy(view.facts()) : Notes.ofTrial(view.facts(), trial);
      console.line(note == null ? "" : note);
      return ExitCode.DONE;
    }
    new StudyUpkeep(named).note(trial, String.join(" ", words));
    return ExitCode.DONE;
  }
}

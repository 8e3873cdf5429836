package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.report.HtmlReport;
import dev.assay.report.StudyView;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.ShownFile;
import dev.assay.spec.StudyFile;
import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the finalists of a stored study again, whose file it has kept.
final class Confirming {
  private static final String WHAT = "The finalists cannot be run again from here.";

  private final Console console;
  private final String backend;

  Confirming(Console console, String backend) {
    this.console = console;
    this.backend = backend;
  }

  /// Runs what is missing, and writes the report anew.
  ///
  /// @param runs of each finalist in all
  /// @return an exit code
  /// @throws Problem where there is nothing to confirm, or what the study tries cannot be run here
  int run(NamedStudy named, int runs) {
    var view = named.view();
    if (view.searched().stream().noneMatch(trial -> trial.state() == TrialState.COMPLETE)) {
      throw new Problem(
          "There is nothing to confirm.", view.name() + ": no trial is complete", "Run it first.");
    }
    if (!named.standings().isEmpty()) {
      throw new Problem(
          "The study is being run: its finalists are not known yet.",
          view.name(),
          "Wait for its end, or stop it: assay stop " + view.name());
    }
    var text = view.studyFile();
    if (text == null) {
      throw new Problem(
          WHAT,
          view.name() + " was run by a program: what it tried is a function there",
          "Confirm there: StudyBuilder.confirm in Java, confirm= in Python.");
    }
    var file = file(named, view, text, runs);
    switch (file.objective()) {
      case ObjectiveSpec.Table _ ->
          throw new Problem(
              "A table has one value for each configuration: running it again tells nothing.",
              view.name(),
              "Run what was recorded there, in a study of its own, with confirm: " + runs + ".");
      case ObjectiveSpec.AskTell _ ->
          throw new Problem(
              WHAT,
              view.name() + ": its trials are run by whoever asks for them",
              "Serve its file with confirm: " + runs + ", and let those ask again.");
      case ObjectiveSpec.Train _,
          ObjectiveSpec.Command _,
          ObjectiveSpec.Kernel _,
          ObjectiveSpec.Function _ -> {}
    }
    Whereabouts.requireSame(file, view.facts());
    var location = new StudyLocation(named.url(), named.report(), named.trials());
    int code = TuneCommand.confirming(console, backend).tune(file, location);
    HtmlReport.write(named.view(), named.report());
    return code;
  }

  private static StudyFile file(NamedStudy named, StudyView view, String text, int runs) {
    long searched = view.trials().stream().filter(trial -> !Confirmation.is(trial)).count();
    var settings = new ArrayList<>(view.overrides());
    settings.add("name=" + quoted(named.name())); // it may have got another one since
    settings.add("budget={trials: " + searched + "}"); // nothing more is searched
    settings.add("confirm=" + runs);
    var origin = view.facts().get(StudyView.STUDY_PATH) instanceof String path ? path : null;
    var place = Whereabouts.file(origin, null);
    return StudyFile.parse(place, whole(place, text, view.overrides()), settings);
  }

  private static String quoted(String name) {
    return "'" + name.replace("'", "''") + "'";
  }

  /// The text that stands in the file where that is still what was stored, since values that may be
  /// secrets were not; else what was stored.
  private static String whole(Path file, String stored, List<String> overrides) {
    try {
      var text = Files.readString(file);
      return ShownFile.of(text, overrides).text().equals(stored) ? text : stored;
    } catch (IOException | Problem e) {
      return stored;
    }
  }
}

package dev.assay.cli;

import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.problem.Problem;
import dev.assay.report.Columns;
import dev.assay.report.Figures;
import dev.assay.report.ReportData;
import dev.assay.report.StudyThumbnail;
import dev.assay.report.StudyView;
import dev.assay.run.control.Standing;
import dev.assay.trial.TrialState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists the studies that there are.
@Command(name = "list", description = "List the studies, with how they stand.")
final class ListCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "STORAGE",
      description =
          "sqlite:PATH or postgresql://USER@HOST/DB; results/studies (ASSAY_STUDIES) when left out")
  private @Nullable String storage;

  @Option(names = "--names", description = "print the names alone, one a line")
  private boolean names;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  ListCommand(Console console) {
    this.console = console;
  }

  ListCommand(Console console, boolean names, boolean json) {
    this(console);
    this.names = names;
    this.json = json;
  }

  @Override
  public Integer call() {
    var studies = studies();
    if (names) {
      studies.forEach(console::line);
    } else if (json) {
      console.json(studies.stream().map(this::document).toList());
    } else if (studies.isEmpty()) {
      console.note(none());
    } else {
      var rows = new ArrayList<List<String>>();
      rows.add(List.of("study", "state", "trials", "failed", "best", "last"));
      studies.forEach(study -> rows.add(row(study)));
      console.text(Columns.text(rows, "<<>>><", Terminal.columns()));
    }
    return ExitCode.DONE;
  }

  /// Why there is nothing to show.
  private String none() {
    var closed = storage == null ? StudyPlace.current().closed() : List.<String>of();
    return closed.isEmpty()
        ? "There are no studies here yet: assay tune FILE makes one."
        : "There are no studies here that may be read. Closed: "
            + String.join(", ", closed.subList(0, Math.min(5, closed.size())))
            + (closed.size() > 5 ? " and " + (closed.size() - 5) + " more" : "")
            + ". Their owner can let you: chmod -R o+rX.";
  }

  private List<String> studies() {
    var asked = storage;
    if (asked == null) {
      return StudyPlace.current().names();
    }
    if (!StorageUrl.isUrl(asked)) {
      throw new Problem(
          "Only a storage has a list of studies.",
          asked,
          "Write sqlite:PATH; or `assay show " + asked + "` for one study.");
    }
    try (var opened = StorageUrl.parse(asked).open()) {
      return opened.names();
    }
  }

  private NamedStudy named(String name) {
    return NamedStudy.of(storage == null ? name : storage + "#" + name);
  }

  private Map<String, @Nullable Object> document(String name) {
    try {
      var study = named(name);
      return StudyThumbnail.of(
          name, study.read(ReportData.Source::of), Standing.state(study.standings()));
    } catch (Problem e) {
      return StudyThumbnail.unreadable(name, e);
    }
  }

  private List<String> row(String name) {
    try {
      var study = named(name);
      var view = study.line();
      var state = Standing.state(study.standings());
      return List.of(
          name,
          state == null ? "-" : state,
          Integer.toString(view.count(TrialState.COMPLETE)),
          Integer.toString(view.count(TrialState.FAILED)),
          best(view),
          last(view));
    } catch (Problem e) {
      return List.of(name, "unreadable", "", "", "", e.what());
    }
  }

  private static String best(StudyView view) {
    var best = view.best();
    var metric = view.objectives().getFirst().metric();
    return switch (best.size()) {
      case 0 -> "";
      case 1 -> metric + " " + Figures.number(best.getFirst().value());
      default -> best.size() + " in the Pareto set";
    };
  }

  /// How long ago something happened last.
  private static String last(StudyView view) {
    double millis = view.lastMillis();
    if (millis == 0) {
      return "";
    }
    var since = Duration.between(Instant.ofEpochMilli((long) millis), Instant.now());
    return Figures.duration(Math.max(1, since.toSeconds())) + " ago";
  }
}

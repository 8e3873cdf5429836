package dev.assay.cli;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.CsvExport;
import dev.assay.report.TrialSelection;
import dev.assay.report.TrialsDocument;
import dev.assay.report.TrialsTable;
import dev.assay.storage.StoredStudy;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists the trials of a study.
@Command(name = "trials", description = "List the trials: as a table, CSV or JSON.")
final class TrialsCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Option(names = "--format", description = "table, csv or json", defaultValue = "table")
  private String format = "table";

  @Option(names = "--json", description = "the same as --format json")
  private boolean json;

  @Option(names = "--top", paramLabel = "N", description = "the best N trials")
  private @Nullable Integer top;

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      description = "a metric (best first), parameter, time, ...; -COLUMN turns the order round")
  private @Nullable String sort;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "complete, pruned, failed, running, waiting, discarded")
  private List<String> states = new ArrayList<>();

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description = "of the table: id, state, metrics, parameters, time, cause, attributes, ...")
  private List<String> columns = new ArrayList<>();

  TrialsCommand(Console console) {
    this.console = console;
  }

  TrialsCommand(Console console, String study, String format, @Nullable Integer top) {
    this(console);
    this.study = new StudyParameter(study);
    this.format = format;
    this.top = top;
  }

  @Override
  public Integer call() throws IOException {
    var formats = List.of("table", "csv", "json");
    if (!formats.contains(format)) {
      throw new Problem(
          "There is no such format.", "--format " + format, Nearest.suggest(format, formats));
    }
    var selection = new TrialSelection(top, sort, TrialSelection.states(states));
    boolean isJson = json || format.equals("json");
    if (selection.isAll() && (isJson || format.equals("csv"))) {
      console.whole(out -> study.find().read(stored -> write(stored, isJson, out)));
      return ExitCode.DONE;
    }
    var view = study.find().read(selection::read);
    if (isJson) {
      console.json(TrialsDocument.of(view));
    } else if (format.equals("csv")) {
      var csv = new StringBuilder();
      CsvExport.write(view, csv);
      console.text(csv.toString());
    } else if (columns.isEmpty()) {
      console.text(TrialsTable.of(view, Terminal.columns()));
    } else {
      console.text(TrialsTable.of(view, columns, Terminal.columns()));
    }
    return ExitCode.DONE;
  }

  private static int write(StoredStudy stored, boolean isJson, PrintStream out) {
    if (!isJson) {
      return CsvExport.write(stored, out);
    }
    int trials = TrialsDocument.write(stored, Console.jsonLayout(), out);
    out.println();
    return trials;
  }
}

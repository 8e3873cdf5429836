package dev.assay.cli;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.CsvExport;
import dev.assay.report.TrialsDocument;
import dev.assay.report.TrialsTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists the trials of a study.
@Command(name = "trials", description = "List the trials: as a table, CSV or JSON.")
final class TrialsCommand implements Callable<Integer> {
  private static final int DEFAULT_COLUMNS = 80;

  private final Console console;

  @Parameters(paramLabel = "STUDY", description = "a study's name, or sqlite:PATH#NAME")
  private String study = "";

  @Option(names = "--format", description = "table, csv or json", defaultValue = "table")
  private String format = "table";

  @Option(names = "--json", description = "the same as --format json")
  private boolean json;

  TrialsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    var formats = List.of("table", "csv", "json");
    if (!formats.contains(format)) {
      throw new Problem(
          "There is no such format.", "--format " + format, Nearest.suggest(format, formats));
    }
    var view = StudyArgument.read(study).view();
    if (json || format.equals("json")) {
      console.json(TrialsDocument.of(view));
    } else if (format.equals("csv")) {
      var csv = new StringBuilder();
      CsvExport.write(view, csv);
      console.text(csv.toString());
    } else {
      console.text(TrialsTable.of(view, columns()));
    }
    return ExitCode.DONE;
  }

  static int columns() {
    var columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{1,4}")
        ? Integer.parseInt(columns)
        : DEFAULT_COLUMNS;
  }
}

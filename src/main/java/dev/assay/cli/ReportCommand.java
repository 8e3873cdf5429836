package dev.assay.cli;

import dev.assay.report.HtmlReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Writes the report of a study.
@Command(name = "report", description = "Write report.html beside the study.")
final class ReportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var named = study.find();
    HtmlReport.write(named.view(), named.report());
    console.line("Wrote " + named.report());
    return ExitCode.DONE;
  }
}

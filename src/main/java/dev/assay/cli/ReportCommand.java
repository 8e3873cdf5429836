package dev.assay.cli;

import dev.assay.report.HtmlReport;
import dev.assay.report.ReportData;
import java.util.Locale;
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
    var source = named.read(ReportData.Source::of);
    HtmlReport.write(source, named.report());
    console.line("Wrote " + named.report());
    if (source.isSample()) {
      console.line(
          String.format(
              Locale.ROOT,
              "Importances are from a sample of %,d of the %,d trials.",
              source.whole().trials().size(),
              source.whole().size()));
    }
    return ExitCode.DONE;
  }
}

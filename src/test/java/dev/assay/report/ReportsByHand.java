package dev.assay.report;

import java.nio.file.Path;

final class ReportsByHand {
  public static void main(String[] args) {
    var out = Path.of(args[0]);
    HtmlReport.write(SampleStudies.single(200), out.resolve("single.html"));
    HtmlReport.write(SampleStudies.conditional(300), out.resolve("conditional.html"));
    HtmlReport.write(SampleStudies.allFailed(), out.resolve("failed.html"));
    HtmlReport.write(SampleStudies.empty(), out.resolve("empty.html"));
    HtmlReport.write(SampleStudies.multiObjective(200), out.resolve("multi.html"));
    HtmlReport.write(SampleStudies.hostile(), out.resolve("hostile.html"));
  }
}

package dev.assay.cli;

import dev.assay.report.ResultDocument;
import dev.assay.report.StudyDifferences;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says how two studies differ.
@Command(name = "diff", description = "Say how two studies differ: what they are, what they found.")
final class DiffCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "2",
      paramLabel = "STUDY",
      description = "names, or storage URLs: sqlite:PATH#NAME")
  private List<String> studies = List.of();

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  DiffCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var first = NamedStudy.of(studies.get(0)).view();
    var second = NamedStudy.of(studies.get(1)).view();
    var rows = StudyDifferences.of(first, second);
    if (json) {
      var document = new LinkedHashMap<String, @Nullable Object>();
      document.put("differences", StudyDifferences.document(rows));
      document.put("studies", List.of(ResultDocument.of(first), ResultDocument.of(second)));
      console.json(document);
    } else {
      console.text(StudyDifferences.text(rows, first, second, Terminal.columns()));
    }
    return ExitCode.DONE;
  }
}

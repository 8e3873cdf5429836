package dev.assay.cli;

import dev.assay.importance.ImportanceMethod;
import dev.assay.importance.Importances;
import dev.assay.importance.PedAnova;
import dev.assay.report.ImportanceBars;
import dev.assay.report.ImportanceDocument;
import dev.assay.trial.Segment;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says how much each parameter matters.
@Command(name = "importance", description = "Say how much each parameter matters.")
final class ImportanceCommand implements Callable<Integer> {
  private static final String BEST_TENTH = new PedAnova().name();

  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = ImportanceMethod.AUTO,
      description =
          "ped-anova (what tells the best tenth of the trials), fanova (what moves the metric;"
              + " pairs too), or auto (what the number of trials can carry; the default)")
  private String method = ImportanceMethod.AUTO;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  ImportanceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var chosen = method.equals(ImportanceMethod.AUTO) ? null : ImportanceMethod.named(method);
    var sample = study.find().read(ImportanceDocument::sample);
    var view = sample.view();
    var importances = ImportanceDocument.importances(view, chosen);
    if (json) {
      console.json(ImportanceDocument.of(sample, importances));
    } else {
      for (var one : importances) {
        ImportanceBars.lines(one, Terminal.columns()).forEach(console::line);
      }
      if (sample.sampleOf() instanceof Integer all) {
        console.line(
            String.format(
                Locale.ROOT, "From a sample of %,d of the %,d trials.", view.trials().size(), all));
      }
      if (view.trials().stream().anyMatch(trial -> Segment.of(trial) != null)) {
        console.line(
            "Trials are parts of trainings: each is judged beside those that end with it.");
      }
      if (importances.stream().anyMatch(one -> one.isSaid() && one.method().equals(BEST_TENTH))) {
        // Where a sampler has sought out the good values, being among the best is another question
        // than what moves the metric.
        console.line("These tell the best tenth from the other trials. What moves the metric over");
        console.line("the whole space: --method fanova");
      }
    }
    return importances.stream().mapToInt(Importances::trials).max().orElse(0) == 0
        ? ExitCode.NO_TRIAL_COMPLETED
        : ExitCode.DONE;
  }
}

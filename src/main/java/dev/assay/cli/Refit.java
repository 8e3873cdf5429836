package dev.assay.cli;

import dev.assay.device.Backend;
import dev.assay.problem.Problem;
import dev.assay.report.Schedule;
import dev.assay.report.StudyView;
import dev.assay.spec.StudyFile;
import dev.assay.spec.TrainerAssembly;
import dev.assay.train.ModelFiles;
import dev.assay.trial.Segment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// The last training of a study: its best configuration, on all the data.
final class Refit {
  private Refit() {}

  /// Trains and writes the model.
  ///
  /// @param directory where `model.safetensors` and `model.json` go
  /// @throws Problem when no trial is complete, or there is more than one best
  static void run(StudyFile file, StudyView view, Backend backend, Path directory)
      throws InterruptedException {
    var chosen = view.chosen();
    if (chosen.size() != 1) {
      throw new Problem(
          chosen.isEmpty()
              ? "There is no best trial to refit."
              : "There are several best trials, each with its own strength.",
          chosen.size() + " in " + view.name(),
          chosen.isEmpty()
              ? "Give the study more trials."
              : "Fix the parameters of the one that you want in a study of their own.");
    }
    var best = chosen.getFirst();
    var provenance = new LinkedHashMap<String, @Nullable Object>();
    provenance.put("study", view.name());
    provenance.put("trial", best.number());
    provenance.put("params", best.configuration().values());
    for (int i = 0; i < view.objectives().size(); i++) {
      provenance.put(view.objectives().get(i).metric(), best.values().get(i));
    }
    provenance.put("seed", file.seed());
    provenance.put("backend", backend.id());
    provenance.put("made", dev.assay.run.Provenance.now());
    var lineage = Segment.lineage(best, view.trials());
    if (lineage.size() > 1) {
      provenance.put("schedule", Schedule.json(lineage));
    }
    var model = TrainerAssembly.refit(file, backend, lineage, provenance);
    ModelFiles.write(directory, model);
  }
}

package dev.assay.spec;

import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `confirm:`.
final class ConfirmReader {
  private static final String EXAMPLE = "confirm: {runs: 5, finalists: 3}";

  private ConfirmReader() {}

  /// @throws dev.assay.problem.Problem for a study of which nothing can be confirmed, too
  static @Nullable Confirmation read(
      @Nullable Node node, List<Objective> objectives, Named sampler, boolean cut) {
    if (node == null) {
      return null;
    }
    var confirmation = confirmation(node);
    if (objectives.size() > 1) {
      throw node.problem(
          "Finalists can be confirmed for one objective only.",
          "Remove confirm, or keep one objective and bound the others: subject_to.");
    }
    if (PopulationRules.apply(sampler)) {
      throw node.problem(
          "A trial that goes on from the checkpoint of another cannot be run again on its own.",
          "Remove confirm; a population is confirmed by another seed.");
    }
    if (CurveRules.resume(sampler)) {
      throw node.problem(
          "A trial that goes on from the checkpoint of another cannot be run again on its own.",
          "Remove confirm; or write freeze_thaw: {resume: false}.");
    }
    if (cut) {
      throw node.problem(
          "Finalists are run when the time is used, and cut ends all that runs then.",
          "Remove cut; or confirm later: assay tune FILE --confirm "
              + confirmation.runs()
              + ", with a budget that is used.");
    }
    return confirmation;
  }

  private static Confirmation confirmation(Node node) {
    if (!(node instanceof Node.Fields fields)) {
      return new Confirmation(node.count(1));
    }
    var part = Section.CONFIRM.of(fields);
    int runs = part.require("runs", EXAMPLE).count(1);
    return part.get("finalists") instanceof Node finalists
        ? new Confirmation(runs, finalists.count(1))
        : new Confirmation(runs);
  }
}

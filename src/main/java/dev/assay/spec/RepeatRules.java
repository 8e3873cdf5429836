package dev.assay.spec;

import dev.assay.internal.pruner.RacePruner;
import dev.assay.problem.Problem;
import org.jspecify.annotations.Nullable;

/// What `repeats:` of a command asks of the rest of a study file.
final class RepeatRules {
  private RepeatRules() {}

  /// The pruner that the repeats ask for; null where they ask for none.
  static @Nullable String pruner(StudyFile file) {
    return file.objective() instanceof ObjectiveSpec.Command command
            && command.settings().repeats().race()
        ? RacePruner.NAME
        : null;
  }

  /// Refuses what cannot be repeated, or raced.
  static void check(StudyFile file) {
    if (!(file.objective() instanceof ObjectiveSpec.Command command)
        || !command.settings().repeats().any()) {
      return;
    }
    var sampler = file.sampler();
    if (PopulationRules.apply(sampler) || CurveRules.resume(sampler)) {
      throw new Problem(
          "A training that goes on from checkpoints is one run.",
          "repeats (" + command.place() + "), sampler: " + sampler.name(),
          "Remove repeats, or take another sampler.");
    }
    var named = file.pruner().name();
    if (pruner(file) != null && !named.equals("none") && !named.equals(RacePruner.NAME)) {
      throw new Problem(
          "A race decides which trials end early; so would the pruner.",
          "pruner: " + named + " (" + file.pruner().place() + "), repeats: {race: true}",
          "Keep one of the two.");
    }
  }
}

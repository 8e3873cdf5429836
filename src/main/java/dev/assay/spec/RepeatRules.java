package dev.assay.spec;

import dev.assay.internal.pruner.RacePruner;
import dev.assay.problem.Problem;
import dev.assay.run.Repeats;
import org.jspecify.annotations.Nullable;

/// What `repeats:` of a command or a trainer asks of the rest of a study file.
final class RepeatRules {
  private RepeatRules() {}

  /// The pruner that the repeats ask for; null where they ask for none.
  static @Nullable String pruner(StudyFile file) {
    return repeats(file).race() ? RacePruner.NAME : null;
  }

  private static Repeats repeats(StudyFile file) {
    return switch (file.objective()) {
      case ObjectiveSpec.Command command -> command.settings().repeats();
      case ObjectiveSpec.Train train -> train.repeats();
      case ObjectiveSpec.Kernel _,
          ObjectiveSpec.Table _,
          ObjectiveSpec.Function _,
          ObjectiveSpec.AskTell _ ->
          Repeats.NONE;
    };
  }

  private static Place place(StudyFile file) {
    return switch (file.objective()) {
      case ObjectiveSpec.Command command -> command.place();
      case ObjectiveSpec.Train train -> train.model().place();
      case ObjectiveSpec.Kernel kernel -> kernel.place();
      case ObjectiveSpec.Table table -> table.place();
      case ObjectiveSpec.Function function -> function.place();
      case ObjectiveSpec.AskTell _ -> file.sampler().place();
    };
  }

  /// Refuses what cannot be repeated, or raced.
  static void check(StudyFile file) {
    if (!repeats(file).any()) {
      return;
    }
    var sampler = file.sampler();
    if (PopulationRules.apply(sampler) || CurveRules.resume(sampler)) {
      throw new Problem(
          "A training that goes on from checkpoints is one run.",
          "repeats (" + place(file) + "), sampler: " + sampler.name(),
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

package dev.assay.spec;

import dev.assay.internal.sampler.curves.FreezeThawSampler;
import dev.assay.problem.Problem;
import dev.assay.run.table.TableRunner;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `sampler: {freeze_thaw: ...}` asks of the rest of a study file, and takes from it.
final class CurveRules {
  private static final String STEPS = "steps";
  private static final String STEPS_FROM = "steps_from";
  private static final String COST = "cost";
  private static final String EPOCHS = "epochs";

  private CurveRules() {}

  static boolean apply(Named sampler) {
    return sampler.name().equals(FreezeThawSampler.NAME);
  }

  /// Whether its trials go on from checkpoints.
  static boolean resume(Named sampler) {
    return apply(sampler)
        && !(sampler.options().entries().get("resume") instanceof Node.Scalar(var value, _, _)
            && Boolean.FALSE.equals(value));
  }

  /// Refuses what cannot be paused.
  static void check(StudyFile file) {
    var sampler = file.sampler();
    if (!resume(sampler)) {
      return;
    }
    if (!file.pruner().name().equals("none")) {
      throw new Problem(
          "What is not promising stays paused; nothing is left to a pruner.",
          "pruner: " + file.pruner().name() + " (" + file.pruner().place() + ")",
          "Remove the pruner; or, where programs cannot go on from checkpoints, write"
              + " freeze_thaw: {resume: false}.");
    }
    boolean goesOn =
        switch (file.objective()) {
          case ObjectiveSpec.Train _, ObjectiveSpec.Command _, ObjectiveSpec.Table _ -> true;
          case ObjectiveSpec.Kernel _, ObjectiveSpec.Function _, ObjectiveSpec.AskTell _ -> false;
        };
    if (!goesOn) {
      throw new Problem(
          "A search by learning curves needs an objective that goes on from a checkpoint.",
          "sampler: freeze_thaw (" + sampler.place() + ")",
          "Use objective: {train: ...}, {command: ...} or {table: ...}, or another sampler.");
    }
  }

  /// Refuses what would end a training of the built-in trainer before its steps are done.
  static void check(ObjectiveSpec.Train train, StudyFile file) {
    boolean fixed =
        train.fixed().get("patience") instanceof Node.Scalar(var value, _, _)
            && value != null
            && !value.equals("none");
    if (fixed || file.searched().has("patience")) {
      throw new Problem(
          "Trainings that are paused have no patience.",
          "patience",
          "Remove it; what is not promising stays paused.");
    }
  }

  /// The sampler's options, with what the objective says of the steps of a training.
  static Map<String, @Nullable Object> options(
      StudyFile file, String name, Map<String, @Nullable Object> given) {
    if (!name.equals(FreezeThawSampler.NAME)) {
      return given;
    }
    var options = new LinkedHashMap<String, @Nullable Object>(given);
    switch (file.objective()) {
      case ObjectiveSpec.Train train -> {
        refuseSteps(given);
        if (file.searched().has(EPOCHS)) {
          options.put(STEPS_FROM, EPOCHS);
        } else {
          options.put(STEPS, PopulationRules.epochs(train));
        }
      }
      case ObjectiveSpec.Table table -> {
        if (!given.containsKey(STEPS) && !given.containsKey(STEPS_FROM)) {
          var runner = new TableRunner(table.file(), table.table(), file.objectives(), "mean");
          options.put(STEPS, Math.toIntExact(Math.min(runner.lastStep(), Integer.MAX_VALUE)));
        }
        if (!given.containsKey(COST)) {
          options.put(COST, TableRunner.COST);
        }
      }
      case ObjectiveSpec.Command _,
          ObjectiveSpec.Kernel _,
          ObjectiveSpec.Function _,
          ObjectiveSpec.AskTell _ -> {}
    }
    return options;
  }

  private static void refuseSteps(Map<String, @Nullable Object> given) {
    for (var key : new String[] {STEPS, STEPS_FROM}) {
      if (given.containsKey(key)) {
        throw new Problem(
            "The steps of the built-in trainer are its epochs.",
            key + " " + given.get(key) + " (sampler freeze_thaw)",
            "Leave " + key + " out, and write objective: {fixed: {epochs: 30}}, or search epochs.");
      }
    }
  }
}

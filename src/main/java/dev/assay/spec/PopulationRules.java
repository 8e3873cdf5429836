package dev.assay.spec;

import dev.assay.internal.sampler.population.PbtSampler;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.SearchSpace;
import dev.assay.train.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `sampler: {pbt: ...}` asks of the rest of a study file.
final class PopulationRules {
  /// What a model in training can change. Everything else is of its shape, or of its plan.
  private static final List<String> CHANGEABLE =
      List.of("learning_rate", "momentum", "nesterov", "beta1", "beta2", "weight_decay", "dropout");

  private PopulationRules() {}

  static boolean apply(Named sampler) {
    return sampler.name().equals(PbtSampler.NAME);
  }

  /// The members of the population; what is wrong with their number is for the sampler to say.
  static int size(Named sampler) {
    return sampler.options().entries().get("population") instanceof Node.Scalar(var value, _, _)
            && value instanceof Number number
            && number.intValue() > 0
        ? number.intValue()
        : new PbtSampler().population();
  }

  /// Refuses what a population cannot be trained with.
  static void check(StudyFile file) {
    var sampler = file.sampler();
    if (!apply(sampler)) {
      return;
    }
    if (!file.pruner().name().equals("none")) {
      throw new Problem(
          "Population based training replaces bad members, it prunes none.",
          "pruner: " + file.pruner().name() + " (" + file.pruner().place() + ")",
          "Remove the pruner.");
    }
    boolean trains =
        switch (file.objective()) {
          case ObjectiveSpec.Train _, ObjectiveSpec.Command _ -> true;
          case ObjectiveSpec.Kernel _,
              ObjectiveSpec.Table _,
              ObjectiveSpec.Function _,
              ObjectiveSpec.AskTell _ ->
              false;
        };
    if (!trains) {
      throw new Problem(
          "Population based training needs an objective that goes on from a checkpoint.",
          "sampler: pbt (" + sampler.place() + ")",
          "Use objective: {train: ...} or {command: ...}, or another sampler.");
    }
  }

  /// The sampler's options, with what the objective says beside the file: the built-in trainer's
  /// steps are its epochs.
  static Map<String, @Nullable Object> options(
      StudyFile file, String name, Map<String, @Nullable Object> given) {
    if (!name.equals(PbtSampler.NAME) || !(file.objective() instanceof ObjectiveSpec.Train train)) {
      return given;
    }
    if (given.containsKey("steps")) {
      throw new Problem(
          "The steps of the built-in trainer are its epochs.",
          "steps " + given.get("steps") + " (sampler pbt)",
          "Leave steps out, and write objective: {fixed: {epochs: " + given.get("steps") + "}}.");
    }
    var options = new LinkedHashMap<String, @Nullable Object>(given);
    options.put("steps", epochs(train));
    return options;
  }

  /// How long the built-in trainer trains; the type and range are for the trainer to judge.
  static int epochs(ObjectiveSpec.Train train) {
    if (train.fixed().get("epochs") instanceof Node.Scalar(var value, _, _)) {
      return value instanceof Number number ? number.intValue() : 1;
    }
    return Model.MLP.parameter("epochs").defaultValue() instanceof Integer epochs ? epochs : 1;
  }

  /// Refuses parameters of the built-in trainer that members cannot have or change.
  static void check(StudyFile file, ObjectiveSpec.Train train) {
    for (var name : List.of("epochs", "patience")) {
      if (file.searched().has(name) || name.equals("patience") && hasPatience(train)) {
        throw new Problem(
            "The members of a population are trained equally long.",
            name,
            name.equals("epochs")
                ? "Fix it: objective: {fixed: {epochs: 30}}."
                : "Remove it; bad members are replaced.");
      }
    }
    var sampler =
        file.sampler()
            .create((name, options) -> Samplers.create(name, options(file, name, options)));
    if (sampler instanceof PbtSampler pbt) {
      checkExplored(pbt.exploration().explored(file.searched()), file.searched());
    }
  }

  private static boolean hasPatience(ObjectiveSpec.Train train) {
    return train.fixed().get("patience") instanceof Node.Scalar(var value, _, _)
        && value != null
        && !value.equals("none");
  }

  private static void checkExplored(List<String> explored, SearchSpace space) {
    for (var name : explored) {
      if (!CHANGEABLE.contains(name)) {
        var rest =
            space.parameters().stream()
                .map(parameter -> parameter.name())
                .filter(CHANGEABLE::contains)
                .toList();
        throw new Problem(
            "A model in training cannot change this.",
            name + ", explored by sampler pbt",
            rest.isEmpty()
                ? "Search something that it can: " + String.join(", ", CHANGEABLE) + "."
                : "Fix it, or say what changes: pbt: {explore: ["
                    + String.join(", ", rest)
                    + "]}.");
      }
    }
  }
}

package dev.assay.study;

import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A study whose trials another one starts from.
final class EarlierStudy {
  private final String name;
  private final Supplier<StoredStudy> source;
  private @Nullable List<TrialRecord> trials;

  EarlierStudy(String name, Supplier<StoredStudy> source) {
    this.name = name;
    this.source = source;
  }

  String name() {
    return name;
  }

  /// Its finished trials as the sampler of a study sees them, numbered as they were.
  ///
  /// @param space what is searched now, nothing fixed
  /// @throws Problem when the spaces or the objectives differ, naming the differences, or a bounded
  ///   metric is unknown
  List<TrialRecord> trials(SearchSpace space, SearchTask task) {
    if (trials == null) {
      try (var study = source.get()) {
        requireLike(study.definition().content(), space, task);
        var read = new ArrayList<TrialRecord>();
        study.load(space, trial -> take(trial, task, read));
        trials = read;
      }
    }
    return trials;
  }

  private void take(TrialRecord trial, SearchTask task, List<TrialRecord> read) {
    var configuration = task.space().project(trial.configuration());
    boolean counts = trial.state().isFinished() && trial.state() != TrialState.DISCARDED;
    if (!counts || configuration == null || Confirmation.is(trial)) {
      return;
    }
    var judged = trial.under(task.constraints(), task.objectives());
    if (judged.state() == TrialState.COMPLETE
        && judged.constraints().size() != task.constraints().size()) {
      throw new Problem(
          "A trial of the earlier study does not say whether it keeps the bounds.",
          name + ", trial " + trial.number() + ": " + task.constraints(),
          "Leave out subject_to, or start without the earlier study.");
    }
    read.add(judged.with(configuration));
  }

  private void requireLike(
      Map<String, @Nullable Object> content, SearchSpace space, SearchTask task) {
    var then = parameters(content.get("space"));
    var now = parameters(SpaceDescription.of(space));
    var names = new LinkedHashSet<String>(now.keySet());
    names.addAll(then.keySet());
    var differences = new ArrayList<String>();
    for (var parameter : names) {
      if (!then.containsKey(parameter)) {
        differences.add(parameter + ": only here");
      } else if (!now.containsKey(parameter)) {
        differences.add(parameter + ": only there");
      } else {
        differences.addAll(
            new StudyDefinition(name, parameters(then.get(parameter)))
                .differences(new StudyDefinition(name, parameters(now.get(parameter)))).stream()
                    .map(line -> parameter + "." + line.replace(" in the study,", " there,"))
                    .map(line -> line.replaceAll(" now$", " here"))
                    .toList());
      }
    }
    if (!differences.isEmpty()) {
      throw new Problem(
          "The earlier study searched another space.",
          name + ": " + String.join("; ", differences),
          "Make the parameters the same, or start without it.");
    }
    var objectives = content.get("objectives");
    if (!Objects.equals(objectives, StudyDefinition.objectives(task.objectives()))) {
      throw new Problem(
          "The earlier study had other objectives.",
          name + ": " + objectives,
          "Give this study the same objectives, or start without it.");
    }
  }

  /// The parameters, each with what matters: where it exists and what it can be, not its default.
  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> parameters(@Nullable Object description) {
    var map = (Map<String, @Nullable Object>) Objects.requireNonNull(description);
    if (map.get("parameters") instanceof Map<?, ?> parameters) {
      return (Map<String, @Nullable Object>) parameters;
    }
    var copy = new LinkedHashMap<String, @Nullable Object>(map);
    copy.remove("default");
    return copy;
  }
}

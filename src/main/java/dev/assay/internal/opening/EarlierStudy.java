package dev.assay.internal.opening;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Confirmation;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// A study whose trials another one starts from.
public final class EarlierStudy {
  private static final Logger LOG = Log.of(EarlierStudy.class);

  private final String name;
  private final Supplier<StoredStudy> source;
  private @Nullable List<TrialRecord> trials;

  public EarlierStudy(String name, Supplier<StoredStudy> source) {
    this.name = name;
    this.source = source;
  }

  public String name() {
    return name;
  }

  /// Its finished trials as the sampler of a study sees them, numbered as they were: those that fit
  /// what is searched now.
  ///
  /// @param projection into what is searched now, nothing fixed
  /// @throws Problem when the objectives differ, none fits, or a bounded metric is unknown
  public List<TrialRecord> trials(Projection projection, SearchTask task) {
    if (trials == null) {
      try (var study = source.get()) {
        requireObjectives(study.definition().content(), task);
        var read = new ArrayList<TrialRecord>();
        var misfits = new LinkedHashMap<Integer, String>();
        study.load(
            StudyFacts.space(study.definition(), study.facts()),
            trial -> {
              if (counts(trial)) {
                take(trial, projection, task, read, misfits);
              }
            });
        say(read.size(), misfits);
        trials = read;
      }
    }
    return trials;
  }

  private static boolean counts(TrialRecord trial) {
    return trial.state().isFinished()
        && trial.state() != TrialState.DISCARDED
        && !Confirmation.is(trial);
  }

  private void take(
      TrialRecord trial,
      Projection projection,
      SearchTask task,
      List<TrialRecord> read,
      Map<Integer, String> misfits) {
    Configuration here;
    try {
      here = projection.of(trial.configuration());
    } catch (Problem problem) {
      misfits.put(trial.number(), problem.what() + " " + problem.value());
      return;
    }
    var configuration = task.space().project(here);
    if (configuration == null) {
      return; // something is fixed now that it had otherwise
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

  private void requireObjectives(Map<String, @Nullable Object> content, SearchTask task) {
    var objectives = content.get("objectives");
    if (!Objects.equals(objectives, StudyDefinition.objectives(task.objectives()))) {
      throw new Problem(
          "The earlier study had other objectives.",
          name + ": " + objectives,
          "Give this study the same objectives, or start without it.");
    }
  }

  private void say(int read, Map<Integer, String> misfits) {
    if (misfits.isEmpty()) {
      return;
    }
    var first = misfits.entrySet().iterator().next();
    var example = "trial " + first.getKey() + ": " + first.getValue();
    if (read == 0) {
      throw new Problem(
          "No trial of the earlier study fits.",
          name + ", " + example,
          "Declare what new parameters were (was: VALUE), widen the space, or start without it.");
    }
    LOG.warn(
        "{} of {} trials of the earlier study {} do not fit, such as {}",
        misfits.size(),
        read + misfits.size(),
        name,
        example);
  }
}

package dev.assay.internal.free;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.RecordSpace;
import dev.assay.space.SearchSpace;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the parameters of a trial become what an objective is given, and back.
///
/// @param <C> what an objective is given
public interface Binding<C> {
  /// What the objective is given for a trial.
  C configuration(TrialRecord trial);

  /// The values of the parameters.
  Map<String, ? extends @Nullable Object> values(C configuration);

  /// The parameters that a trial was run with, as known when it ends.
  ///
  /// @param configuration what the objective was given; null if it never asked
  default Configuration used(TrialRecord trial, @Nullable C configuration) {
    return trial.configuration();
  }

  /// The parameters that a stored trial was proposed with.
  default Configuration proposed(TrialRecord trial, SearchSpace space) {
    return trial.configuration();
  }

  /// What is put in line for values that a person gave.
  default Proposal enqueued(SearchSpace space, Map<String, ? extends @Nullable Object> values) {
    return new Proposal(space.configuration(values));
  }

  /// What a trial that runs asks for parameters.
  ///
  /// @throws Problem where the study's space was declared before
  default FreeConfiguration asking(TrialRecord trial) {
    throw new Problem(
        "The study has a space, which was declared before: a trial has all of its parameters.",
        "trial " + trial.number() + ": " + trial.configuration(),
        "Take the values from the trial; or open a study without a space.");
  }

  /// The space as it is known by now.
  ///
  /// @param opened as it was when the study was opened
  default SearchSpace space(SearchSpace opened) {
    return opened;
  }

  /// Configurations as they are.
  record Plain() implements Binding<Configuration> {
    @Override
    public Configuration configuration(TrialRecord trial) {
      return trial.configuration();
    }

    @Override
    public Map<String, @Nullable Object> values(Configuration configuration) {
      return configuration.values();
    }
  }

  /// Records made of configurations.
  record Typed<R extends Record>(RecordSpace<R> space) implements Binding<R> {
    @Override
    public R configuration(TrialRecord trial) {
      return space.decode(trial.configuration());
    }

    @Override
    public Map<String, @Nullable Object> values(R configuration) {
      return space.values(configuration);
    }
  }
}

package dev.assay.sampler;

import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.study.History;
import java.util.HashSet;
import java.util.Set;

/// Options of unordered choices with which every trial so far failed, one or more: before there is
/// a model of what fails, they are not tried again while there are others.
///
/// @param only parameters and codes of their options
record FailedOptions(Set<Option> only) {
  record Option(int parameter, double code) {}

  static FailedOptions of(History history) {
    var failed = new HashSet<Option>();
    var others = new HashSet<Option>();
    for (var trial : history.finished()) {
      (ObservedLosses.teaches(trial) ? failed : others).addAll(options(trial.configuration()));
    }
    failed.removeAll(others);
    return new FailedOptions(Set.copyOf(failed));
  }

  private static Set<Option> options(Configuration configuration) {
    var options = new HashSet<Option>();
    var parameters = configuration.space().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).distribution() instanceof Choice choice
          && !choice.ordered()
          && configuration.isActive(i)) {
        options.add(new Option(i, configuration.code(i)));
      }
    }
    return options;
  }

  boolean isIn(Configuration configuration) {
    return !only.isEmpty() && options(configuration).stream().anyMatch(only::contains);
  }
}

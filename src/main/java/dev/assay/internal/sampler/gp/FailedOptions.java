package dev.assay.internal.sampler.gp;

import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;

/// Options of unordered choices with which every trial so far failed, one or more. They are not
/// tried again for a while, as long as there are others: what failed once may have failed by
/// chance.
///
/// @param only parameters and codes of their options
record FailedOptions(Set<Option> only) {
  /// So many trials each failure of an option keeps it from being tried. A model that has learned
  /// of one failure takes the option's other values for unknown, and so for promising.
  private static final int FOR_TRIALS = 40;

  static final FailedOptions NONE = new FailedOptions(Set.of());

  record Option(int parameter, double code) {}

  static FailedOptions of(History history) {
    var failures = new HashMap<Option, Integer>();
    var others = new HashSet<Option>();
    for (var trial : history.finished()) {
      if (ObservedLosses.teaches(trial)) {
        options(trial.configuration()).forEach(option -> failures.merge(option, 1, Integer::sum));
      } else {
        others.addAll(options(trial.configuration()));
      }
    }
    failures.keySet().removeAll(others);
    failures.values().removeIf(count -> history.size() > (long) count * FOR_TRIALS);
    return new FailedOptions(Set.copyOf(failures.keySet()));
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

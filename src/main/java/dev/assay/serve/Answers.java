package dev.assay.serve;

import dev.assay.internal.trial.ParetoFront;
import dev.assay.report.ResultDocument;
import dev.assay.report.TrialsDocument;
import dev.assay.run.BuildInfo;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Budget;
import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialState;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What clients are answered, as JSON values.
final class Answers {
  /// Grows when there is more to ask for; what was answered before is answered as before.
  static final int PROTOCOL = 3;

  private Answers() {}

  /// Who serves what.
  ///
  /// @param study null where none is open
  static Map<String, @Nullable Object> hello(@Nullable Study<Configuration> study) {
    var hello = new LinkedHashMap<String, @Nullable Object>();
    hello.put("assay", BuildInfo.current().version());
    hello.put("protocol", PROTOCOL);
    hello.put("requests", RequestReader.REQUESTS);
    hello.put("study", study == null ? null : study(study));
    return hello;
  }

  private static Map<String, @Nullable Object> study(Study<Configuration> study) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("name", study.name());
    document.put(
        "objectives",
        study.objectives().stream()
            .map(objective ->
                Map.of(
                    "metric",
                    objective.metric(),
                    "direction",
                    objective.direction().name().toLowerCase(Locale.ROOT)))
            .toList());
    document.put("parameters", study.space().parameters().stream().map(one -> one.name()).toList());
    document.put("seed", study.seed());
    document.put("paused", study.isPaused());
    var counts = new LinkedHashMap<String, @Nullable Object>();
    for (var state : TrialState.values()) {
      counts.put(state.word(), study.count(state));
    }
    document.put("trials", counts);
    return document;
  }

  /// A trial for whoever is to run it.
  ///
  /// @param full with its seed, and how often it was started before
  static Map<String, @Nullable Object> trial(Trial<Configuration> trial, boolean full) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("id", trial.number());
    var parameters = trial.parameters();
    // Over an open space nothing is settled before the trial asks for it.
    document.put("params", parameters.space().isOpen() ? Map.of() : parameters.values());
    if (full) {
      document.put("seed", trial.seed());
      document.put("restarts", trial.restarts());
      if (trial.confirms() != null) {
        document.put("confirms", trial.confirms());
      }
    }
    return document;
  }

  /// Values of what a trial asks for.
  static Map<String, @Nullable Object> suggested(
      Trial<Configuration> trial, Map<String, Distribution> parameters) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    parameters.forEach((name, distribution) -> values.put(name, trial.suggest(name, distribution)));
    return Map.of("params", values);
  }

  static Map<String, @Nullable Object> best(Study<Configuration> study, int count) {
    var objectives = study.objectives();
    var best = study.best();
    if (objectives.size() == 1) {
      best =
          study.trials().stream()
              .filter(trial -> trial.state() == TrialState.COMPLETE && !Confirmation.is(trial))
              .sorted(ParetoFront.bestFirst(objectives.getFirst()))
              .toList();
    }
    return Map.of("trials", ResultDocument.trials(best.stream().limit(count).toList(), objectives));
  }

  /// Trials as [TrialsDocument] has them.
  static Map<String, @Nullable Object> trials(Study<Configuration> study, int since, int count) {
    var trials =
        study.trials().stream()
            .filter(trial -> trial.number() >= since)
            .limit(count)
            .map(trial -> TrialsDocument.of(trial, study.objectives()))
            .toList();
    return Map.of("trials", trials);
  }

  /// A budget with no more trials than a client wants.
  static Budget limited(Budget budget, @Nullable Integer trials) {
    if (trials == null || budget.trials() != null && budget.trials() <= trials) {
      return budget;
    }
    return new Budget(trials, budget.time(), budget.target(), budget.patience(), budget.failures());
  }
}

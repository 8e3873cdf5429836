package dev.assay.serve;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is told of trials of which the study does not know all that their clients do: nobody asked
/// for them here, or a service before this one was asked.
final class OwnTrials {
  private OwnTrials() {}

  /// A trial that nobody asked for, with its end.
  static Map<String, @Nullable Object> tell(
      Study<Configuration> study, AskTellRequest.TellOwn own) {
    var asks = parameters(study, own.params());
    var trial = study.beginWith(own.params());
    asks.forEach(trial::suggest);
    own.steps().forEach(step -> trial.report(step.step(), step.values()));
    own.attributes().forEach(trial::attribute);
    study.tell(trial, own.outcome());
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("ok", true);
    answer.put("id", trial.number());
    return answer;
  }

  /// What the trial has to ask for where the space is open: all that it was run with.
  private static Map<String, Distribution> parameters(
      Study<Configuration> study, Map<String, @Nullable Object> params) {
    var space = study.space();
    var asks = new LinkedHashMap<String, Distribution>();
    if (!space.isOpen()) {
      return asks;
    }
    params.forEach((name, value) -> {
      if (!space.has(name)) {
        throw new Problem(
            "No trial has asked for this parameter yet: what it may be is not known.",
            name,
            "Ask for a trial, and suggest the parameter there first.");
      }
      var distribution = space.parameters().get(space.requireIndex(name)).distribution();
      if (Double.isNaN(distribution.code(value))) {
        throw new Problem(
            "The value is not one that the parameter can take.",
            name + " = " + value,
            "It is a " + distribution.describe() + ".");
      }
      asks.put(name, distribution);
    });
    return asks;
  }

  /// @throws Problem where a service before this one was asked for what the trial was run with, so
  ///   that this one does not know it
  static void requireAsked(Trial<Configuration> trial, Outcome outcome) {
    boolean forgotten =
        trial.parameters().space().isOpen() && trial.restarts() > 0 && trial.hasAskedNothing();
    if (forgotten && !(outcome instanceof Outcome.Failed)) {
      throw new Problem(
          "It is not known any more what the trial asked for.",
          "id " + trial.number() + ": it was begun anew",
          "Send its suggest requests again, which are answered as before; then tell it.");
    }
  }
}

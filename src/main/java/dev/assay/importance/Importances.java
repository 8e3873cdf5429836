package dev.assay.importance;

import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much each parameter matters to one objective: shares that sum to 1 over the parameters.
///
/// @param trials how many completed trials were judged
/// @param parameters in the order of the space; all 0 where nothing can be said
/// @param pairs interactions, the largest first, on the scale of the parameters; empty for a method
///   without
/// @param note why nothing can be said; null where something can
public record Importances(
    String method,
    String metric,
    int trials,
    List<Parameter> parameters,
    List<Pair> pairs,
    @Nullable String note) {
  /// Fewer completed trials say nothing of any parameter.
  public static final int FEWEST = 4;

  public record Parameter(String name, double importance) {}

  public record Pair(String first, String second, double importance) {}

  /// Judges the completed trials by one objective, with the method that they can carry; where there
  /// are too few for any, nothing is said.
  ///
  /// @param index of the objective
  public static Importances fitting(
      SearchSpace space, List<TrialRecord> trials, List<Objective> objectives, int index) {
    var observed = Observed.of(space, trials, objectives, index);
    var method = ImportanceMethod.fitting(observed.trials(), space.dimension());
    var found = of(method, observed, objectives.get(index).metric());
    var caution = found.caution();
    return caution == null ? found : nothing(method, found.metric(), observed, caution);
  }

  /// Judges the completed trials by one objective.
  ///
  /// @param index of the objective
  public static Importances of(
      ImportanceMethod method,
      SearchSpace space,
      List<TrialRecord> trials,
      List<Objective> objectives,
      int index) {
    var observed = Observed.of(space, trials, objectives, index);
    return of(method, observed, objectives.get(index).metric());
  }

  private static Importances of(ImportanceMethod method, Observed observed, String metric) {
    if (observed.trials() < FEWEST) {
      return nothing(method, metric, observed, "fewer than " + FEWEST + " trials are complete");
    }
    if (observed.isConstant()) {
      return nothing(method, metric, observed, "every completed trial has the same value");
    }
    var found = method.contributions(observed);
    double sum = Arrays.stream(found.parameters()).sum();
    if (!(sum > 0)) {
      return nothing(method, metric, observed, "no parameter shows an effect");
    }
    var names = observed.space().parameters();
    var parameters = new ArrayList<Parameter>();
    for (int j = 0; j < names.size(); j++) {
      parameters.add(new Parameter(names.get(j).name(), found.parameters()[j] / sum));
    }
    var pairs =
        found.pairs().stream()
            .map(pair ->
                new Pair(
                    names.get(pair.first()).name(),
                    names.get(pair.second()).name(),
                    pair.value() / sum))
            .sorted(Comparator.comparingDouble(Pair::importance).reversed())
            .toList();
    return new Importances(method.name(), metric, observed.trials(), parameters, pairs, null);
  }

  private static Importances nothing(
      ImportanceMethod method, String metric, Observed observed, String note) {
    var parameters =
        observed.space().parameters().stream().map(p -> new Parameter(p.name(), 0)).toList();
    return new Importances(method.name(), metric, observed.trials(), parameters, List.of(), note);
  }

  /// Why little is to be made of what the method says; null where the trials carry it, or nothing
  /// is said anyway.
  public @Nullable String caution() {
    int fewest = ImportanceMethod.named(method).fewest(parameters.size());
    return note != null || trials >= fewest
        ? null
        : "too few trials to tell: "
            + trials
            + " completed, where "
            + method
            + " needs about "
            + fewest
            + " for "
            + parameters.size()
            + (parameters.size() == 1 ? " parameter" : " parameters");
  }

  /// Whether anything is said.
  public boolean isSaid() {
    return note == null;
  }

  /// The parameters, the most important first.
  public List<Parameter> ranked() {
    return parameters.stream()
        .sorted(Comparator.comparingDouble(Parameter::importance).reversed())
        .toList();
  }
}

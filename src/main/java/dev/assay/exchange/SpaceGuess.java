package dev.assay.exchange;

import dev.assay.problem.Problem;
import dev.assay.space.Condition;
import dev.assay.space.Distribution;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The space that trials of another tool were drawn from.
final class SpaceGuess {
  private SpaceGuess() {}

  /// @return closed where conditions on choices and integers tell when each parameter exists; else
  ///   open: each exists in the trials that have it
  static SearchSpace of(List<Draft> drafts) {
    var distributions = distributions(drafts);
    var settled = drafts.stream().filter(Draft::isSettled).toList();
    var conditions =
        new ConditionGuess(distributions, settled.isEmpty() ? drafts : settled).conditions();
    return conditions == null ? open(distributions) : closed(distributions, conditions);
  }

  /// The open space of the trials' parameters.
  static SearchSpace open(List<Draft> drafts) {
    return open(distributions(drafts));
  }

  private static Map<String, Distribution> distributions(List<Draft> drafts) {
    var distributions = new LinkedHashMap<String, Distribution>();
    DistributionGuess.of(drafts)
        .forEach((name, guess) -> {
          try {
            distributions.put(name, guess.distribution());
          } catch (Problem problem) {
            throw problem.at("parameter " + name);
          }
        });
    if (distributions.isEmpty()) {
      throw new Problem(
          "No trial has parameters.",
          drafts.size() + " trials",
          "Say which columns or keys are parameters: --params learning_rate,layers.");
    }
    return distributions;
  }

  private static SearchSpace closed(
      Map<String, Distribution> distributions, Map<String, Condition> conditions) {
    var builder = SearchSpace.builder();
    distributions.forEach((name, distribution) ->
        builder.add(name, distribution, conditions.getOrDefault(name, Condition.ALWAYS)));
    return builder.build();
  }

  private static SearchSpace open(Map<String, Distribution> distributions) {
    var parameters = new ArrayList<Parameter>();
    distributions.forEach(
        (name, distribution) -> parameters.add(new Parameter(name, distribution)));
    return SearchSpace.open(parameters);
  }

  /// The values of a trial that its space has a place for, and those that it lacks.
  ///
  /// @param values by name
  /// @param missing parameters that exist beside these values, and were none of the trial's
  /// @param unfit values that no parameter of the space has beside the others
  record Fitted(
      Map<String, @Nullable Object> values,
      List<String> missing,
      Map<String, @Nullable Object> unfit) {
    static Fitted of(SearchSpace space, Map<String, @Nullable Object> params) {
      var values = new LinkedHashMap<String, @Nullable Object>();
      var missing = new ArrayList<String>();
      var unfit = new LinkedHashMap<String, @Nullable Object>(params);
      var codes = new double[space.dimension()];
      for (int i = 0; i < codes.length; i++) {
        var parameter = space.parameters().get(i);
        var distribution = parameter.distribution();
        codes[i] = Double.NaN;
        if (!space.exists(i, codes)) {
          continue;
        }
        var name = parameter.name();
        double code = params.containsKey(name) ? distribution.code(params.get(name)) : Double.NaN;
        if (!Double.isNaN(code)) {
          codes[i] = code;
          values.put(name, params.get(name));
          unfit.remove(name);
        } else if (!space.isOpen()) {
          missing.add(name);
          var initial = parameter.initial();
          codes[i] = initial == null ? distribution.middle() : distribution.code(initial);
        }
      }
      return new Fitted(values, missing, unfit);
    }
  }
}

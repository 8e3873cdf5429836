package dev.assay.run.function;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.TrialRunner;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates a function of the literature in this process.
public final class FunctionRunner implements TrialRunner {
  private final NumericFunction function;

  /// Which of the function's values each objective is.
  private final int[] values;

  /// @throws Problem when an objective is none of the function's values
  public FunctionRunner(NumericFunction function, List<Objective> objectives) {
    this.function = function;
    var known = function.metrics();
    values = new int[objectives.size()];
    for (int i = 0; i < values.length; i++) {
      var metric = objectives.get(i).metric();
      values[i] = known.indexOf(metric);
      if (values[i] < 0) {
        throw new Problem(
            "The function has no such value.",
            metric + " (function " + function.name() + ")",
            Nearest.suggest(metric, known));
      }
    }
  }

  /// Refuses a space that is not one of points of the function, before the first trial.
  public void check(SearchSpace space) {
    function.check(space);
  }

  @Override
  public Map<String, @Nullable Object> describe() {
    return Map.of("function", function.name());
  }

  @Override
  public Result<Configuration> run(Study<Configuration> study, Budget budget, int parallel) {
    return study.run(
        (configuration, _) -> Outcome.complete(selected(function.values(configuration))),
        budget,
        Workers.of(parallel));
  }

  private double[] selected(double[] all) {
    var selected = new double[values.length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = all[values[i]];
    }
    return selected;
  }
}

package dev.assay.run;

import dev.assay.space.Configuration;
import dev.assay.study.Budget;
import dev.assay.study.ObjectiveFunction;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs an objective that is a function of this process.
public record FunctionRunner(
    Map<String, @Nullable Object> describe, ObjectiveFunction<Configuration> function)
    implements TrialRunner {
  @Override
  public Result run(Study<Configuration> study, Budget budget, int parallel) {
    return study.run(function, budget, Workers.of(parallel));
  }
}

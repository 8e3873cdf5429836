package dev.assay;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;

/// A search in one line, with the defaults of everything else:
///
/// ```java
/// var best = Assay.minimize(space, x -> loss(x.number("learning_rate")), Budget.trials(100));
/// use(best.recommended().configuration());
/// ```
///
/// Trials run one after the other, in this thread, and are forgotten with the result. Workers, a
/// storage, pruning, several objectives: [Study].
public final class Assay {
  private Assay() {}

  /// What is searched: one finite number for each configuration.
  ///
  /// @param <C> what a configuration is
  @FunctionalInterface
  public interface Function<C> {
    /// @throws Exception the trial has failed then, and the search goes on
    double at(C configuration) throws Exception;
  }

  /// Searches for the smallest value.
  public static Result<Configuration> minimize(
      SearchSpace space, Function<Configuration> function, Budget budget) {
    return run(Study.over(space).minimize("value"), function, budget);
  }

  /// Searches for the largest value.
  public static Result<Configuration> maximize(
      SearchSpace space, Function<Configuration> function, Budget budget) {
    return run(Study.over(space).maximize("value"), function, budget);
  }

  /// Searches for the smallest value over the space of a record.
  public static <R extends Record> Result<R> minimize(
      Class<R> space, Function<R> function, Budget budget) {
    return run(Study.of(space).minimize("value"), function, budget);
  }

  /// Searches for the largest value over the space of a record.
  public static <R extends Record> Result<R> maximize(
      Class<R> space, Function<R> function, Budget budget) {
    return run(Study.of(space).maximize("value"), function, budget);
  }

  private static <C> Result<C> run(StudyBuilder<C> builder, Function<C> function, Budget budget) {
    try (var study = builder.open()) {
      return study.run((x, _) -> Outcome.complete(function.at(x)), budget);
    }
  }
}

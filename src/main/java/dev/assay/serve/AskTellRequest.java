package dev.assay.serve;

import dev.assay.study.Outcome;
import java.util.Map;

/// What a client asks for or tells.
sealed interface AskTellRequest {
  /// For new trials, at most so many.
  record Ask(int count) implements AskTellRequest {}

  /// For the best trials so far, at most so many.
  record Best(int count) implements AskTellRequest {}

  /// That a trial came so far.
  ///
  /// @param values one for each objective; NaN and the infinities too
  record Report(int id, long step, double[] values) implements AskTellRequest {}

  /// How a trial ended.
  ///
  /// @param bounded the metrics that outcome constraints bound and that are no objectives
  record Tell(int id, Outcome outcome, Map<String, Double> bounded) implements AskTellRequest {}
}

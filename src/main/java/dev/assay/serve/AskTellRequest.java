package dev.assay.serve;

import dev.assay.space.Distribution;
import dev.assay.trial.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client asks for or tells.
sealed interface AskTellRequest {
  /// Who serves what.
  record Hello() implements AskTellRequest {}

  /// For new trials, at most so many.
  ///
  /// @param until how many trials the study may have in all, whatever its budget allows; null: as
  ///   the budget says
  /// @param given parameters that are not proposed, with their values
  /// @param full whether the answer says all that there is to be said of a trial
  record Ask(int count, @Nullable Integer until, Map<String, @Nullable Object> given, boolean full)
      implements AskTellRequest {}

  /// For the best trials so far, at most so many.
  record Best(int count) implements AskTellRequest {}

  /// For trials of any state, by number.
  ///
  /// @param since the lowest number
  /// @param count at most so many
  record Trials(int since, int count) implements AskTellRequest {}

  /// That a trial came so far.
  ///
  /// @param attributes JSON values to be kept with the trial
  record Report(int id, Step step, Map<String, @Nullable Object> attributes)
      implements AskTellRequest {}

  /// Values at a step.
  ///
  /// @param values one for each objective; NaN and the infinities too
  record Step(long step, double[] values) {}

  /// For values of parameters, which a trial needs that runs.
  record Suggest(int id, Map<String, Distribution> parameters) implements AskTellRequest {}

  /// How a trial ended.
  ///
  /// @param attributes JSON values to be kept with the trial, among them the metrics that outcome
  ///   constraints bound
  record Tell(int id, Outcome outcome, Map<String, @Nullable Object> attributes)
      implements AskTellRequest {}

  /// How a trial ended that nobody asked for.
  ///
  /// @param steps what would have been reported
  record TellOwn(
      Map<String, @Nullable Object> params,
      List<Step> steps,
      Outcome outcome,
      Map<String, @Nullable Object> attributes)
      implements AskTellRequest {}

  /// That a configuration is to be tried before anything else is proposed.
  record Enqueue(Map<String, @Nullable Object> params) implements AskTellRequest {}

  /// That whoever has a trial does not go on with it: it waits for somebody else.
  record Cancel(int id) implements AskTellRequest {}
}

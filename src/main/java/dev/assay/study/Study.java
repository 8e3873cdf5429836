package dev.assay.study;

import dev.assay.internal.desk.Answer;
import dev.assay.internal.desk.Desk;
import dev.assay.internal.free.Binding;
import dev.assay.internal.free.FreeBinding;
import dev.assay.internal.free.SuggestedBinding;
import dev.assay.internal.trial.ParetoFront;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.RecordSpace;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Recommendation;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A search under way: asks a sampler for configurations, is told their outcomes, keeps both.
/// Thread-safe.
///
/// ```java
/// try (var study = Study.over(space).named("demo").minimize("loss").open()) {
///   var result = study.run((x, trial) -> Outcome.complete(loss(x)), Budget.trials(100));
/// }
/// ```
///
/// @param <C> what a configuration is for the objective
public final class Study<C> extends RunningStudy<C> {
  /// Ends when it is closed.
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  Study(
      Opening<C> opening,
      StudyDefinition definition,
      StudyLog log,
      @Nullable Function<SearchTask, Desk> elsewhere) {
    super(opening, definition, log, elsewhere);
  }

  /// A study over a space, whose objective sees configurations as they are. Over an open space its
  /// trials ask for what they need: [Trial#suggest].
  public static StudyBuilder<Configuration> over(SearchSpace space) {
    return new StudyBuilder<>(
        space,
        task -> space.isOpen() ? new SuggestedBinding(new FreeBinding(task)) : new Binding.Plain());
  }

  /// A study over the space of a record, whose objective sees records.
  ///
  /// @throws Problem for a component that is no parameter, as [RecordSpace] says
  public static <R extends Record> StudyBuilder<R> of(Class<R> type) {
    return of(SearchSpace.of(type));
  }

  /// A study over the space of a record, with constraints.
  public static <R extends Record> StudyBuilder<R> of(RecordSpace<R> space) {
    return new StudyBuilder<>(space.space(), _ -> new Binding.Typed<>(space));
  }

  /// A study without a declared space: the objective asks for parameters while it runs.
  ///
  /// ```java
  /// try (var study = Study.defineByRun().minimize("loss").open()) {
  ///   study.run((x, trial) -> {
  ///     int layers = x.suggestInt("layers", 1, 4);
  ///     ...
  ///   }, Budget.trials(100));
  /// }
  /// ```
  ///
  /// Parameters that trials so far asked for together are searched together by the sampler; one
  /// that is new is drawn at random.
  public static StudyBuilder<FreeConfiguration> defineByRun() {
    return new StudyBuilder<>(SearchSpace.open(List.of()), FreeBinding::new);
  }

  /// The next trial, if there is one now. Once the budget is used these are the runs that confirm
  /// the finalists, where the study has any ([StudyBuilder#confirm]).
  ///
  /// @param budget what the study may use in all; its time limit is the caller's to keep
  public Asked<C> tryAsk(Budget budget) {
    return tryAsk(budget, Map.of());
  }

  /// The next proposal, if there is one now, with the values of some parameters given instead of
  /// proposed. What waits to be run goes on waiting, for it has values of its own.
  ///
  /// @param given parameters and values; where they bring others into being, those take their
  ///   defaults; where what is proposed beside them would break a constraint, it is moved
  /// @throws Problem for a value that its parameter does not have, or that no configuration fits
  public Asked<C> tryAsk(Budget budget, Map<String, ? extends @Nullable Object> given) {
    return switch (desk.next(budget, given)) {
      case Answer.Begun(var trial) -> new Asked.Ready<>(started(trial));
      case Answer.Wait() -> new Asked.Wait<>();
      case Answer.Finished(var reason) -> new Asked.Finished<>(reason);
    };
  }

  /// The next trial.
  ///
  /// @throws Problem when there is none: the space is exhausted, or the batch rule needs outcomes
  ///   first
  public Trial<C> ask() {
    return switch (tryAsk(Budget.UNLIMITED)) {
      case Asked.Ready<C>(var trial) -> trial;
      case Asked.Wait<C>() -> throw desk.waits();
      case Asked.Finished<C>(var reason) ->
          throw new Problem(
              "There is nothing left to ask for.", reason.words(), "Widen the space.");
    };
  }

  /// Ends a trial. A value that is not finite makes it a failed one, and so does a bounded metric
  /// that is unknown.
  ///
  /// @return the trial as it was stored
  /// @throws Problem when the trial was told before, or the number of values is wrong
  public TrialRecord tell(Trial<C> trial, Outcome outcome) {
    var ended = tellIfHeld(trial, outcome);
    if (ended == null) {
      throw new Problem(
          "The trial is in other hands: this process was taken for gone.",
          "trial " + trial.number(),
          "Drop this outcome; the trial's own comes from whoever runs it now.");
    }
    return ended;
  }

  /// Puts a configuration in line: it is tried before anything else is proposed.
  ///
  /// @param values parameters and values; active ones that are not named take their default
  /// @return its trial number
  public int enqueue(Map<String, ? extends @Nullable Object> values) {
    return desk.add(binding.enqueued(task.space(), values), false).number();
  }

  /// As [#enqueue(Map)].
  public int enqueue(C configuration) {
    return enqueue(binding.values(configuration));
  }

  /// Runs the objective until the budget is used, on this thread.
  public Result<C> run(ObjectiveFunction<C> objective, Budget budget) {
    return run(objective, budget, Workers.of(1));
  }

  /// Runs the objective until the budget is used, on as many threads as there are workers.
  ///
  /// @throws Problem when the storage fails; what was told before is kept
  public Result<C> run(ObjectiveFunction<C> objective, Budget budget, Workers workers) {
    return new SearchLoop<>(this, objective, budget, workers).run();
  }

  /// Every trial, by number.
  public List<TrialRecord> trials() {
    return desk.trials();
  }

  /// The trial of a number, or null.
  public @Nullable TrialRecord trial(int number) {
    return desk.trial(number);
  }

  /// The number of trials in a state.
  public int count(TrialState state) {
    return desk.count(state);
  }

  /// The best complete trial, or all that no other dominates where there are several objectives;
  /// empty before the first complete one.
  public List<TrialRecord> best() {
    return ParetoFront.of(trials(), task.objectives());
  }

  /// The finalists that were run again, best first; empty before any of these runs is complete.
  public List<Confirmed> confirmed() {
    return Confirmed.of(trials(), task.objectives());
  }

  /// The finalist that was confirmed as the best; before that, where the sampler found noise, the
  /// trial whose value is expected to be best; else null.
  public @Nullable Recommendation recommended() {
    var confirmed = confirmed();
    return confirmed.isEmpty()
        ? sampler.recommended(trials(), task.objectives())
        : confirmed.getFirst().recommendation();
  }

  /// What the search came to so far.
  public Result<C> result(StopReason reason) {
    var front =
        best().stream().map(trial -> new Found<>(binding.configuration(trial), trial)).toList();
    var best = recommended();
    return new Result<>(
        front,
        reason,
        overhead(),
        best == null
            ? null
            : new Result.Expected<>(
                new Found<>(binding.configuration(best.trial()), best.trial()),
                best.expected(),
                best.low(),
                best.high()));
  }
}

package dev.assay.study;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.internal.trial.ParetoFront;
import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(-1, 1)).build();

  private static StudyBuilder<Configuration> builder() {
    return Study.over(SPACE).named("s").minimize("loss").sampler(Samplers.random()).seed(3);
  }

  /// The square, and noise of the trial's own seed.
  private static Outcome noisy(Configuration x, Trial<?> trial) {
    double noise = 0.2 * new Philox(trial.seed(), 0).nextGaussian();
    return Outcome.complete(x.number("x") * x.number("x") + noise);
  }

  private static List<String> words(List<TrialRecord> trials) {
    return trials.stream()
        .map(t -> t.number() + " " + t.configuration() + " " + t.notes() + " " + t.values())
        .toList();
  }

  private static List<TrialRecord> confirmations(Study<?> study) {
    return study.trials().stream().filter(Confirmation::is).toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 0", "1, 4", "3, 4", "8, 5"})
  void theBestAreRunAgainWhenTheBudgetIsUsed(int workers, int batch) {
    try (var study = builder().batch(batch).confirm(new Confirmation(4, 2)).open()) {
      var result = study.run(ConfirmationTest::noisy, Budget.trials(10), Workers.of(workers));
      assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
      var search = study.trials().subList(0, 10);
      var finalists = search.stream().sorted(ParetoFront.bestFirst(study.objectives().getFirst()));
      var numbers = finalists.limit(2).map(TrialRecord::number).toList();
      var runs = confirmations(study);
      assertThat(runs).isEqualTo(study.trials().subList(10, 18));
      assertThat(runs.stream().map(Confirmation::confirmed).toList())
          .containsExactlyElementsOf(
              IntStream.range(0, 8).mapToObj(i -> numbers.get(i % 2)).toList());
      for (var run : runs) {
        assertThat(run.configuration())
            .isEqualTo(search.get(requireNonNull(Confirmation.confirmed(run))).configuration());
      }
      assertThat(new HashSet<>(runs.stream().map(TrialRecord::value).toList())).hasSize(8);
      var best = result.recommended();
      var confirmed = study.confirmed();
      assertThat(confirmed).hasSize(2);
      assertThat(best.trial()).isEqualTo(confirmed.getFirst().trial());
      assertThat(requireNonNull(result.expected()).value()).isEqualTo(confirmed.getFirst().mean());
      assertThat(confirmed.getFirst().mean()).isLessThan(confirmed.getLast().mean());
      assertThat(result.best().number()).isEqualTo(numbers.getFirst());
    }
  }

  /// The same trials as in one go with one worker.
  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void whoStopsInTheMiddleGoesOnThere(int batch) {
    List<String> whole;
    try (var study = builder().batch(batch).confirm(3).open()) {
      study.run(ConfirmationTest::noisy, Budget.trials(10));
      whole = words(study.trials());
    }
    for (int stop = 9; stop < 19; stop++) {
      var storage = new InMemoryStorage();
      try (var study = builder().batch(batch).confirm(3).storage(storage).open()) {
        for (int i = 0; i <= stop; i++) {
          if (study.tryAsk(Budget.trials(10)) instanceof Asked.Ready<Configuration>(var trial)
              && i < stop) {
            study.tell(trial, noisy(trial.configuration(), trial));
          }
        }
      }
      try (var study = builder().batch(batch).confirm(3).storage(storage).openOrCreate()) {
        study.run(ConfirmationTest::noisy, Budget.trials(10), Workers.of(3));
        assertThat(words(study.trials())).isEqualTo(whole);
        assertThat(study.trials().get(stop).restarts()).isEqualTo(1);
      }
    }
  }

  @Test
  void twoProcessesShareTheRuns(@TempDir Path directory) {
    var file = directory.resolve("study.db");
    try (var storage = new SqliteStorage(file);
        var others = new SqliteStorage(file);
        var one = builder().confirm(5).storage(storage).openOrCreate();
        var other = builder().confirm(5).storage(others).openOrCreate()) {
      var both = new CountDownLatch(2);
      ObjectiveFunction<Configuration> objective =
          (x, trial) -> {
            if (trial.number() >= 8) { // both confirm at the same time
              both.countDown();
              both.await();
            }
            return noisy(x, trial);
          };
      var thread = Thread.ofVirtual().start(() -> other.run(objective, Budget.trials(8)));
      one.run(objective, Budget.trials(8));
      join(thread);
    }
    try (var storage = new SqliteStorage(file);
        var study = builder().storage(storage).openOrCreate()) {
      assertThat(study.trials().stream().map(TrialRecord::number))
          .isEqualTo(IntStream.range(0, 23).boxed().toList());
      assertThat(confirmations(study)).hasSize(15);
      assertThat(study.confirmed()).allSatisfy(one -> assertThat(one.runs()).hasSize(5));
    }
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A search that goes on proposes what it would have proposed, and confirms its new finalists.
  @ParameterizedTest
  @CsvSource({"gp, 0", "gp, 4", "tpe, 4", "cmaes, 0", "annealing, 3", "grid, 3"})
  void samplersNeverSeeConfirmations(String sampler, int batch) {
    var space = SearchSpace.builder().add("x", new IntRange(1, 60)).build();
    var builder =
        Study.over(space)
            .minimize("y")
            .sampler(Samplers.create(sampler, Map.of()))
            .batch(batch)
            .seed(2);
    ObjectiveFunction<Configuration> objective =
        (x, _) -> Outcome.complete(Math.abs(x.number("x") - 20));
    List<Configuration> unconfirmed;
    try (var study = builder.open()) {
      study.run(objective, Budget.trials(16));
      unconfirmed = study.trials().stream().map(TrialRecord::configuration).toList();
    }
    try (var study = builder.confirm(new Confirmation(2, 2)).open()) {
      study.run(objective, Budget.trials(8));
      assertThat(confirmations(study)).hasSize(4);
      study.run(objective, Budget.trials(16));
      var search = study.trials().stream().filter(trial -> !Confirmation.is(trial)).toList();
      assertThat(search.stream().map(TrialRecord::configuration).limit(8).toList())
          .isEqualTo(unconfirmed.subList(0, 8));
      assertThat(search).hasSize(16);
      if (sampler.equals("grid")) { // which goes by no number
        assertThat(search.stream().map(TrialRecord::configuration).toList()).isEqualTo(unconfirmed);
      }
      // What is beyond the finished ones is known: nothing but gp, to find noise, tries twice.
      assertThat(new HashSet<>(search.stream().map(TrialRecord::configuration).toList()))
          .hasSizeGreaterThanOrEqualTo(sampler.equals("gp") ? 15 : 16);
    }
  }

  /// It begins where the time is used, and no trial of the search does then.
  @Test
  void theTimeOfTheSearchIsNotThatOfItsConfirmation() {
    var begun = new AtomicInteger();
    try (var study = builder().confirm(new Confirmation(2, 1)).open()) {
      study.enqueue(Map.of("x", 0.5));
      var first = study.ask();
      study.tell(first, Outcome.complete(1));
      study.enqueue(Map.of("x", 0.25));
      var result =
          study.run(
              (_, _) -> Outcome.complete(begun.incrementAndGet()),
              Budget.UNLIMITED.within(Duration.ofNanos(1)));
      assertThat(result.reason()).isEqualTo(StopReason.TIME);
      assertThat(confirmations(study)).hasSize(2);
      assertThat(study.count(TrialState.WAITING)).isEqualTo(1);
      assertThat(requireNonNull(result.expected()).value()).isEqualTo(1.5);
    }
  }

  @Test
  void anEndedStudyIsConfirmedLaterAndMoreOften() {
    var storage = new InMemoryStorage();
    try (var study = builder().storage(storage).open()) {
      study.run(ConfirmationTest::noisy, Budget.trials(6));
    }
    for (int runs : List.of(2, 5)) {
      try (var study = builder().confirm(runs).storage(storage).openOrCreate()) {
        study.run(ConfirmationTest::noisy, Budget.trials(6));
        assertThat(confirmations(study)).hasSize(3 * runs);
      }
    }
    try (var study = builder().storage(storage).openOrCreate()) {
      assertThat(study.run(ConfirmationTest::noisy, Budget.trials(6)).expected()).isNotNull();
      assertThat(study.trials()).hasSize(21);
    }
  }

  @Test
  void withFewerCompleteTrialsAllAreFinalists() {
    try (var study = builder().confirm(new Confirmation(1, 9)).open()) {
      study.run(
          (x, trial) -> trial.number() % 2 == 0 ? noisy(x, trial) : Outcome.pruned(),
          Budget.trials(5));
      assertThat(confirmations(study).stream().map(Confirmation::confirmed))
          .containsExactlyInAnyOrder(0, 2, 4);
      var best = requireNonNull(study.recommended());
      assertThat(best.low()).isInfinite();
      assertThat(best.high()).isInfinite();
    }
    try (var study = builder().confirm(3).open()) {
      var result = study.run((_, _) -> Outcome.pruned(), Budget.trials(5));
      assertThat(study.trials()).hasSize(5);
      assertThat(result.expected()).isNull();
    }
  }

  /// Where confirmations fail, another finalist is the one to use.
  @Test
  void aFinalistThatFailsComesLast() {
    try (var study = builder().confirm(new Confirmation(3, 2)).open()) {
      study.run(
          (x, trial) -> {
            boolean best = requireNonNull(trialsBest(study)).equals(x);
            return trial.number() >= 6 && best && trial.number() < 8
                ? Outcome.failed(Cause.ERROR, "broken")
                : Outcome.complete(Math.abs(x.number("x")));
          },
          Budget.trials(6));
      var confirmed = study.confirmed();
      assertThat(confirmed).hasSize(2);
      assertThat(confirmed.getLast().failed()).isEqualTo(1);
      assertThat(confirmed.getLast().trial()).isEqualTo(study.best().getFirst());
      assertThat(confirmed.getFirst().trial()).isNotEqualTo(study.best().getFirst());
    }
  }

  private static Configuration trialsBest(Study<Configuration> study) {
    var best = study.best();
    return best.isEmpty() ? SPACE.configuration(Map.of("x", 0)) : best.getFirst().configuration();
  }

  /// A pruner that ends every trial ends no confirmation.
  @Test
  void nothingPrunesThem() {
    var pruner = dev.assay.pruner.Pruners.create("threshold", Map.of("upper", 0.0));
    try (var study = builder().pruner(pruner).confirm(2).open()) {
      study.run(
          (x, trial) ->
              trial.report(1, Confirmation.is(trialOf(study, trial)) ? 1 : -1).prune()
                  ? Outcome.pruned()
                  : noisy(x, trial),
          Budget.trials(4));
      assertThat(confirmations(study)).hasSize(6);
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(10);
    }
  }

  private static TrialRecord trialOf(Study<?> study, Trial<?> trial) {
    return requireNonNull(study.trial(trial.number()));
  }

  /// A finalist that is discarded is none any more, and a run that is discarded is run again.
  @Test
  void whatIsDiscardedConfirmsNothing() {
    try (var study = builder().confirm(new Confirmation(2, 1)).open()) {
      study.run(ConfirmationTest::noisy, Budget.trials(5));
      assertThat(study.trials()).hasSize(7);
      var first = study.confirmed().getFirst().trial().number();
      study.discard(6, true);
      study.run(ConfirmationTest::noisy, Budget.trials(5));
      assertThat(study.trials()).hasSize(8);
      assertThat(study.confirmed().getFirst().runs().stream().map(TrialRecord::number))
          .containsExactly(5, 7);
      study.discard(first, true);
      study.run(ConfirmationTest::noisy, Budget.trials(5));
      assertThat(study.trials()).hasSize(10);
      assertThat(study.confirmed()).hasSize(1);
      assertThat(study.confirmed().getFirst().trial().number()).isNotEqualTo(first);
    }
  }

  @Test
  void definedByRunningItTheyGetTheSameParameters() {
    var builder = Study.defineByRun().minimize("y").sampler(Samplers.tpe()).confirm(2).seed(1);
    try (var study = builder.open()) {
      study.run(
          (x, _) -> {
            double y = x.suggestFloat("a", 0, 1);
            return Outcome.complete(y < 0.5 ? y + x.suggestInt("b", 1, 9) : y);
          },
          Budget.trials(12));
      assertThat(confirmations(study)).hasSize(6);
      for (var run : confirmations(study)) {
        var finalist = requireNonNull(study.trial(requireNonNull(Confirmation.confirmed(run))));
        assertThat(run.configuration().values()).isEqualTo(finalist.configuration().values());
        assertThat(run.value()).isEqualTo(finalist.value());
      }
    }
  }

  @Test
  void whatCannotBeConfirmedIsRefused() {
    assertThatThrownBy(() -> new Confirmation(0)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> new Confirmation(1, 0)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> builder().minimize("size").confirm(2).open())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("loss, size");
    var population = Samplers.create("pbt", Map.of("steps", 4));
    assertThatThrownBy(() -> builder().sampler(population).confirm(2).open())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("sampler pbt");
  }
}

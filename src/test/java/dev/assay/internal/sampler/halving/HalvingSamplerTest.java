package dev.assay.internal.sampler.halving;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvingSamplerTest {
  private static final SearchSpace DRAWN =
      SearchSpace.builder()
          .add("x", new FloatRange(0, 1))
          .add("epochs", new IntRange(1, 9, false, 1))
          .build();

  private static List<TrialRecord> search(
      SearchSpace space, int candidates, int batch, int workers) {
    try (var study =
        Study.over(space)
            .minimize("loss")
            .sampler(Samplers.halving("epochs", 3, candidates))
            .batch(batch)
            .open()) {
      var result =
          study.run(
              (x, trial) ->
                  trial.number() % 10 == 4
                      ? Outcome.failed(Cause.ERROR, "")
                      : Outcome.complete(x.number("x") + 1 / x.number("epochs")),
              Budget.UNLIMITED,
              Workers.of(workers));
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      return study.trials();
    }
  }

  private static List<TrialRecord> rung(List<TrialRecord> trials, long epochs) {
    return trials.stream()
        .filter(trial -> trial.configuration().number("epochs") == epochs)
        .toList();
  }

  private static List<Double> best(List<TrialRecord> rung, int count) {
    return rung.stream()
        .filter(trial -> trial.cause() == null)
        .sorted(Comparator.comparingDouble(TrialRecord::value))
        .limit(count)
        .map(trial -> trial.configuration().number("x"))
        .toList();
  }

  /// On any number of workers a rung is the best third of the one before, which has ended.
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 4", "1, 1"})
  void eachRungIsTheBestThirdOfTheOneBefore(int batch, int workers) {
    var trials = search(DRAWN, 9, batch, workers);
    assertThat(trials).hasSize(9 + 3 + 1);
    for (long epochs : new long[] {3, 9}) {
      var rung = rung(trials, epochs);
      assertThat(rung).hasSize(epochs == 3 ? 3 : 1);
      assertThat(rung)
          .extracting(trial -> trial.configuration().number("x"))
          .containsExactlyInAnyOrderElementsOf(best(rung(trials, epochs / 3), rung.size()));
    }
  }

  @Test
  void underABatchRuleWorkersDoNotMatter() {
    var one = search(DRAWN, 20, 4, 1);
    var many = search(DRAWN, 20, 4, 4);
    assertThat(many)
        .extracting(TrialRecord::configuration)
        .isEqualTo(one.stream().map(TrialRecord::configuration).toList());
    assertThat(rung(one, 9)).isNotEmpty();
  }

  /// A third of what there was, rounded up: nobody who might be the best is dropped by a remainder.
  @Test
  void rungsAreRoundedUp() {
    var trials = search(DRAWN, 20, 0, 1);
    assertThat(rung(trials, 1)).hasSize(20);
    assertThat(rung(trials, 3)).hasSize(7);
    assertThat(rung(trials, 9)).hasSize(3);
  }

  private static final SearchSpace LISTED =
      SearchSpace.builder().add("x", new IntRange(1, 6)).add("epochs", new IntRange(1, 3)).build();

  private static History.Pending pending(int number, int x, int epochs) {
    var configuration = LISTED.configuration(Map.of("x", x, "epochs", epochs));
    return new History.Pending(number, configuration, List.of());
  }

  private static int proposed(int number, List<TrialRecord> finished, History.Pending... pending) {
    try (var search = Samplers.halving("epochs", 3, 0).open(Trials.task(LISTED, 1))) {
      var proposal = requireNonNull(search.propose(number, History.of(finished, List.of(pending))));
      return (int) proposal.configuration().number("x");
    }
  }

  @Test
  void whatIsUnderWayIsNotBegunAgain() {
    assertThat(proposed(0, List.of())).isEqualTo(1);
    assertThat(proposed(1, List.of(), pending(0, 1, 1))).isEqualTo(2);
    assertThat(proposed(2, List.of(), pending(0, 1, 1), pending(1, 2, 1))).isEqualTo(3);
    var finished = new ArrayList<TrialRecord>();
    for (int x = 1; x <= 6; x++) {
      var configuration = LISTED.configuration(Map.of("x", x, "epochs", 1));
      finished.add(Trials.complete(x - 1, new Proposal(configuration), Math.abs(x - 4.1)));
    }
    assertThat(proposed(6, finished)).isEqualTo(4);
    assertThat(proposed(7, finished, pending(6, 4, 3))).isEqualTo(5);
  }

  /// Of an objective that is maximised the largest go on.
  @Test
  void theBestAreTheLargestWhereThatIsWanted() {
    var finished = new ArrayList<TrialRecord>();
    for (int x = 1; x <= 6; x++) {
      var configuration = LISTED.configuration(Map.of("x", x, "epochs", 1));
      finished.add(Trials.complete(x - 1, new Proposal(configuration), x % 5));
    }
    var task = Trials.task(LISTED, 1, Objective.maximize("gain"));
    try (var search = Samplers.halving("epochs", 3, 0).open(task)) {
      var proposal = requireNonNull(search.propose(6, History.of(finished, List.of())));
      assertThat(proposal.configuration().number("x")).isEqualTo(4);
    }
  }

  @Test
  void everyConfigurationOfAFiniteSpaceIsACandidate() {
    var space =
        SearchSpace.builder()
            .add("x", Choice.of(1, 2, 3, 4, 5, 6))
            .add("y", Choice.of("a", "b"))
            .add("epochs", new IntRange(2, 10, false, 1))
            .where("epochs <= 2 * x + 8")
            .build();
    var trials = search(space, 0, 0, 3);
    // 12 candidates: rungs of 12 and 4; 10 / 3 / 3 would be below the low bound.
    assertThat(rung(trials, 3)).hasSize(12);
    assertThat(new HashSet<>(rung(trials, 3).stream().map(TrialRecord::configuration).toList()))
        .hasSize(12);
    assertThat(rung(trials, 10)).hasSize(4);
    assertThat(trials).hasSize(16);
  }

  /// More candidates than there are configurations are all of them; fewer differ, however few are
  /// left.
  @ParameterizedTest
  @CsvSource({"3, 9, 3", "200, 81, 81", "40, 39, 39", "40, 40, 40"})
  void noCandidateIsDrawnTwice(int values, int candidates, int expected) {
    var space =
        SearchSpace.builder()
            .add("c", new IntRange(1, values))
            .add("epochs", new IntRange(1, 27))
            .build();
    var trials = search(space, candidates, 0, 1);
    long least =
        trials.stream()
            .mapToLong(t -> (long) t.configuration().number("epochs"))
            .min()
            .orElseThrow();
    var first = rung(trials, least);
    assertThat(first).hasSize(expected);
    assertThat(first).extracting(TrialRecord::configuration).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNoResourceIsRefused() {
    var task = Trials.task(DRAWN, 1);
    assertThatThrownBy(() -> Samplers.halving("x", 3, 9).open(task))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("int range");
    assertThatThrownBy(() -> Samplers.halving("epoch", 3, 9).open(task))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("epochs");
    assertThatThrownBy(() -> Samplers.halving("epochs", 3, 0).open(task))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("candidates");
    assertThatThrownBy(() -> Samplers.create("halving", Map.of("resource", 3)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("resource");
  }
}

package dev.assay.sampler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every sampler must do.
public abstract class SamplerContract {
  /// The sampler under test, with settings under which it soon does more than draw at random.
  protected abstract Sampler sampler();

  /// The sampler that a study file makes of these settings. A sampler that no service provides may
  /// be made here otherwise.
  protected Sampler made(Map<String, @Nullable Object> settings) {
    return Samplers.create(sampler().name(), settings);
  }

  @Test
  void proposalsLieInTheSpaceAndSatisfyTheConstraints() {
    var trials = search(80, Trials::bowl);
    assertThat(trials).hasSize(80);
    for (var trial : trials) {
      assertValid(trial.configuration());
    }
  }

  private static void assertValid(Configuration configuration) {
    // Building it anew checks names, existence, ranges and constraints.
    assertThat(Trials.MIXED.configuration(configuration.values())).isEqualTo(configuration);
  }

  private List<TrialRecord> search(int trials, ToDoubleFunction<Configuration> loss) {
    return Trials.search(
        sampler(),
        Trials.task(Trials.MIXED, 7),
        trials,
        proposal -> new double[] {loss.applyAsDouble(proposal.configuration())});
  }

  @Test
  void equalSeedsGiveEqualProposals() {
    assertThat(Trials.configurations(search(40, Trials::bowl)))
        .isEqualTo(Trials.configurations(search(40, Trials::bowl)));
  }

  /// Resuming, or asking out of turn, changes nothing: what is kept between proposals is a memo.
  @Test
  void aFreshProposerProposesTheSame() {
    var task = Trials.task(Trials.MIXED, 3);
    var finished = new ArrayList<TrialRecord>();
    var pending = new ArrayList<History.Pending>();
    try (var proposer = sampler().open(task)) {
      for (int t = 0; t < 60; t++) {
        var history = History.of(finished, pending);
        var proposal = requireNonNull(proposer.propose(t, history));
        try (var fresh = sampler().open(task)) {
          assertThat(fresh.propose(t, history)).isEqualTo(proposal);
        }
        assertThat(proposer.propose(t, history)).isEqualTo(proposal);
        pending.add(new History.Pending(t, proposal.configuration(), List.of()));
        if (pending.size() > 3) {
          // The third to start ends first: trials do not end in the order of their numbers.
          finished.add(end(pending.remove(2), proposal));
        }
      }
    }
  }

  private static TrialRecord end(History.Pending trial, Proposal latest) {
    var proposal = new Proposal(trial.configuration(), latest.notes());
    return switch (trial.number() % 7) {
      case 5 -> Trials.failed(trial.number(), proposal);
      case 6 -> Trials.pruned(trial.number(), proposal, 1, Double.NaN);
      default -> Trials.complete(trial.number(), proposal, Trials.bowl(trial.configuration()));
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFiniteSpaceIsExhaustedWithoutRepeats(long seed) {
    var trials =
        Trials.search(
            sampler(),
            Trials.task(Trials.FINITE, seed),
            100,
            proposal -> new double[] {Trials.bowl(proposal.configuration())});
    var all = new HashSet<Configuration>();
    Trials.FINITE.forEach(all::add);
    assertThat(trials).hasSameSizeAs(all);
    assertThat(new HashSet<>(Trials.configurations(trials))).isEqualTo(all);
  }

  @Test
  void pendingConfigurationsOfAFiniteSpaceAreNotRepeated() {
    var pending = new ArrayList<History.Pending>();
    try (var proposer = sampler().open(Trials.task(Trials.FINITE, 5))) {
      for (int t = 0; ; t++) {
        var proposal = proposer.propose(t, History.of(List.of(), pending));
        if (proposal == null) {
          break;
        }
        assertThat(pending)
            .noneMatch(other -> other.configuration().equals(proposal.configuration()));
        pending.add(new History.Pending(t, proposal.configuration(), List.of()));
      }
    }
    assertThat(pending).hasSize(8);
  }

  @Test
  void aStudyOverAFiniteSpaceEndsByItself() {
    try (var study = Study.over(Trials.FINITE).minimize("loss").sampler(sampler()).seed(1).open()) {
      var result =
          study.run(
              (x, trial) -> Outcome.complete(Trials.bowl(x)), Budget.UNLIMITED, Workers.of(2));
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      assertThat(study.trials()).hasSize(8);
    }
  }

  @Test
  void aSpaceOfOnePointIsProposedOnce() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(2, 2))
            .add("k", new IntRange(3, 3))
            .add("c", Choice.of("only"))
            .build();
    var trials = Trials.search(sampler(), Trials.task(space, 1), 5, _ -> new double[] {1});
    assertThat(trials).hasSize(1);
  }

  @Test
  void aThousandTrialsMayBePending() {
    var random = new Philox(1, 1);
    var finished = finished(30, random);
    var pending = new ArrayList<History.Pending>();
    for (int t = 30; t < 1030; t++) {
      pending.add(new History.Pending(t, Trials.MIXED.draw(random), List.of()));
    }
    assertProposes(1030, finished, pending);
  }

  @Test
  void aLongStudyMayBeFinished() {
    int trials = trialsOfALongStudy();
    assertProposes(trials, finished(trials, new Philox(1, 2)), List.of());
  }

  /// Less where one proposal takes the cube of it, so that a test of it stays one of seconds.
  protected int trialsOfALongStudy() {
    return 10_000;
  }

  private static List<TrialRecord> finished(int n, Philox random) {
    var finished = new ArrayList<TrialRecord>();
    for (int t = 0; t < n; t++) {
      var configuration = Trials.MIXED.draw(random);
      finished.add(Trials.complete(t, new Proposal(configuration), Trials.bowl(configuration)));
    }
    return finished;
  }

  private void assertProposes(
      int trial, List<TrialRecord> finished, List<History.Pending> pending) {
    try (var proposer = sampler().open(Trials.task(Trials.MIXED, 11))) {
      var proposal = proposer.propose(trial, History.of(finished, pending));
      assertValid(requireNonNull(proposal).configuration());
    }
  }

  @Test
  void allTrialsMayHaveFailed() {
    var finished = new ArrayList<TrialRecord>();
    var random = new Philox(1, 3);
    for (int t = 0; t < 60; t++) {
      finished.add(Trials.failed(t, new Proposal(Trials.MIXED.draw(random))));
    }
    assertProposes(60, finished, List.of());
  }

  @Test
  void allTrialsMayHaveBeenPruned() {
    var finished = new ArrayList<TrialRecord>();
    var random = new Philox(1, 4);
    for (int t = 0; t < 60; t++) {
      var proposal = new Proposal(Trials.MIXED.draw(random));
      finished.add(
          switch (t % 3) {
            case 0 -> Trials.pruned(t, proposal);
            case 1 -> Trials.pruned(t, proposal, Double.NaN);
            default -> Trials.pruned(t, proposal, t, Double.POSITIVE_INFINITY);
          });
    }
    assertProposes(60, finished, List.of());
  }

  @Test
  void theObjectiveMayBeConstantHugeOrAlmostFlat() {
    assertThat(search(60, _ -> 1)).hasSize(60);
    assertThat(search(60, x -> 1e300 * (Trials.bowl(x) - 1))).hasSize(60);
    assertThat(search(60, x -> Trials.bowl(x) > 1 ? Double.MAX_VALUE : -Double.MAX_VALUE))
        .hasSize(60);
    assertThat(search(60, x -> 1 + 1e-15 * Trials.bowl(x))).hasSize(60);
    assertThat(search(60, x -> Double.MIN_VALUE * Math.rint(9 * Trials.bowl(x)))).hasSize(60);
  }

  @Test
  void maximisingMirrorsMinimising() {
    var minimised = search(50, Trials::bowl);
    var maximised =
        Trials.search(
            sampler(),
            Trials.task(Trials.MIXED, 7, Objective.maximize("gain")),
            50,
            proposal -> new double[] {-Trials.bowl(proposal.configuration())});
    assertThat(Trials.configurations(maximised)).isEqualTo(Trials.configurations(minimised));
  }

  @Test
  void severalObjectivesAreSearched() {
    var trials =
        Trials.search(
            sampler(),
            Trials.task(
                Trials.MIXED, 5, Objective.minimize("loss"), Objective.maximize("accuracy")),
            60,
            proposal -> {
              double loss = Trials.bowl(proposal.configuration());
              return new double[] {loss, proposal.configuration().number("momentum") - loss};
            });
    assertThat(trials).hasSize(60);
    trials.forEach(trial -> assertValid(trial.configuration()));
  }

  @Test
  void batchesAreTheSameOnAnyNumberOfWorkers() {
    assertThat(batched(3)).isEqualTo(batched(1));
  }

  private List<Configuration> batched(int workers) {
    try (var study =
        Study.over(Trials.MIXED).minimize("loss").sampler(sampler()).seed(9).batch(4).open()) {
      study.run(
          (x, trial) ->
              trial.number() % 9 == 4 ? Outcome.pruned() : Outcome.complete(Trials.bowl(x)),
          Budget.trials(48),
          Workers.of(workers));
      return Trials.configurations(study.trials());
    }
  }

  @Test
  void settingsDescribeTheSampler() {
    assertThat(made(sampler().settings())).isEqualTo(sampler());
  }
}

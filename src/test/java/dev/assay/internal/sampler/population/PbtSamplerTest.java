package dev.assay.internal.sampler.population;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Members of a population go on, or take over from better ones.
class PbtSamplerTest extends PbtCase {
  private static Segment segment(TrialRecord trial) {
    return requireNonNull(Segment.of(trial));
  }

  /// The trials of a study whose value is the share, the larger the better; some fail.
  private static List<TrialRecord> train(
      Sampler sampler, int batch, int workers, int trials, List<Integer> failing) {
    try (var study =
        Study.over(LINE).maximize("share").sampler(sampler).seed(3).batch(batch).open()) {
      study.run(
          (x, trial) ->
              failing.contains(trial.number())
                  ? Outcome.failed(Cause.ERROR, "")
                  : Outcome.complete(x.number("share")),
          Budget.trials(trials),
          Workers.of(workers));
      return study.trials();
    }
  }

  @Test
  void membersGoOnOrTakeOverFromTheBest() {
    var trials = train(sampler(10), MEMBERS, 1, 1000, List.of());
    assertThat(trials).hasSize(MEMBERS * 5);
    var takenOver = new HashSet<Integer>();
    for (var trial : trials) {
      var segment = segment(trial);
      int generation = trial.number() / MEMBERS;
      assertThat(segment.from()).isEqualTo(2L * generation);
      assertThat(segment.to()).isEqualTo(2L * generation + 2);
      if (generation == 0) {
        assertThat(segment.parent()).isNull();
        continue;
      }
      var ranked = ranked(trials.subList((generation - 1) * MEMBERS, generation * MEMBERS));
      int own = ranked.indexOf(trials.get(trial.number() - MEMBERS));
      var parent = trials.get(requireNonNull(segment.parent()));
      if (own < MEMBERS - 2 || parent.number() == trial.number() - MEMBERS) {
        assertThat(parent.number()).isEqualTo(trial.number() - MEMBERS);
        assertThat(trial.configuration()).isEqualTo(parent.configuration());
      } else {
        assertThat(ranked.subList(0, 2)).contains(parent);
        takenOver.add(ranked.indexOf(parent));
        assertThat(trial.configuration()).isNotEqualTo(parent.configuration());
      }
    }
    assertThat(takeovers(trials)).isEqualTo(2 * 4);
    assertThat(takenOver).containsExactlyInAnyOrder(0, 1);
  }

  private static long takeovers(List<TrialRecord> trials) {
    return trials.stream()
        .map(trial -> Map.entry(trial.number(), segment(trial)))
        .filter(e -> e.getValue().parent() != null)
        .filter(e -> !Objects.equals(e.getValue().parent(), e.getKey() - MEMBERS))
        .count();
  }

  private static List<TrialRecord> ranked(List<TrialRecord> generation) {
    var ranked = new ArrayList<>(generation);
    ranked.sort((a, b) -> Double.compare(b.value(), a.value()));
    return ranked;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void aBatchMakesTrialsTheSameOnAnyNumberOfWorkers(int batch) {
    var failing = List.of(3, 10, 11, 17);
    var one = train(sampler(10), batch, 1, 1000, failing);
    var many = train(sampler(10), batch, 4, 1000, failing);
    assertThat(one).hasSize(MEMBERS * 5);
    assertThat(many)
        .usingElementComparator(PbtSamplerTest::different)
        .containsExactlyElementsOf(one);
  }

  private static int different(TrialRecord a, TrialRecord b) {
    return a.configuration().equals(b.configuration()) && a.notes().equals(b.notes()) ? 0 : 1;
  }

  @Test
  void withoutABatchAMemberWaitsForItselfOnly() {
    var trials = train(sampler(10), 0, 4, 1000, List.of(2, 9));
    assertThat(trials).hasSize(MEMBERS * 5);
    for (var trial : trials) {
      var parent = segment(trial).parent();
      if (parent != null) {
        assertThat(parent / MEMBERS).isEqualTo(trial.number() / MEMBERS - 1);
      }
    }
    var task = Trials.task(LINE, 1);
    try (var proposer = sampler(0).open(task)) {
      var pending = new ArrayList<History.Pending>();
      for (int t = 0; t < MEMBERS; t++) {
        var history = History.of(List.of(), pending);
        assertThat(proposer.waits(history)).isFalse();
        var proposal = requireNonNull(proposer.propose(t, history));
        pending.add(new History.Pending(t, proposal.configuration(), List.of()));
      }
      assertThat(proposer.waits(History.of(List.of(), pending))).isTrue();
      var first = Trials.complete(0, proposal(pending.removeFirst(), 2), 1);
      assertThat(proposer.waits(History.of(List.of(first), pending))).isFalse();
      var failed = Trials.failed(0, new Proposal(first.configuration(), first.notes()));
      assertThat(proposer.waits(History.of(List.of(failed), pending))).isTrue();
    }
  }

  private static Proposal proposal(History.Pending trial, long to) {
    return new Proposal(trial.configuration(), new Segment(null, 0, to).notes());
  }

  @Test
  void aFailedMemberTakesOver() {
    var trials = train(sampler(6), MEMBERS, 1, 1000, List.of(0, 1, 2, 3, 4, 12));
    for (var trial : trials) {
      var parent = segment(trial).parent();
      if (trial.number() >= MEMBERS) {
        assertThat(trials.get(requireNonNull(parent)).cause()).isNull();
      }
      // Five that failed are the worst quarter, and more: who completed goes on.
      if (trial.number() >= MEMBERS + 5 && trial.number() < 2 * MEMBERS) {
        assertThat(parent).isEqualTo(trial.number() - MEMBERS);
      }
    }
  }

  @Test
  void aGenerationThatFailedAltogetherGoesBackToTheOneBefore() {
    var failing = List.of(8, 9, 10, 11, 12, 13, 14, 15);
    var trials = train(sampler(6), MEMBERS, 1, 1000, failing);
    assertThat(trials).hasSize(24);
    for (var trial : trials.subList(16, 24)) {
      assertThat(segment(trial).parent()).isBetween(0, 7);
      assertThat(segment(trial).from()).isEqualTo(2);
      assertThat(segment(trial).to()).isEqualTo(6);
    }
  }

  @Test
  void aPopulationWithoutSurvivorsEnds() {
    try (var study = Study.over(LINE).minimize("loss").sampler(sampler(10)).batch(MEMBERS).open()) {
      var result =
          study.run((_, _) -> Outcome.failed(Cause.ERROR, ""), Budget.UNLIMITED, Workers.of(2));
      assertThat(study.trials()).hasSize(MEMBERS);
      assertThat(result.reason()).isEqualTo(StopReason.TRAINED);
    }
  }

  @Test
  void equalMembersGoOn() {
    for (int members : new int[] {1, 2, 3, 8}) {
      try (var study =
          Study.over(LINE)
              .minimize("loss")
              .sampler(Samplers.pbt(members, 1, 4))
              .batch(members)
              .open()) {
        study.run((_, _) -> Outcome.complete(1), Budget.UNLIMITED);
        assertThat(study.trials()).hasSize(4 * members);
        for (var trial : study.trials().subList(members, 4 * members)) {
          assertThat(segment(trial).parent()).isEqualTo(trial.number() - members);
        }
      }
    }
  }

  @Test
  void oneOfTwoTakesOver() {
    var better = Samplers.pbt(2, 1, 0);
    var task =
        new SearchTask(
            LINE,
            List.of(new Objective("x", Direction.MAXIMIZE)),
            Trials.task(LINE, 1).streams(),
            2);
    try (var proposer = better.open(task)) {
      var history =
          History.of(
              List.of(
                  Trials.complete(0, requireNonNull(proposer.propose(0, empty())), 5),
                  Trials.complete(1, requireNonNull(proposer.propose(1, empty())), 3)),
              List.of());
      assertThat(parent(proposer.propose(2, history))).isEqualTo(0);
      assertThat(parent(proposer.propose(3, history))).isEqualTo(0);
    }
  }

  private static History empty() {
    return History.of(List.of(), List.of());
  }

  private static Integer parent(@Nullable Proposal proposal) {
    return requireNonNull(segment(Trials.complete(9, requireNonNull(proposal), 0)).parent());
  }

  @Test
  void whatIsPutInLineBeginsToTrain() {
    try (var study =
        Study.over(LINE)
            .maximize("share")
            .sampler(sampler(6))
            .batch(MEMBERS)
            .start(Map.of("share", 0.25))
            .open()) {
      study.run((x, _) -> Outcome.complete(x.number("share")), Budget.trials(MEMBERS));
      study.enqueue(Map.of("share", 0.75));
      study.run((x, _) -> Outcome.complete(x.number("share")), Budget.UNLIMITED);
      var trials = study.trials();
      assertThat(trials).hasSize(3 * MEMBERS);
      assertThat(trials.getFirst().configuration().number("share")).isEqualTo(0.25);
      assertThat(segment(trials.get(0))).isEqualTo(new Segment(null, 0, 2));
      assertThat(trials.get(MEMBERS).configuration().number("share")).isEqualTo(0.75);
      assertThat(segment(trials.get(MEMBERS))).isEqualTo(new Segment(null, 0, 4));
    }
  }

  @Test
  void whatIsWantedIsWhatIsGoneOnFrom() {
    try (var study = Study.over(LINE).maximize("share").sampler(sampler(0)).batch(MEMBERS).open()) {
      var kept = new HashMap<Integer, Double>();
      study.run(
          (x, trial) -> {
            var parent = requireNonNull(trial.segment()).parent();
            if (parent != null) {
              assertThat(kept).containsKey(parent);
            }
            var wanted = Segment.wanted(study.trials());
            kept.keySet().retainAll(wanted);
            assertThat(kept).hasSizeLessThanOrEqualTo(3 * MEMBERS);
            if (trial.number() / MEMBERS == 3 || trial.number() % 5 == 2) {
              return Outcome.failed(Cause.ERROR, "");
            }
            kept.put(trial.number(), x.number("share"));
            return Outcome.complete(x.number("share"));
          },
          Budget.trials(10 * MEMBERS));
      assertThat(study.trials()).hasSize(10 * MEMBERS);
    }
  }

  @Test
  void aLineageIsOneTraining() {
    var trials = train(sampler(10), MEMBERS, 1, 1000, List.of());
    var lineage = Segment.lineage(trials.getLast(), trials);
    assertThat(lineage).hasSize(5);
    assertThat(lineage.getLast()).isEqualTo(trials.getLast());
    for (int i = 1; i < 5; i++) {
      assertThat(segment(lineage.get(i)).parent()).isEqualTo(lineage.get(i - 1).number());
    }
  }
}

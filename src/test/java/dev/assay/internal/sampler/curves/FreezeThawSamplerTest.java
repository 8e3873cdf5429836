package dev.assay.internal.sampler.curves;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Configuration;
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
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FreezeThawSamplerTest {
  static final int STEPS = 50;

  static FreezeThawSampler sampler() {
    return new FreezeThawSampler(STEPS, "none", 6, 0.25, "steps", true);
  }

  /// A loss that falls to the bowl's by half every tenth of the whole.
  private static double loss(Configuration x, long step) {
    return Trials.bowl(x) + Math.pow(0.5, step / 5.0);
  }

  private static TrialRecord ended(int number, Proposal proposal) {
    var segment = requireNonNull(Segment.of(TrialRecord.waiting(number, proposal)));
    return Trials.complete(number, proposal, loss(proposal.configuration(), segment.to()));
  }

  static List<TrialRecord> search(Sampler sampler, SearchTask task, int trials) {
    var finished = new ArrayList<TrialRecord>();
    try (var proposer = sampler.open(task)) {
      for (int t = 0; t < trials; t++) {
        var proposal = proposer.propose(t, History.of(finished, List.of()));
        if (proposal == null) {
          return finished;
        }
        finished.add(ended(t, proposal));
      }
    }
    return finished;
  }

  static Segment segment(TrialRecord trial) {
    return requireNonNull(Segment.of(trial));
  }

  @Test
  void segmentsGoOnFromWhereTheirTrainingStands() {
    var trials = search(sampler(), Trials.task(Trials.MIXED, 3), 120);
    assertThat(trials).hasSize(120);
    var goneOnFrom = new ArrayList<Integer>();
    for (var trial : trials) {
      var segment = segment(trial);
      assertThat(segment.to()).isGreaterThan(segment.from()).isLessThanOrEqualTo(STEPS);
      assertThat(segment.whole()).isEqualTo(STEPS);
      var parent = segment.parent();
      if (parent == null) {
        assertThat(segment.from()).isZero();
      } else {
        assertThat(goneOnFrom).doesNotContain(parent);
        goneOnFrom.add(parent);
        assertThat(trials.get(parent).configuration()).isEqualTo(trial.configuration());
        assertThat(segment(trials.get(parent)).to()).isEqualTo(segment.from());
      }
    }
    assertThat(trials).anyMatch(trial -> segment(trial).to() == STEPS);
  }

  @Test
  void goodEndsAreFoundInFewSteps() {
    double found = 0;
    double atRandom = 0;
    for (int seed = 1; seed <= 4; seed++) {
      var task = Trials.task(Trials.MIXED, seed);
      var trials = search(sampler(), task, 120);
      long steps =
          trials.stream().mapToLong(trial -> segment(trial).to() - segment(trial).from()).sum();
      var drawn =
          Trials.search(
              Samplers.random(),
              task,
              (int) (4 * steps / STEPS),
              proposal -> new double[] {loss(proposal.configuration(), STEPS)});
      found += least(trials);
      atRandom += least(drawn);
    }
    // Better than what random search finds in four times as many steps.
    assertThat(found).isLessThan(atRandom);
  }

  private static double least(List<TrialRecord> trials) {
    return trials.stream().mapToDouble(TrialRecord::value).min().orElseThrow();
  }

  /// Resuming, or asking out of turn, changes nothing: what is kept between proposals is a memo.
  @Test
  void aFreshProposerProposesTheSame() {
    var task = Trials.task(Trials.MIXED, 3);
    var finished = new ArrayList<TrialRecord>();
    var pending = new ArrayList<History.Pending>();
    var proposals = new HashMap<Integer, Proposal>();
    try (var proposer = sampler().open(task)) {
      for (int t = 0; t < 60; t++) {
        var history = History.of(finished, pending);
        var proposal = requireNonNull(proposer.propose(t, history));
        if (t % 6 == 5) { // a fit each
          try (var fresh = sampler().open(task)) {
            assertThat(fresh.propose(t, history)).isEqualTo(proposal);
          }
        }
        assertThat(proposer.propose(t, history)).isEqualTo(proposal);
        assertThat(pending)
            .noneMatch(other -> other.configuration().equals(proposal.configuration()));
        proposals.put(t, proposal);
        pending.add(new History.Pending(t, proposal.configuration(), List.of()));
        if (pending.size() > 3) {
          int ending = pending.remove(2).number();
          var its = requireNonNull(proposals.get(ending));
          finished.add(ending % 7 == 5 ? Trials.failed(ending, its) : ended(ending, its));
        }
      }
    }
  }

  @Test
  void batchesAreTheSameOnAnyNumberOfWorkers() {
    var one = batched(1);
    assertThat(batched(2)).isEqualTo(one);
    assertThat(batched(8)).isEqualTo(one);
  }

  private static List<Object> batched(int workers) {
    try (var study =
        Study.over(Trials.MIXED).minimize("loss").sampler(sampler()).seed(9).batch(8).open()) {
      study.run(
          (x, trial) ->
              trial.number() % 9 == 4
                  ? Outcome.failed(Cause.DIVERGED, "")
                  : Outcome.complete(loss(x, requireNonNull(trial.segment()).to())),
          Budget.trials(64),
          Workers.of(workers));
      return study.trials().stream()
          .<Object>map(trial -> List.of(trial.configuration(), trial.notes()))
          .toList();
    }
  }

  @Test
  void aFiniteSpaceIsTrainedToTheEnd() {
    var space = SearchSpace.builder().add("x", new IntRange(0, 4)).build();
    var trials = search(sampler(), Trials.task(space, 1), 1000);
    assertThat(trials.stream().filter(trial -> segment(trial).parent() == null)).hasSize(5);
    assertThat(trials.stream().filter(trial -> segment(trial).to() == STEPS)).hasSize(5);
  }

  @Test
  void aStudyOverAFiniteSpaceEndsByItself() {
    var space = SearchSpace.builder().add("x", new IntRange(0, 4)).build();
    try (var study = Study.over(space).minimize("loss").sampler(sampler()).seed(1).open()) {
      var result =
          study.run(
              (x, trial) -> Outcome.complete(loss(x, requireNonNull(trial.segment()).to())),
              Budget.UNLIMITED,
              Workers.of(3));
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      assertThat(study.trials().stream().filter(trial -> segment(trial).to() == STEPS)).hasSize(5);
    }
  }

  /// The best end is in a corner, where steps away from the best are clamped to.
  @Test
  void noTrainingIsBegunTwice() {
    var space =
        SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();
    var trials = new ArrayList<TrialRecord>();
    try (var proposer = sampler().open(Trials.task(space, 3))) {
      for (int t = 0; t < 40; t++) {
        // As studies say it of a space that is not finite.
        var history = new History(trials.toArray(new TrialRecord[0]), 0, t, List.of(), _ -> false);
        var proposal = requireNonNull(proposer.propose(t, history));
        var x = proposal.configuration();
        trials.add(Trials.complete(t, proposal, x.number("x") + x.number("y")));
      }
    }
    var begun = trials.stream().filter(trial -> segment(trial).parent() == null).toList();
    assertThat(begun).anyMatch(trial -> trial.configuration().number("x") == 0);
    assertThat(Trials.configurations(begun)).doesNotHaveDuplicates();
  }

  @Test
  void aShareOfTheStepsGoesToTheBestExpectedEnd() {
    for (double depth : new double[] {0.2, 0.5}) {
      var trials =
          search(
              new FreezeThawSampler(STEPS, "none", 6, depth, "steps", true),
              Trials.task(Trials.MIXED, 3),
              150);
      double all = 0;
      double deep = 0;
      for (var trial : trials) {
        long steps = segment(trial).to() - segment(trial).from();
        all += steps;
        deep += "depth".equals(trial.notes().get("choice")) ? steps : 0;
      }
      assertThat(deep / all).isGreaterThanOrEqualTo(depth - 0.05);
    }
  }

  /// A training of some steps from the start, proposed for a reason.
  private static TrialRecord trained(int number, long to, double loss, String choice) {
    var notes =
        new LinkedHashMap<String, @Nullable Object>(new Segment(null, 0, to, (long) STEPS).notes());
    notes.put("choice", choice);
    var configuration = Trials.MIXED.draw(new Philox(number, 1));
    return TrialRecord.waiting(number, new Proposal(configuration, notes))
        .ended(Outcome.complete(loss), List.of(), Map.of(), 1);
  }

  @Test
  void anEndAtChanceLeavesDepthDue() {
    var start = trained(0, 1, 0.5, "start");
    var other = trained(2, STEPS / 2, 0.8, "start");
    // Half of all steps went to depth: less than three quarters, more than 0.35.
    var atChance =
        List.of(start, trained(1, STEPS, 0.9, "depth"), other, trained(3, STEPS / 2, 0.8, "start"));
    assertThat(CurvesTest.curves(atChance).isDepthDue()).isTrue();
    var learnt =
        List.of(start, trained(1, STEPS, 0.1, "depth"), other, trained(3, STEPS / 2, 0.8, "start"));
    assertThat(CurvesTest.curves(learnt).isDepthDue()).isFalse();
  }

  @Test
  void aParameterMaySayHowManyStepsThereAre() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("epochs", new IntRange(10, 40))
            .build();
    var trials =
        search(
            new FreezeThawSampler(0, "epochs", 6, 0.25, "steps", true), Trials.task(space, 5), 40);
    for (var trial : trials) {
      assertThat((double) requireNonNull(segment(trial).whole()))
          .isEqualTo(trial.configuration().number("epochs"));
    }
  }

  @Test
  void withoutCheckpointsTrialsAreWhole() {
    var trials =
        Trials.search(
            new FreezeThawSampler(STEPS, "none", 6, 0.25, "steps", false),
            Trials.task(Trials.MIXED, 3),
            40,
            proposal -> new double[] {loss(proposal.configuration(), STEPS)});
    assertThat(trials).allMatch(trial -> Segment.of(trial) == null);
    assertThat(Trials.configurations(trials)).doesNotHaveDuplicates();
  }

  @Test
  void whatItCannotSearchIsRefused() {
    assertThatThrownBy(() -> new FreezeThawSampler().open(Trials.task(Trials.MIXED, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("how many steps");
    assertThatThrownBy(() ->
            new FreezeThawSampler(0, "rate", 6, 0.25, "steps", true)
                .open(Trials.task(Trials.MIXED, 1)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("int range");
    assertThatThrownBy(() ->
            sampler()
                .open(
                    Trials.task(Trials.MIXED, 1, Objective.minimize("a"), Objective.minimize("b"))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("one objective");
    var task = Trials.task(Trials.MIXED, 1);
    var bounded =
        new SearchTask(
            task.space(),
            task.objectives(),
            List.of(OutcomeConstraint.parse("time <= 3")),
            task.streams(),
            0);
    assertThatThrownBy(() -> sampler().open(bounded))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("bounds");
  }

  @Test
  void settingsDescribeTheSampler() {
    assertThat(Samplers.create(sampler().name(), sampler().settings())).isEqualTo(sampler());
  }
}

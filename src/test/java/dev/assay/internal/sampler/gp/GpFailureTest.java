package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What fails teaches where not to look.
class GpFailureTest {
  private static final SearchSpace OPTIONS =
      SearchSpace.builder()
          .add("x", new FloatRange(0, 1))
          .add("w", new FloatRange(0, 1))
          .add("option", Choice.of("a", "b", "c", "d"))
          .build();

  private static double bowl(Configuration c) {
    double x = c.number("x") - 0.3;
    double w = c.number("w") - 0.6;
    return x * x + w * w;
  }

  private static List<TrialRecord> search(
      Sampler sampler, SearchSpace space, long seed, Function<Configuration, Outcome> objective) {
    try (var study = Study.over(space).minimize("y").sampler(sampler).seed(seed).open()) {
      study.run((c, _) -> objective.apply(c), Budget.trials(40));
      return study.trials();
    }
  }

  private static Sampler single() {
    return Samplers.create("gp", Map.of("model", "single", "noisy", "no"));
  }

  private static double best(List<TrialRecord> trials) {
    return trials.stream()
        .filter(t -> !t.values().isEmpty())
        .mapToDouble(TrialRecord::value)
        .min()
        .orElseThrow();
  }

  private static long failures(List<TrialRecord> trials) {
    return trials.stream().filter(t -> t.state() == TrialState.FAILED).count();
  }

  /// The option that fails would be the best one. One failure tells it.
  @ParameterizedTest
  @ValueSource(strings = {"ERROR", "OUT_OF_MEMORY", "DIVERGED", "NOT_FINITE"})
  void anOptionThatAlwaysFailsIsLeftAlone(Cause cause) {
    for (long seed = 0; seed < 2; seed++) {
      var trials =
          search(
              single(),
              OPTIONS,
              seed,
              c ->
                  "b".equals(c.get("option"))
                      ? Outcome.failed(cause, "no such kernel")
                      : Outcome.complete(bowl(c) + ("a".equals(c.get("option")) ? 0.1 : 0)));
      assertThat(failures(trials)).isEqualTo(1);
      assertThat(best(trials)).isLessThan(1e-3);
    }
  }

  /// A region that fails, and the optimum is on its edge.
  @Test
  void aRegionThatFailsIsLeftAlone() {
    var space =
        SearchSpace.builder().add("x", new FloatRange(0, 1)).add("w", new FloatRange(0, 1)).build();
    var trials =
        search(
            single(),
            space,
            1,
            c ->
                c.number("x") + c.number("w") > 1.2
                    ? Outcome.failed(Cause.OUT_OF_MEMORY, "")
                    : Outcome.complete(-c.number("x") - c.number("w")));
    assertThat(failures(trials)).isLessThanOrEqualTo(16);
    assertThat(best(trials)).isLessThan(-1.15);
  }

  /// While all values are equal the part that works is filled.
  @Test
  void equalValuesAreFilledInWhereNothingFails() {
    var trials =
        search(
            single(),
            OPTIONS,
            1,
            c ->
                "b".equals(c.get("option"))
                    ? Outcome.failed(Cause.ERROR, "")
                    : Outcome.complete(1));
    assertThat(failures(trials)).isEqualTo(1);
  }

  /// What failed once may have failed by chance: it is not left alone for ever.
  @Test
  void eachFailureKeepsAnOptionFromBeingTriedForSomeTime() {
    var finished = new ArrayList<TrialRecord>();
    var b = OPTIONS.fromUnit(new double[] {0.5, 0.5, 0.3});
    var c = OPTIONS.fromUnit(new double[] {0.5, 0.5, 0.6});
    finished.add(Trials.failed(0, new dev.assay.trial.Proposal(b)));
    for (int t = 1; t < 40; t++) {
      finished.add(Trials.complete(t, new dev.assay.trial.Proposal(c), 1));
    }
    assertThat(isLeftAlone(b, finished)).isTrue();
    assertThat(isLeftAlone(c, finished)).isFalse();
    finished.add(Trials.complete(40, new dev.assay.trial.Proposal(c), 1));
    assertThat(isLeftAlone(b, finished)).isFalse();
    finished.add(Trials.failed(41, new dev.assay.trial.Proposal(b)));
    assertThat(isLeftAlone(b, finished)).isTrue();
    finished.add(Trials.complete(42, new dev.assay.trial.Proposal(b), 1));
    assertThat(isLeftAlone(b, finished)).isFalse();
  }

  private static boolean isLeftAlone(Configuration configuration, List<TrialRecord> finished) {
    return FailedOptions.of(History.of(finished, List.of())).isIn(configuration);
  }

  @Test
  void failuresTeachWithSeveralObjectivesAndTrialsUnderWay() {
    var task = Trials.task(OPTIONS, 2, Objective.minimize("a"), Objective.minimize("b"));
    var finished = new ArrayList<TrialRecord>();
    var pending = new ArrayList<History.Pending>();
    int failed = 0;
    try (var proposer = single().open(task)) {
      for (int t = 0; t < 36; t++) {
        var proposal = requireNonNull(proposer.propose(t, History.of(finished, pending)));
        pending.add(new History.Pending(t, proposal.configuration(), List.of()));
        if (pending.size() > 2) {
          var next = pending.removeFirst();
          boolean fails = "c".equals(next.configuration().get("option"));
          failed += fails && next.number() >= 12 ? 1 : 0;
          var done = new dev.assay.trial.Proposal(next.configuration());
          double y = bowl(next.configuration());
          finished.add(
              fails
                  ? Trials.failed(next.number(), done)
                  : Trials.complete(next.number(), done, y, next.configuration().number("x")));
        }
      }
    }
    assertThat(failed).isLessThanOrEqualTo(3);
  }

  /// Options by which nothing can be weighed go on as they are.
  @ParameterizedTest
  @ValueSource(strings = {"ucb", "thompson", "ei", "pi"})
  void everyAcquisitionGoesOnAfterFailures(String acquisition) {
    var sampler = Samplers.create("gp", Map.of("model", "single", "acquisition", acquisition));
    var trials =
        search(
            sampler,
            OPTIONS,
            1,
            c -> c.number("x") > 0.8 ? Outcome.failed(Cause.ERROR, "") : Outcome.complete(bowl(c)));
    assertThat(trials).hasSize(40);
    assertThat(best(trials)).isLessThan(0.05);
  }
}

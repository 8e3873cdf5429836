package dev.assay.internal.sampler.curves;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Trials;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.Report;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What trials say of learning curves.
class CurvesTest {
  private static TrialRecord with(
      TrialRecord trial, TrialState state, Cause cause, Report... reports) {
    return new TrialRecord(
        trial.number(),
        state,
        trial.configuration(),
        trial.notes(),
        List.of(reports),
        state == TrialState.COMPLETE ? trial.values() : List.of(),
        state == TrialState.FAILED ? cause : null,
        "",
        Map.of(),
        1,
        1,
        0);
  }

  static Curves curves(List<TrialRecord> trials) {
    var curves =
        new Curves(
            new CurveEncoding(Trials.MIXED),
            Objective.minimize("loss").direction(),
            _ -> FreezeThawSamplerTest.STEPS,
            new StepCosts("steps", List.of()),
            0.35);
    curves.learn(History.of(trials, List.of()));
    return curves;
  }

  private static List<TrialRecord> two() {
    return FreezeThawSamplerTest.search(
        FreezeThawSamplerTest.sampler(), Trials.task(Trials.MIXED, 3), 2);
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void whatFailsIsClosedWithTheWorstValueUnlessItsRunnerWasGone(Cause cause) {
    var trials = new ArrayList<>(two());
    var before = FreezeThawSamplerTest.segment(trials.get(1));
    trials.add(
        with(
            Trials.complete(
                2,
                new Proposal(
                    trials.get(1).configuration(),
                    new Segment(1, before.to(), 2L, (long) FreezeThawSamplerTest.STEPS).notes()),
                1),
            TrialState.FAILED,
            cause));
    var curves = curves(trials);
    var curve = curves.all().get(1);
    if (cause == Cause.LOST) {
      assertThat(curve.closed).isFalse();
      assertThat(curve.next().parent()).isEqualTo(1);
      assertThat(curves.cells().size()).isEqualTo(2);
    } else {
      assertThat(curve.closed).isTrue();
      assertThat(curves.cells().size()).isEqualTo(3);
      assertThat(curves.cells().value(2))
          .isEqualTo(Math.min(curves.cells().value(0), curves.cells().value(1)));
    }
  }

  @Test
  void aProgramThatIgnoresWhereToStopIsTakenAtItsWord() {
    var trials = two();
    var beyond =
        with(trials.get(0), TrialState.COMPLETE, Cause.ERROR, new Report(20, List.of(0.5)));
    var curve = curves(List.of(beyond)).all().getFirst();
    assertThat(curve.done).isEqualTo(20);
    assertThat(curve.next().from()).isEqualTo(20);
    var through =
        with(trials.get(0), TrialState.COMPLETE, Cause.ERROR, new Report(900, List.of(0.5)));
    assertThat(curves(List.of(through)).all().getFirst().closed).isTrue();
  }

  @Test
  void reportsOfWholeTrialsAreThinned() {
    var reports =
        IntStream.rangeClosed(1, FreezeThawSamplerTest.STEPS)
            .mapToObj(step -> new Report(step, List.of(step == 3 ? Double.NaN : 1.0 / step)))
            .toArray(Report[]::new);
    var whole =
        with(
            Trials.complete(0, new Proposal(two().getFirst().configuration()), 0.02),
            TrialState.COMPLETE,
            Cause.ERROR,
            reports);
    var cells = curves(List.of(whole)).cells();
    assertThat(
            IntStream.range(0, cells.size())
                .mapToDouble(i -> cells.share(i) * FreezeThawSamplerTest.STEPS)
                .toArray())
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : Double.compare(a, b))
        .containsExactly(1.0, 2.0, 4.0, 6.0, 9.0, 13.0, 19.0, 27.0, 37.0, 50.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void curvesMayBeAnything(int kind) {
    var trials = new ArrayList<TrialRecord>();
    try (var proposer = FreezeThawSamplerTest.sampler().open(Trials.task(Trials.MIXED, 3))) {
      for (int t = 0; t < 60; t++) {
        var proposal = requireNonNull(proposer.propose(t, History.of(trials, List.of())));
        double bowl = Trials.bowl(proposal.configuration());
        double value =
            switch (kind) {
              case 0 -> 1;
              case 1 -> t % 2 == 0 ? Double.MAX_VALUE : -Double.MAX_VALUE;
              case 2 -> 1 + 1e-15 * bowl;
              case 3 -> Double.MIN_VALUE * Math.rint(9 * bowl);
              case 4 -> Math.sin(t) * 1e6; // jumps, crosses
              default -> Double.NaN;
            };
        trials.add(
            Double.isNaN(value) ? Trials.failed(t, proposal) : Trials.complete(t, proposal, value));
      }
    }
    assertThat(trials).hasSize(60);
  }
}

package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.pruner.Curves;
import dev.assay.pruner.Pruners;
import dev.assay.random.Philox;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoRungsTest {
  private static final List<Objective> OBJECTIVES =
      List.of(Objective.minimize("loss"), Objective.maximize("speed"));

  private static final AshaPruner ASHA = new AshaPruner(2, 8, 2);

  private static TrialRecord at(int number, double... values) {
    return Curves.trial(number, TrialState.PRUNED, List.of(new Report(2, boxed(values))));
  }

  private static List<Double> boxed(double... values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  private static boolean stops(List<TrialRecord> others, double... values) {
    return ASHA.open(OBJECTIVES)
        .prune(
            99,
            List.of(new Report(2, boxed(values))),
            History.of(others, List.of()),
            Direction.MINIMIZE);
  }

  @Test
  void whatIsBestInOneObjectiveGoesOn() {
    var others = new ArrayList<>(List.of(at(0, 1, 5), at(1, 2, 7), at(2, 3, 9)));
    for (int behind = 0; behind < 4; behind++) {
      others.add(at(3 + behind, 5 + behind, 5 - behind));
    }
    assertThat(stops(others, 0.5, 1)).isFalse();
    assertThat(stops(others, 4, 20)).isFalse();
    assertThat(stops(others, 4, 4)).isTrue(); // dominated by three, and only four go on
  }

  @Test
  void nobodyIsBesideTheFirst() {
    assertThat(stops(List.of(), 9, 9)).isFalse();
  }

  /// A trial under way is in its history too.
  @Test
  void nobodyIsBesideItself() {
    var reports = List.of(new Report(2, boxed(9, 9)));
    var own =
        new History.Pending(
            99, Curves.trial(99, TrialState.PRUNED, reports).configuration(), reports);
    var alone = History.of(List.of(), List.of(own));
    assertThat(ASHA.open(OBJECTIVES).prune(99, reports, alone, Direction.MINIMIZE)).isFalse();
    assertThat(ASHA.open(OBJECTIVES).prune(98, reports, alone, Direction.MINIMIZE)).isTrue();
  }

  @Test
  void aReportThatLacksAnObjectiveIsNotJudged() {
    var others = List.of(at(0, 1, 5), at(1, 2, 7));
    assertThat(stops(others, 99, Double.NaN)).isFalse();
    assertThat(stops(List.of(at(0, Double.NaN, 5)), 99, 1)).isFalse();
  }

  @Test
  void whatDivergedInAllStops() {
    assertThat(stops(List.of(at(0, 1, 5)), Double.NaN, Double.NaN)).isTrue();
  }

  @Test
  void nothingIsJudgedBetweenRungs() {
    var others = List.of(at(0, 1, 5), at(1, 2, 7));
    var reports = List.of(new Report(2, boxed(9, 1)), new Report(3, boxed(9, 1)));
    assertThat(
            ASHA.open(OBJECTIVES)
                .prune(99, reports, History.of(others, List.of()), Direction.MINIMIZE))
        .isFalse();
  }

  /// A rule that remembers answers as one that sees the history for the first time.
  @Test
  void whatItRemembersChangesNothing() {
    var random = new Philox(4, 4);
    var finished = new ArrayList<TrialRecord>();
    var rule = ASHA.open(OBJECTIVES);
    for (int t = 0; t < 60; t++) {
      var reports = List.of(new Report(2, boxed(random.nextDouble(), random.nextDouble())));
      var history =
          t == 40 ? History.of(finished.subList(0, 3), List.of()) : History.of(finished, List.of());
      assertThat(rule.prune(t, reports, history, Direction.MINIMIZE))
          .isEqualTo(ASHA.open(OBJECTIVES).prune(t, reports, history, Direction.MINIMIZE));
      finished.add(Curves.trial(t, TrialState.PRUNED, reports));
    }
  }

  /// The front is known at the price of fewer steps.
  @Test
  void aStudyOfTwoObjectivesStopsWhatIsBehind() {
    var space =
        SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();
    try (var study =
        Study.over(space)
            .minimize("a")
            .minimize("b")
            .pruner(new AshaPruner(1, 9, 3))
            .seed(2)
            .open()) {
      study.run(
          (c, trial) -> {
            double x = c.number("x");
            double a = x + c.number("y");
            double b = 1 - x + c.number("y");
            for (int step = 1; step < 9; step++) {
              if (trial.report(step, a + 1.0 / step, b + 1.0 / step).prune()) {
                return Outcome.pruned();
              }
            }
            return Outcome.complete(a, b);
          },
          Budget.trials(60),
          Workers.of(1));
      var pruned = study.trials().stream().filter(t -> t.state() == TrialState.PRUNED).toList();
      assertThat(pruned).hasSizeBetween(25, 58);
      double kept =
          study.trials().stream()
              .filter(t -> t.state() == TrialState.COMPLETE)
              .mapToDouble(t -> t.configuration().number("y"))
              .average()
              .orElseThrow();
      double left =
          pruned.stream().mapToDouble(t -> t.configuration().number("y")).average().orElseThrow();
      assertThat(kept).isLessThan(left - 0.2); // y makes both worse
    }
  }

  @Test
  void othersRefuseSeveralObjectivesAndNameAsha() {
    ASHA.check(OBJECTIVES);
    assertThatThrownBy(() -> new MedianPruner().check(OBJECTIVES))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("asha");
    for (var name : Pruners.names()) {
      var pruner =
          name.equals("threshold")
              ? Pruners.threshold(0, 1)
              : Pruners.create(name, java.util.Map.of());
      assertThat(pruner.judgesSeveral()).as(name).isEqualTo(name.equals("asha"));
    }
  }
}

package dev.assay.pruner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every pruner must do.
public abstract class PrunerContract {
  private static final int STEPS = 30;

  protected abstract Pruner pruner();

  /// The pruner that a study file makes of these settings. A pruner that no service provides may be
  /// made here otherwise.
  protected Pruner made(Map<String, @Nullable Object> settings) {
    return Pruners.create(pruner().name(), settings);
  }

  /// A history of curves that fall from about 2 to about 1.
  private static List<List<Report>> curves(long seed, double sign) {
    var random = new Philox(seed, 0);
    var curves = new ArrayList<List<Report>>();
    for (int t = 0; t < 12; t++) {
      double end = 0.9 + 0.2 * random.nextDouble();
      var values = new double[STEPS];
      for (int s = 0; s < STEPS; s++) {
        values[s] = sign * (end + 1.0 / (s + 1) + 0.01 * random.nextDouble());
      }
      curves.add(Curves.reports(values));
    }
    return curves;
  }

  private static List<Report> line(double start, double slope) {
    var values = new double[STEPS];
    for (int s = 0; s < STEPS; s++) {
      values[s] = start + slope * s;
    }
    return Curves.reports(values);
  }

  /// The step at which a trial would be stopped; 0: never.
  long stopped(List<Report> reports, History history, Direction direction) {
    for (int i = 1; i <= reports.size(); i++) {
      if (pruner().prune(99, reports.subList(0, i), history, direction)) {
        return reports.get(i - 1).step();
      }
    }
    return 0;
  }

  @Test
  void aTrialThatIsBetterThanAllGoesOn() {
    var history = Curves.completed(curves(1, 1));
    assertThat(stopped(line(0.5, -0.01), history, Direction.MINIMIZE)).isZero();
    assertThat(stopped(line(0.5, 0.01), Curves.completed(curves(1, -1)), Direction.MAXIMIZE))
        .isZero();
  }

  @Test
  void aHopelessTrialIsStoppedBeforeItsEnd() {
    assertThat(stopped(line(50, 1), Curves.completed(curves(1, 1)), Direction.MINIMIZE))
        .isBetween(1L, STEPS - 1L);
    assertThat(stopped(line(-50, -1), Curves.completed(curves(1, -1)), Direction.MAXIMIZE))
        .isBetween(1L, STEPS - 1L);
  }

  @Test
  void maximisingMirrorsMinimising() {
    for (int seed = 0; seed < 20; seed++) {
      var trial = curves(seed + 100, 1).getFirst();
      var mirrored = curves(seed + 100, -1).getFirst();
      assertThat(stopped(trial, Curves.completed(curves(seed, 1)), Direction.MINIMIZE))
          .isEqualTo(stopped(mirrored, Curves.completed(curves(seed, -1)), Direction.MAXIMIZE));
    }
  }

  @Test
  void aHopelessTrialThatSkipsStepsIsStopped() {
    var reports = Curves.every(4, 50, 51, 52, 53, 54, 55, 56);
    assertThat(stopped(reports, Curves.completed(curves(1, 1)), Direction.MINIMIZE)).isPositive();
  }

  @Test
  void nothingIsKnownOfAFirstTrialThatImproves() {
    var none = History.of(List.of(), List.of());
    assertThat(stopped(line(9, -0.1), none, Direction.MINIMIZE)).isZero();
  }

  @Test
  void aDivergedTrialIsStoppedOnceOthersAreCompleted() {
    var reports = new ArrayList<Report>();
    for (int s = 1; s < STEPS; s++) {
      reports.add(new Report(s, List.of(Double.NaN)));
    }
    assertThat(stopped(reports, Curves.completed(curves(1, 1)), Direction.MINIMIZE)).isPositive();
    assertThat(stopped(reports, Curves.completed(curves(1, -1)), Direction.MAXIMIZE)).isPositive();
  }

  private static List<Report> diverged(int steps) {
    var values = new double[steps];
    Arrays.fill(values, Double.NaN);
    return Curves.reports(values);
  }

  /// Half of all trials diverged: they are no reason to let another one go on.
  @Test
  void aDivergedTrialIsStoppedOnceAnotherOneIsFinite() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.0}) {
      var finished = new ArrayList<TrialRecord>();
      for (var curve : curves(1, 1)) {
        finished.add(Curves.trial(finished.size(), TrialState.COMPLETE, curve));
        finished.add(Curves.trial(finished.size(), TrialState.FAILED, diverged(STEPS)));
      }
      var own = Curves.reports(DoubleStream.generate(() -> value).limit(STEPS - 1).toArray());
      for (var direction : Direction.values()) {
        assertThat(stopped(own, History.of(finished, List.of()), direction)).isPositive();
        assertThat(stopped(own, History.of(finished.subList(0, 1), List.of()), direction))
            .isPositive();
      }
    }
  }

  @Test
  void aTrialThatIsFiniteUnderWayIsEnough() {
    var history = History.of(List.of(), List.of(Curves.running(3, Curves.reports(1, 2, 3))));
    assertThat(stopped(diverged(STEPS - 1), history, Direction.MINIMIZE)).isPositive();
  }

  /// However good it was before.
  @Test
  void aTrialThatDivergesLateIsStopped() {
    var reports = new ArrayList<Report>(line(0.5, -0.01).subList(0, 10));
    for (int s = 11; s < STEPS; s++) {
      reports.add(new Report(s, List.of(Double.NaN)));
    }
    assertThat(stopped(reports, Curves.completed(curves(1, 1)), Direction.MINIMIZE))
        .isGreaterThan(10);
  }

  @Test
  void whereAllDivergeLaterOnesAreStopped() {
    var finished = List.of(Curves.trial(0, TrialState.FAILED, diverged(STEPS)));
    assertThat(stopped(diverged(STEPS), History.of(finished, List.of()), Direction.MINIMIZE))
        .isPositive();
  }

  /// Nobody knows yet whether a metric is first known after some steps.
  @Test
  void aTrialThatIsNotFiniteAtFirstGoesOnWhereAnotherOneRecovered() {
    var values = new double[STEPS];
    for (int s = 0; s < STEPS; s++) {
      values[s] = s < 3 ? Double.NaN : 1.0 / s;
    }
    var recovered = Curves.reports(values);
    assertThat(
            stopped(recovered.subList(0, 3), History.of(List.of(), List.of()), Direction.MINIMIZE))
        .isEqualTo(patience());
    var finished =
        List.of(
            Curves.trial(0, TrialState.COMPLETE, recovered),
            Curves.trial(1, TrialState.FAILED, diverged(STEPS)));
    assertThat(
            stopped(recovered.subList(0, 3), History.of(finished, List.of()), Direction.MINIMIZE))
        .isEqualTo(patience());
  }

  /// The step at which a diverged trial is stopped whatever others did; 0: never.
  protected long patience() {
    return 0;
  }

  /// With several objectives, a report may tell of the others only.
  @Test
  void reportsWithoutTheFirstObjectiveDecideNothing() {
    var reports = new ArrayList<Report>();
    for (int s = 1; s < STEPS; s++) {
      reports.add(new Report(s, List.of(Double.NaN, 1.0)));
    }
    assertThat(stopped(reports, Curves.completed(curves(1, 1)), Direction.MINIMIZE)).isZero();
  }

  @Test
  void divergedTrialsInTheHistoryDoNotStopGoodOnes() {
    var curves = curves(1, 1);
    for (int t = 0; t < 8; t++) {
      curves.add(Curves.reports(1, Double.NaN, Double.POSITIVE_INFINITY));
    }
    assertThat(stopped(line(0.5, -0.01), Curves.completed(curves), Direction.MINIMIZE)).isZero();
  }

  @Test
  void settingsDescribeThePruner() {
    assertThat(made(pruner().settings())).isEqualTo(pruner());
  }

  /// What a rule remembers changes no answer: not as trials end, nor when it is shown a history
  /// that does not go on from the last one.
  @Test
  void aRuleAnswersAsIfItSawTheHistoryForTheFirstTime() {
    var rule = pruner().open();
    for (int seed = 0; seed < 2; seed++) {
      var random = new Philox(seed + 7, 0);
      var finished = new ArrayList<TrialRecord>();
      for (int number = 0; number < 60 - 30 * seed; number++) {
        var curve = curves(1000L * seed + number, 1).getFirst();
        var running = curves(1000L * seed + number + 500, 1).getFirst().subList(0, 9);
        var history = History.of(finished, List.of(Curves.running(number + 60, running)));
        int came = 1 + (int) (random.nextDouble() * STEPS);
        for (int i = 1; i <= came; i++) {
          var reports = curve.subList(0, i);
          boolean answer = rule.prune(number, reports, history, Direction.MINIMIZE);
          if (i == came || (i + number) % 3 == 0) {
            assertThat(answer)
                .isEqualTo(pruner().prune(number, reports, history, Direction.MINIMIZE));
          }
        }
        var state = random.nextDouble() < 0.5 ? TrialState.COMPLETE : TrialState.PRUNED;
        finished.add(Curves.trial(number, state, curve.subList(0, came)));
      }
    }
  }
}

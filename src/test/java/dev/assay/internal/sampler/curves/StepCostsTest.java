package dev.assay.internal.sampler.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.assay.sampler.Trials;
import dev.assay.trial.Objective;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class StepCostsTest {
  private static final List<Objective> LOSS = List.of(Objective.minimize("loss"));

  private static TrialRecord costing(Object cost) {
    var trial = Trials.complete(0, new Proposal(Trials.MIXED.defaults()), 1);
    return trial.ended(
        dev.assay.trial.Outcome.complete(1),
        List.of(),
        Map.of(TrialRecord.METRICS, Map.of("joules", cost)),
        1);
  }

  @Test
  void aMetricSaysWhatATrialCost() {
    assertThat(new StepCosts("joules", LOSS).of(costing(12.5))).isEqualTo(12.5);
    assertThat(new StepCosts("dollars", LOSS).of(costing(12.5))).isNaN();
    assertThat(new StepCosts(StepCosts.NONE, LOSS).of(costing(12.5))).isNaN();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -3, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoCostIsNotCounted(double said) {
    assertThat(new StepCosts("joules", LOSS).of(costing(said))).isNaN();
  }

  @Test
  void aMetricThatNobodySaysIsSpokenOfOnce() {
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    var logger = (Logger) LoggerFactory.getLogger(StepCosts.class);
    logger.addAppender(said);
    try {
      var costs = new StepCosts("joules", LOSS);
      var points = List.of(new double[1], new double[1], new double[1], new double[1]);
      costs.add(0, 5, costs.of(costing(0)));
      costs.fit(points, 3);
      assertThat(said.list).isEmpty();
      costs.fit(points, 4);
      costs.fit(points, 4);
      new StepCosts(StepCosts.NONE, LOSS).fit(points, 4);
      assertThat(said.list)
          .singleElement()
          .satisfies(event -> assertThat(event.getFormattedMessage()).contains("metric joules"));
    } finally {
      logger.detachAppender(said);
    }
  }

  @Test
  void withoutCostsAStepCostsOne() {
    var costs = new StepCosts(StepCosts.NONE, LOSS);
    costs.fit(List.of(new double[] {0.1}, new double[] {0.9}), 2);
    assertThat(costs.log(0, new double[] {0.1})).isZero();
    assertThat(costs.log(CurvePosterior.NEW, new double[] {0.5})).isZero();
  }

  /// A step costs 10^(2x).
  @Test
  void theConfigurationSaysWhatIsExpected() {
    var costs = new StepCosts("joules", LOSS);
    var points = new ArrayList<double[]>();
    for (int k = 0; k < 40; k++) {
      double x = k / 40.0;
      points.add(new double[] {x});
      costs.add(k, 5, 5 * Math.pow(10, 2 * x));
    }
    costs.fit(points, 40);
    assertThat(costs.log(3, points.get(3))).isCloseTo(2 * Math.log(10) * 3 / 40, within(1e-9));
    for (double x : new double[] {0.2, 0.5, 0.8}) {
      assertThat(costs.log(CurvePosterior.NEW, new double[] {x}))
          .isCloseTo(2 * Math.log(10) * x, within(0.15));
    }
  }
}

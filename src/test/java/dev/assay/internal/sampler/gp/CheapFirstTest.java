package dev.assay.internal.sampler.gp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheapFirstTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();

  /// Nine trials of e^(2x) seconds, and a budget of which they used a share.
  private static History history(double used) {
    var trials = new ArrayList<TrialRecord>();
    double sum = 0;
    for (int i = 0; i < 9; i++) {
      var values = Map.of("x", i / 8.0, "y", (3 * i % 8) / 8.0);
      double seconds = Math.exp(2 * i / 8.0);
      sum += seconds;
      trials.add(
          Trials.lasting(
              seconds, Trials.complete(i, new Proposal(SPACE.configuration(values)), 1.0)));
    }
    var time = Duration.ofNanos((long) (1e9 * sum / used));
    return History.of(trials, List.of()).under(Budget.UNLIMITED.within(time));
  }

  private static double[] preference(double used, double[] points, double[] gradients) {
    var encoding = new BoxEncoding(SPACE);
    var history = history(used);
    var cheap = new CheapFirst(TrialCosts.AUTO, Trials.task(SPACE, 1), encoding);
    var rule = cheap.prefer(encoding.rule(history, new Untried(SPACE)), 9, history);
    var values = new double[points.length / 2];
    requireNonNull(rule.preference()).addTo(points, values, gradients);
    return values;
  }

  /// The logarithm of the expected cost, times the share of the budget that is left, is taken away;
  /// gradients are those of the values.
  @Test
  void whatIsDearCountsLessAndLessSoTheMoreIsSpent() {
    for (double used : new double[] {0.25, 0.75}) {
      var points = new double[] {0.75, 0.5, 0.25, 0.5, 0.251, 0.5, 0.249, 0.5};
      var gradients = new double[points.length];
      var values = preference(used, points, gradients);
      assertThat(values[1] - values[0]).isCloseTo((1 - used) * 2 * 0.5, within(0.15));
      assertThat(gradients[2])
          .isNegative()
          .isCloseTo((values[2] - values[3]) / 0.002, within(1e-6));
    }
  }

  @Test
  void onceNothingIsLeftNothingIsPreferred() {
    var encoding = new BoxEncoding(SPACE);
    var history = history(0.999);
    var cheap = new CheapFirst(TrialCosts.AUTO, Trials.task(SPACE, 1), encoding);
    var rule = encoding.rule(history, new Untried(SPACE));
    assertThat(cheap.prefer(rule, 9, history)).isSameAs(rule);
  }
}

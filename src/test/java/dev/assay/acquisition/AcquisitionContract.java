package dev.assay.acquisition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every acquisition must do: give numbers, the same for the same beliefs, and derivatives
/// that are those of its values.
public abstract class AcquisitionContract {
  private static final int BELIEFS = 200;

  /// The acquisition under test.
  protected abstract Acquisition acquisition();

  /// Beliefs as searches meet them: from the best value out to where nothing is to be hoped for,
  /// and from next to sure to sure of nothing.
  protected List<Beliefs> beliefs() {
    var random = new Random(7);
    var all = new ArrayList<Beliefs>();
    for (int i = 0; i < BELIEFS; i++) {
      double best = -2 + random.nextDouble();
      double mean = best + 4 * random.nextDouble() - 0.5;
      double sd = Math.pow(10, -3 + 3.3 * random.nextDouble());
      var others = new HashMap<Surrogate, Belief>();
      for (var surrogate : acquisition().surrogates()) {
        others.put(
            surrogate,
            new Belief(random.nextGaussian(), Math.pow(10, -2 + 2 * random.nextDouble())));
      }
      all.add(new Beliefs(new Belief(mean, sd), best, others));
    }
    return all;
  }

  @Test
  void everyValueIsANumberOrRulesThePointOut() {
    for (var at : beliefs()) {
      double value = acquisition().value(at);
      assertThat(value).as("the value at %s", at).isNotNaN().isLessThan(Double.POSITIVE_INFINITY);
    }
    assertThat(beliefs()).anyMatch(at -> Double.isFinite(acquisition().value(at)));
  }

  @Test
  void equalBeliefsHaveEqualValuesInWhateverOrder() {
    var acquisition = acquisition();
    var beliefs = beliefs();
    var values = new double[beliefs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = acquisition.value(beliefs.get(i));
    }
    for (int i = values.length - 1; i >= 0; i--) {
      var at = beliefs.get(i);
      assertThat(acquisition.value(at)).as("once more at %s", at).isEqualTo(values[i]);
      assertThat(acquisition().value(at)).as("of another one, at %s", at).isEqualTo(values[i]);
    }
  }

  @Test
  void slopesAreThoseOfTheValues() {
    for (var at : beliefs()) {
      if (Double.isInfinite(acquisition().value(at))) {
        continue;
      }
      var slopes = acquisition().slopes(at);
      assertSlope(at, at.objective(), slopes.objective(), at::withObjective);
      for (var surrogate : acquisition().surrogates()) {
        assertThat(slopes.others()).as("slopes at %s", at).containsKey(surrogate);
        var slope = slopes.others().get(surrogate);
        if (slope != null) {
          assertSlope(at, at.of(surrogate), slope, changed -> at.with(surrogate, changed));
        }
      }
    }
  }

  private void assertSlope(
      Beliefs at,
      Belief belief,
      Acquisition.Slope slope,
      java.util.function.Function<Belief, Beliefs> with) {
    double h = 1e-4 * belief.sd();
    assertThat(slope.mean())
        .as("the slope in the mean at %s", at)
        .isCloseTo(
            difference(
                with.apply(new Belief(belief.mean() + h, belief.sd())),
                with.apply(new Belief(belief.mean() - h, belief.sd())),
                h),
            within(1e-4 * (1 / belief.sd() + Math.abs(slope.mean()))));
    assertThat(slope.sd())
        .as("the slope in the deviation at %s", at)
        .isCloseTo(
            difference(
                with.apply(new Belief(belief.mean(), belief.sd() + h)),
                with.apply(new Belief(belief.mean(), belief.sd() - h)),
                h),
            within(1e-4 * (1 / belief.sd() + Math.abs(slope.sd()))));
  }

  private double difference(Beliefs above, Beliefs below, double h) {
    return (acquisition().value(above) - acquisition().value(below)) / (2 * h);
  }

  @Test
  void lessIsBetter() {
    for (var at : beliefs()) {
      var better = at.withObjective(new Belief(at.mean() - at.sd(), at.sd()));
      assertThat(acquisition().value(better))
          .as("with a lower mean than at %s: objectives are minimised, acquisitions maximised", at)
          .isGreaterThanOrEqualTo(acquisition().value(at));
    }
  }
}

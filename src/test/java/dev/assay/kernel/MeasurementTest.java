package dev.assay.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final double NEVER = Double.MAX_VALUE;

  private static List<Double> times(Measurement measurement, double hopeless, double... runs)
      throws KernelFailure {
    var next = DoubleStream.of(runs).iterator();
    return measurement.of(next::nextDouble, hopeless, () -> 0);
  }

  @Test
  void warmUpDoesNotCount() throws KernelFailure {
    var measurement = new Measurement(2, 3, 0, 100, 1, false);
    assertThat(times(measurement, NEVER, 9, 9, 1, 2, 3)).containsExactly(1.0, 2.0, 3.0);
  }

  @Test
  void runsUntilTheMedianIsKnown() throws KernelFailure {
    var steady = new Measurement(0, 3, 0.01, 100, 1, false);
    // Eight runs are the fewest whose order statistics give an interval.
    assertThat(times(steady, NEVER, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).hasSize(8);
    var random = new SplittableRandom(1);
    var noisy = DoubleStream.generate(() -> 1 + random.nextDouble()).limit(100).toArray();
    assertThat(times(steady, NEVER, noisy)).hasSize(100);
  }

  @Test
  void endsWithItsTimeOnceItHasTheLeastRuns() throws KernelFailure {
    var measurement = new Measurement(0, 4, 1e-9, 1000, 10, false);
    var clock = new double[1];
    var times = measurement.of(() -> clock[0] += 3, NEVER, () -> clock[0]);
    assertThat(times).hasSize(4);
  }

  @Test
  void whatIsHopelessIsRunTwice() throws KernelFailure {
    var measurement = new Measurement(0, 7, 0, 100, 1, false);
    assertThat(times(measurement, 3, 5, 4, 5, 5, 5, 5, 5)).containsExactly(5.0, 4.0);
    assertThat(times(measurement, 3, 5, 2, 5, 5, 5, 5, 5)).hasSize(7);
  }

  @Test
  void theMedianAndItsInterval() {
    assertThat(Measurement.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Measurement.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    assertThat(Measurement.relativeHalfWidth(List.of(1.0, 2.0, 3.0, 4.0, 5.0))).isInfinite();
    // n = 20: the 5th and the 16th value; (16 - 5) / 2 / 10.5.
    var twenty = DoubleStream.iterate(1, x -> x + 1).limit(20).boxed().toList();
    assertThat(Measurement.relativeHalfWidth(twenty)).isEqualTo(11 / 2.0 / 10.5, within(1e-12));
  }

  @Test
  void aDisturbedRunIsAnOutlier() {
    assertThat(Measurement.outliers(List.of(1.0, 1.01, 0.99, 1.02, 9.0))).isEqualTo(1);
    assertThat(Measurement.outliers(Collections.nCopies(5, 1.0))).isZero();
  }
}

package dev.assay.bench.training;

import dev.assay.bench.Measurement;
import java.util.Arrays;
import java.util.Map;

/// Two ways of doing the same work, timed in turns.
///
/// @param ours microseconds a sample
/// @param other of the other way
@SuppressWarnings("ArrayRecordComponent")
record Turns(double[] ours, double[] other) {
  private static final double WARM_SECONDS = 8;

  /// Microseconds a sample of one way.
  interface Way {
    double run() throws InterruptedException;
  }

  static Turns of(int repeats, Way ours, Way other) throws InterruptedException {
    ours.run();
    other.run();
    var turns = new Turns(new double[repeats], new double[repeats]);
    for (int i = 0; i < repeats; i++) {
      turns.ours[i] = ours.run();
      turns.other[i] = other.run();
    }
    return turns;
  }

  /// Trains until the code is compiled.
  static void warm(LaneWork work) throws InterruptedException {
    long end = System.nanoTime() + (long) (1e9 * WARM_SECONDS);
    while (System.nanoTime() < end) {
      work.alone();
      work.together(Runtime.getRuntime().availableProcessors());
    }
  }

  /// Of all turns; the other way stands as the peer, with its mean.
  Measurement measurement(String name, Map<String, String> parameters, String otherName) {
    return Measurement.ofRepeats(
        name, parameters, "us/op", ours, new Measurement.Peer(otherName, "", mean(other)));
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}

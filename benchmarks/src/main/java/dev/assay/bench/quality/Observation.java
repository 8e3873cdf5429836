package dev.assay.bench.quality;

import java.util.random.RandomGenerator;

/// What a trial reports of a true value.
sealed interface Observation {
  /// The value itself.
  record Exact() implements Observation {}

  /// With normal noise.
  ///
  /// @param deviation the noise's standard deviation
  record Noise(double deviation) implements Observation {}

  /// With normal noise that grows with what is to be gained: its standard deviation is a share of
  /// the regret.
  record RelativeNoise(double share) implements Observation {}

  /// With noise that is now and then far larger: Student's t with three degrees of freedom.
  ///
  /// @param scale what a draw is multiplied by
  record HeavyNoise(double scale) implements Observation {}

  /// Rounded up to a multiple of a step.
  record Ceiling(double step) implements Observation {}

  /// An error rate as the share of rows that are wrong, always the same ones: the nearest multiple
  /// of 1/rows.
  record Share(int rows) implements Observation {}

  /// An error rate as the share of rows that are wrong, other ones in each trial: a binomial count.
  record Count(int rows) implements Observation {}

  /// The degrees of freedom of [HeavyNoise].
  int DEGREES = 3;

  /// @param random of the trial
  default double of(double truth, double optimum, RandomGenerator random) {
    return switch (this) {
      case Exact() -> truth;
      case Noise(double deviation) -> truth + deviation * random.nextGaussian();
      case RelativeNoise(double share) -> truth + share * (truth - optimum) * random.nextGaussian();
      case HeavyNoise(double scale) -> truth + scale * student(random);
      case Ceiling(double step) -> Math.ceil(truth / step) * step;
      case Share(int rows) -> Math.rint(truth * rows) / rows;
      case Count(int rows) -> {
        int wrong = 0;
        for (int row = 0; row < rows; row++) {
          wrong += random.nextDouble() < truth ? 1 : 0;
        }
        yield (double) wrong / rows;
      }
    };
  }

  private static double student(RandomGenerator random) {
    double normal = random.nextGaussian();
    double squares = 0;
    for (int k = 0; k < DEGREES; k++) {
      double z = random.nextGaussian();
      squares += z * z;
    }
    return normal / Math.sqrt(squares / DEGREES);
  }
}

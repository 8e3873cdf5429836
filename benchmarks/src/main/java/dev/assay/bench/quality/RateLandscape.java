package dev.assay.bench.quality;

import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;

/// Error rates of a training as a function of its hyperparameters: a valley of learning rates that
/// moves with optimiser, batch size and depth, with a cliff behind it where training diverges;
/// wider nets pay less and less.
final class RateLandscape {
  /// What a training that learned nothing is worth.
  private static final double WORST = 0.9;

  /// Decades above the best learning rate at which training diverges.
  private static final double CLIFF = 0.9;

  /// log2 of width × layers × batch / 16 that memory has room for.
  private static final double MEMORY = 12;

  private static final double[] BEST_RATE = {-1, -2.8, -3.2};
  private static final double[] OPTIMIZER = {0, 0.01, 0.03};
  private static final double[] SCHEDULE = {0.03, 0, 0.01};
  private static final double GAIN = 0.85;

  private RateLandscape() {}

  private static SearchSpace space() {
    return SearchSpace.builder()
        .add("rate", FloatRange.log(1e-6, 1))
        .add("decay", FloatRange.log(1e-7, 1e-1))
        .add("width", IntRange.log(8, 512))
        .add("layers", new IntRange(1, 6))
        .add("batch", Choice.ordered(16, 32, 64, 128, 256))
        .add("optimizer", Choice.of("sgd", "adam", "rmsprop"))
        .add("schedule", Choice.of("constant", "cosine", "step"))
        .build();
  }

  /// Where training diverges, or would, nothing is learned.
  static SearchProblem exact() {
    return new SearchProblem("rates7", space(), optimum(), RateLandscape::error);
  }

  /// Where training diverges, or memory has no room, the trial crashes. The best configuration is
  /// near both borders.
  static SearchProblem crashing() {
    return new SearchProblem(
        "rates7-crashing",
        space(),
        optimum(),
        c -> beyond(c) > CLIFF || bits(c) > MEMORY ? Double.NaN : error(c));
  }

  /// At the best rate: 512 wide, three layers, batches of 32, sgd, cosine, decay 1e-4.
  private static double optimum() {
    return WORST - GAIN * capacity(512);
  }

  private static double capacity(double width) {
    return 1 - 0.5 * Math.exp(-0.5 * Math.log(width / 8) / Math.log(2));
  }

  /// Decades above the best learning rate.
  private static double beyond(Configuration c) {
    double best =
        BEST_RATE[(int) c.code(5)] + 0.15 * (c.code(4) - 2) - 0.1 * (c.number("layers") - 3);
    return Math.log10(c.number("rate")) - best;
  }

  private static double bits(Configuration c) {
    return Math.log(c.number("width") * c.number("layers")) / Math.log(2) + c.code(4);
  }

  private static double error(Configuration c) {
    double beyond = beyond(c);
    if (beyond > CLIFF) {
      return WORST;
    }
    double layers = c.number("layers") - 3;
    double decay = Math.log10(c.number("decay")) + 4;
    double error =
        WORST
            - GAIN * Math.exp(-0.35 * beyond * beyond) * capacity(c.number("width"))
            + 0.015 * layers * layers
            + 0.006 * decay * decay
            + 0.008 * Math.abs(c.code(4) - 1)
            + OPTIMIZER[(int) c.code(5)]
            + SCHEDULE[(int) c.code(6)];
    return Math.min(WORST, error);
  }
}

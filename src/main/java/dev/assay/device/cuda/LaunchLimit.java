package dev.assay.device.cuda;

import dev.assay.train.Layer;
import dev.assay.train.Shape;

/// How much one launch may be, where the driver ends those that take seconds and a display stands
/// still meanwhile: an estimated quarter of a second, and half of one at the most. Estimates are of
/// what a multiprocessor does at the least, by clock and precision.
///
/// @param doubles multiply-adds in FP64 a second, of a multiprocessor that solves for a block of
///   points; +∞: there is no limit
/// @param singles the same in FP32, of one that sums
/// @param multiprocessors how many there are
record LaunchLimit(double doubles, double singles, int multiprocessors) {
  private static final double SECONDS = 0.25;

  /// What one launch may take in which nothing can be cut.
  private static final double MOST_SECONDS = 0.5;

  /// FP32 multiply-adds a cycle of a multiprocessor of any card since 2018: the fewest.
  private static final double SINGLES_A_CYCLE = 64;

  /// Share of a multiprocessor's FP64 that a solve reaches where there is little of it.
  private static final double SOLVING = 0.8;

  /// Multiply-adds a cycle that a solve reaches where there is plenty: each tile waits for the one
  /// before it.
  private static final double WAITING = 6;

  /// Share of FP32 that products of small matrices in one block reach.
  private static final double SUMMING = 0.1;

  /// Instructions of a covariance that screening bounds: for each coordinate, and beside those. As
  /// counted: 82 with 20 coordinates.
  private static final double BOUND_COORDINATE = 3;

  private static final double BOUND = 24;

  /// FP64 operations of one of the covariances that bound a variance, likewise; its products come
  /// on top.
  private static final double VARIANCE_COORDINATE = 2;

  private static final double VARIANCE = 45;

  /// Kilohertz where the driver names none.
  private static final int SLOW = 500_000;

  static final LaunchLimit NONE =
      new LaunchLimit(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 1);

  /// @param kilohertz of a multiprocessor
  /// @param ratio of FP32 speed to FP64's
  static LaunchLimit of(int kilohertz, int ratio, int multiprocessors) {
    double hertz = 1e3 * (kilohertz > 0 ? kilohertz : SLOW);
    double doubles = SOLVING * SINGLES_A_CYCLE / Math.max(1, ratio);
    return new LaunchLimit(
        hertz * Math.min(doubles, WAITING), hertz * SUMMING * SINGLES_A_CYCLE, multiprocessors);
  }

  private static int whole(double count) {
    return (int) Math.clamp(count, 1, Integer.MAX_VALUE);
  }

  /// Points whose posterior is found in one launch.
  ///
  /// @param n observations
  int points(int n) {
    return whole(SECONDS * doubles * multiprocessors / Math.max(1, 0.5 * n * n));
  }

  /// Covariance matrices that are factored and inverted side by side.
  int models(int n) {
    return whole(SECONDS / inversion(n));
  }

  private double inversion(double n) {
    return n * n * n / 6 / (doubles * multiprocessors);
  }

  /// The most observations: the inverse of a factor is found in one launch.
  int observations() {
    return whole(Math.cbrt(6 * MOST_SECONDS * doubles * multiprocessors));
  }

  /// Points that are bounded in one launch: of the means of all models, in FP32, or of their
  /// variances, which a subset of the observations tells, in FP64.
  ///
  /// @param d coordinates
  /// @param models of a session
  int screened(int n, int d, int models) {
    double means = (double) Math.max(1, n) * (BOUND_COORDINATE * d + BOUND) * models;
    double subset = Math.clamp(n, 1, PosteriorBound.SUBSET);
    double variance = subset * (VARIANCE_COORDINATE * d + VARIANCE + subset);
    return whole(
        SECONDS
            * multiprocessors
            * Math.min(singles / SUMMING / means, doubles / (models * variance)));
  }

  /// Steps of training in one launch of a lane for each multiprocessor.
  ///
  /// @param rows of a step
  int steps(Shape shape, int rows) {
    return whole(SECONDS / 3 / pass(shape, rows));
  }

  /// Rows that are predicted in one launch of a lane for each multiprocessor.
  int rows(Shape shape) {
    return whole(SECONDS / pass(shape, 1));
  }

  /// Seconds forwards; there and back is three times that.
  private double pass(Shape shape, int rows) {
    double work = 0;
    for (var layer : shape.stack()) {
      work +=
          switch (layer) {
            case Layer.Dense(int inputs, int outputs) -> (double) inputs * outputs;
            case Layer.Convolution c -> (double) c.height() * c.width() * c.inputs() * c.outputs();
          };
    }
    return rows * work / singles;
  }
}

package dev.assay.internal.sampler.curves;

import dev.assay.space.Configuration;
import dev.assay.trial.Segment;

/// A training, as far as is known: the trials that went on from each other.
final class Curve {
  /// Shares of the whole after which a training is looked at: a value at each of them tells as much
  /// as one at every step, and there are few.
  private static final double[] SHARES = {0.02, 0.04, 0.07, 0.12, 0.18, 0.26, 0.38, 0.53, 0.73, 1};

  final int index;
  final Configuration configuration;
  final double[] point;

  /// Steps of the whole training.
  final long whole;

  /// The last trial that completed; -1: none.
  int last = -1;

  /// Steps that are done.
  long done;

  /// Whether nothing is left to be gone on with: it is through, failed, or was stopped.
  boolean closed;

  /// How often whoever ran it was gone.
  int lost;

  Curve(int index, Configuration configuration, double[] point, long whole) {
    this.index = index;
    this.configuration = configuration;
    this.point = point;
    this.whole = whole;
  }

  /// The step at which a training that has done some is looked at next.
  static long next(long done, long whole) {
    for (double share : SHARES) {
      long step = (long) Math.ceil(share * whole - 1e-9);
      if (step > done) {
        return step;
      }
    }
    return whole;
  }

  /// What comes next of a training that goes on.
  Segment next() {
    return new Segment(last < 0 ? null : last, done, next(done, whole), whole);
  }

  long left() {
    return whole - done;
  }

  /// u.
  double share(long step) {
    return Math.clamp((double) step / whole, 1e-6, 1);
  }
}

package dev.assay.internal.surrogate;

import dev.assay.internal.gp.Hyperprior;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where fits of hyperparameters begin, and how long they search from there.
final class FitStarts {
  /// Evaluations of the likelihood for a warm and a cold start.
  static final int WARM = 20;

  static final int COLD = 60;

  private FitStarts() {}

  /// Where the last fit ended.
  ///
  /// @return p values within the prior's bounds; null where nothing of that model is known
  static double @Nullable [] warm(Hyperprior prior, SurrogateMemory memory, String member) {
    var theta = memory.theta().get(member);
    return theta == null || theta.length != prior.size() ? null : prior.clamped(theta);
  }

  /// The prior's own start and a random one: 2 × p.
  static double[] cold(Hyperprior prior, long seed) {
    return both(prior.start(), prior.randomStart(new Philox(seed, Purpose.FIT.ordinal())));
  }

  static double[] both(double[] a, double[] b) {
    var both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}

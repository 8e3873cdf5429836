package dev.assay.bench.training;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What one core can do at most: fused multiply-adds on registers, FP32, nothing else.
final class FloatPeak {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int STEPS = 2_000_000;
  private static final int REPEATS = 40;

  private FloatPeak() {}

  /// GFLOP/s, the best of many repeats.
  static double gigaflops() {
    double best = 0;
    float kept = 0;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      kept += chains();
      best = Math.max(best, 2.0 * CHAINS * S.length() * STEPS / (System.nanoTime() - start));
    }
    if (!(kept > 0)) {
      throw new IllegalStateException("the peak was measured on wrong results");
    }
    return best;
  }

  /// Twelve chains that wait for nothing but their own last step.
  private static float chains() {
    var a = FloatVector.broadcast(S, 0.999f);
    var b = FloatVector.broadcast(S, 0.001f);
    var c0 = b;
    var c1 = b;
    var c2 = b;
    var c3 = b;
    var c4 = b;
    var c5 = b;
    var c6 = b;
    var c7 = b;
    var c8 = b;
    var c9 = b;
    var c10 = b;
    var c11 = b;
    for (int i = 0; i < STEPS; i++) {
      c0 = c0.fma(a, b);
      c1 = c1.fma(a, b);
      c2 = c2.fma(a, b);
      c3 = c3.fma(a, b);
      c4 = c4.fma(a, b);
      c5 = c5.fma(a, b);
      c6 = c6.fma(a, b);
      c7 = c7.fma(a, b);
      c8 = c8.fma(a, b);
      c9 = c9.fma(a, b);
      c10 = c10.fma(a, b);
      c11 = c11.fma(a, b);
    }
    var sum = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    sum = sum.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11);
    return sum.reduceLanes(VectorOperators.ADD);
  }
}

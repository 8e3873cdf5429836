package dev.assay.internal.linalg;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Plain loops until the JVM has compiled the vector code, which a thread beside calls meanwhile,
/// and the vector code from then on: the same bits. Nothing is compiled for who needs little.
final class WarmingElementwise implements Elementwise {
  /// Numbers in all after which vectors are worth their compilation.
  private static final long WORTH = 100_000;

  /// Of a call while warming: many vectors and a tail.
  private static final int LENGTH = 203;

  /// A number takes a compiled loop a few nanoseconds, and an interpreted one hundreds.
  private static final int COMPILED_NANOS = 10 * LENGTH;

  /// Calls of one function after which it counts as compiled however long it takes.
  private static final int MOST_CALLS = 10_000;

  private static final int PAUSE_AFTER = 20;

  private static final long PAUSE_NANOS = 2_000_000;

  private final SimdElementwise vectors = new SimdElementwise();

  /// Threads may see the old one for a while: their results are the same.
  private Elementwise now = new LaneElementwise(SimdElementwise.WIDTH);

  private long numbers;
  private boolean begun;

  private Elementwise now(int n) {
    if (now != vectors && !begun) {
      numbers += n;
      if (numbers > WORTH) {
        begin();
      }
    }
    return now;
  }

  private synchronized void begin() {
    if (!begun) {
      begun = true;
      Thread.ofPlatform().daemon().name("assay-vectors").start(this::warm);
    }
  }

  private void warm() {
    var x = new double[LENGTH];
    var y = new double[LENGTH];
    var out = new double[2][LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      x[i] = (double) i / LENGTH;
      y[i] = 1 - x[i];
    }
    var columns = new double[][] {x, y, x};
    var c = new double[] {0.1, 0.2, 0.3};
    compile(v -> v.matern52(1.1, x, out[0], out[1], LENGTH));
    compile(v -> v.addThreeSquaredDifferences(columns, 0, c, out[0], LENGTH));
    compile(v -> v.addSquaredDifference(x, 0.4, out[0], LENGTH));
    compile(v -> v.sumSquaredDifference(x, y, 0.3, LENGTH));
    compile(v -> v.dot(x, 0, y, 0, LENGTH));
    compile(v -> v.sumDifference(x, y, 0.3, LENGTH));
    compile(v -> v.addScaled(-0.5, x, 0, out[0], 0, LENGTH));
    compile(v -> v.separableMatern52(x, y, y, 0.3, 1.2, 0.8, out[0], out[1], LENGTH));
    compile(v -> {
      System.arraycopy(y, 0, out[0], 0, LENGTH);
      v.exp(out[0], LENGTH);
    });
    now = vectors;
  }

  /// Calls until the call is compiled, and leaves the compiler time in between.
  private void compile(Consumer<SimdElementwise> call) {
    for (int i = 1; i < MOST_CALLS; i++) {
      long start = System.nanoTime();
      call.accept(vectors);
      if (System.nanoTime() - start < COMPILED_NANOS) {
        break;
      }
      if (i % PAUSE_AFTER == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Override
  public double dot(double[] a, int aFrom, double[] b, int bFrom, int n) {
    return now(n).dot(a, aFrom, b, bFrom, n);
  }

  @Override
  public void addScaled(double alpha, double[] x, int xFrom, double[] y, int yFrom, int n) {
    now(n).addScaled(alpha, x, xFrom, y, yFrom, n);
  }

  @Override
  public void exp(double[] x, int n) {
    now(n).exp(x, n);
  }

  @Override
  public void addSquaredDifference(double[] x, double c, double[] s, int n) {
    now(n).addSquaredDifference(x, c, s, n);
  }

  @Override
  public void addThreeSquaredDifferences(
      double[][] columns, int first, double[] c, double[] s, int n) {
    now(n).addThreeSquaredDifferences(columns, first, c, s, n);
  }

  /// By vectors from the first call on: `tpe` calls this, often enough.
  @Override
  public void subtractNormalExponent(double[] x, double[] sigma, double c, double[] s, int n) {
    vectors.subtractNormalExponent(x, sigma, c, s, n);
  }

  @Override
  public void matern52(double a, double[] s, double[] k, double[] g, int n) {
    now(n).matern52(a, s, k, g, n);
  }

  @Override
  public double sumSquaredDifference(double[] w, double[] x, double c, int n) {
    return now(n).sumSquaredDifference(w, x, c, n);
  }

  @Override
  public double sumDifference(double[] w, double[] x, double c, int n) {
    return now(n).sumDifference(w, x, c, n);
  }

  @Override
  public void separableMatern52(
      double[] u,
      double[] rise,
      double[] fall,
      double c,
      double riseC,
      double fallC,
      double[] z,
      double[] q,
      int n) {
    now(n).separableMatern52(u, rise, fall, c, riseC, fallC, z, q, n);
  }
}

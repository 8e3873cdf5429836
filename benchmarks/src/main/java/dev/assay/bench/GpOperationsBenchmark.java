package dev.assay.bench;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.linalg.DenseAlgebra;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The single operations of a Gaussian process of n observations in 20 dimensions on one core of
/// the processor. [Rates] turns their times into GFLOP/s and shares of the machine's ceiling.
///
/// Run it: `assay bench gp`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class GpOperationsBenchmark {
  static final int D = 20;

  /// Candidates of one call.
  static final int CANDIDATES = 1000;

  @Param({"200", "1000", "4000", "10000"})
  int n = 200;

  /// Of more observations only factors are measured: the rest would take minutes.
  private static final int LARGEST = 1000;

  static boolean isMeasured(String method, Map<String, String> parameters) {
    return method.equals("cholesky") || !isLarge(parameters);
  }

  /// Whether one call takes a good part of a second or more.
  static boolean isLarge(Map<String, String> parameters) {
    return Integer.parseInt(parameters.getOrDefault("n", "0")) > LARGEST;
  }

  private final DenseAlgebra algebra = DenseAlgebra.best();
  private final CovarianceFunction covariance = CovarianceFunction.product();
  private double[] theta = {};
  private double[] x = {};
  private double[] candidates = {};
  private double[] matrix = {};
  private double[] work = {};
  private double[] factor = {};
  private double[] rightSides = {};
  private double best;
  private @Nullable GpSession session;

  @Setup(Level.Trial)
  public void prepare() {
    var random = new Philox(1, 0);
    x = random.doubles((long) n * D).toArray();
    candidates = random.doubles((long) CANDIDATES * D).toArray();
    var y = new double[n];
    Arrays.setAll(y, i -> Math.sin(3 * x[i * D]) + x[i * D + 1] * x[i * D + 2]);
    best = Arrays.stream(y).min().orElseThrow();
    // A well-conditioned positive definite matrix of the size.
    matrix = new double[n * n];
    algebra.symmetricRankK(n, D, 1.0 / D, x, 0, matrix);
    for (int i = 0; i < n; i++) {
      matrix[i * n + i] += n;
    }
    work = new double[n * n];
    factor = matrix.clone();
    gate();
    if (n > LARGEST) {
      return;
    }
    rightSides = new double[CANDIDATES * n];
    session = GpEngine.standard().open(Box.continuous(D));
    session.observe(x, new double[][] {y});
    theta = theta();
    session.condition(List.of(new GpSession.Model(covariance, theta, 0)));
  }

  /// Moderate hyperparameters: length scales of 1, noise of 1e-3.
  private double[] theta() {
    var all = new double[covariance.roles(D).size() + 2];
    all[all.length - 2] = Math.log(1e-3);
    return all;
  }

  /// Refuses to time a factor that does not multiply back.
  private void gate() {
    if (algebra.cholesky(factor, n, n) != 0) {
      throw new IllegalStateException("not positive definite");
    }
    double worst = 0;
    for (int i = 0; i < n; i += 17) {
      for (int j = 0; j <= i; j += 13) {
        double sum = 0;
        for (int k = 0; k <= j; k++) {
          sum += factor[i * n + k] * factor[j * n + k];
        }
        worst = Math.max(worst, Math.abs(sum - matrix[i * n + j]));
      }
    }
    if (!(worst < 1e-9 * n)) {
      throw new IllegalStateException("L Lᵀ is not the matrix: off by " + worst);
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    if (session != null) {
      session.close();
    }
  }

  private GpSession session() {
    return Objects.requireNonNull(session);
  }

  /// n³/3 operations, and a copy of the matrix.
  @Benchmark
  public int cholesky() {
    System.arraycopy(matrix, 0, work, 0, work.length);
    return algebra.cholesky(work, n, n);
  }

  /// L⁻¹ of 1,000 right-hand sides: n² operations each, and filling them.
  @Benchmark
  public double[] solve() {
    Arrays.fill(rightSides, 1);
    algebra.solveLower(factor, n, n, rightSides, CANDIDATES);
    return rightSides;
  }

  /// Covariance matrix, factor, inverse and gradient in every hyperparameter.
  @Benchmark
  public double[] likelihoodAndGradient() {
    var value = new double[1];
    var gradient = new double[theta.length];
    session().logLikelihood(covariance, 0, theta, value, gradient);
    return gradient;
  }

  /// The model from hyperparameters: covariance matrix, factor, weights.
  @Benchmark
  public GpSession condition() {
    session().condition(List.of(new GpSession.Model(covariance, theta, 0)));
    return session();
  }

  /// Means and variances at 1,000 points.
  @Benchmark
  public double[] posterior() {
    var means = new double[CANDIDATES];
    session().predict(0, candidates, means, new double[CANDIDATES]);
    return means;
  }

  /// Values and gradients of log expected improvement at 1,000 points.
  @Benchmark
  public double[] acquisitionAndGradient() {
    var values = new double[CANDIDATES];
    session()
        .acquisition(
            new LogExpectedImprovement(0, best), candidates, values, new double[CANDIDATES * D]);
    return values;
  }
}

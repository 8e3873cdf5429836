package dev.assay.bench;

import dev.assay.device.BackendSelector;
import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.internal.surrogate.Known;
import dev.assay.internal.surrogate.Suggestion;
import dev.assay.internal.surrogate.SurrogateMemory;
import dev.assay.internal.surrogate.SurrogateSearch;
import dev.assay.internal.surrogate.SurrogateSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
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

/// One Gaussian process of n observations in 20 dimensions on an engine: a refit with what it
/// suggests; a suggestion from many starts; log expected improvement at many candidates; the best
/// of as many. Every number is on the host when the clock stops. The data are those of
/// `benchmarks/peers/gp_peers.py`.
///
/// Run it: `assay bench gp --backend cuda`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(2)
public class GpBenchmark {
  private static final int D = 20;

  /// The session whose hyperparameters stay has the first so many observations: of more, only the
  /// refit is measured.
  private static final int LARGEST_KEPT = 1000;

  private static final int[] PRIMES = {
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71
  };

  @Param("cpu")
  String backend = "cpu";

  @Param({"100", "1000", "10000"})
  int n = 100;

  /// quick: 8 starts and 2,000 candidates rather than 1,000 and 1,000,000.
  @Param("full")
  String effort = "full";

  /// Whether a combination is measured: of 10,000 observations only refits with what they suggest.
  static boolean isMeasured(String method, Map<String, String> parameters) {
    return method.toLowerCase(Locale.ROOT).endsWith("refitandsuggest") || !isLarge(parameters);
  }

  /// Whether one call takes seconds on the processor.
  static boolean isLarge(Map<String, String> parameters) {
    return Integer.parseInt(parameters.getOrDefault("n", "0")) > LARGEST_KEPT;
  }

  private double[] x = {};
  private double[] y = {};
  private double[] candidates = {};
  private double[] values = {};
  private double @Nullable [] theta;
  private @Nullable GpEngine engine;
  private @Nullable SurrogateMemory memory;
  private @Nullable GpSession session;

  /// Point i of a sequence that any language can write: the fractional parts of (i + 1) √prime.
  private static double[] points(int first, int count) {
    var points = new double[count * D];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < D; j++) {
        double product = (first + i + 1) * Math.sqrt(PRIMES[j]);
        points[i * D + j] = product - Math.floor(product);
      }
    }
    return points;
  }

  private static double[] outputs(double[] x) {
    var y = new double[x.length / D];
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < D; j++) {
        y[i] += Math.sin(3 * x[i * D + j] + j) / (1 + j);
      }
    }
    double mean = Arrays.stream(y).average().orElseThrow();
    double sd =
        Math.sqrt(Arrays.stream(y).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    return Arrays.stream(y).map(v -> (v - mean) / sd).toArray();
  }

  @Setup(Level.Trial)
  public void prepare() {
    boolean quick = effort.equals("quick");
    x = points(0, n);
    y = outputs(x);
    candidates = points(n, quick ? 2_000 : 1_000_000);
    values = new double[candidates.length / D];
    engine = new BackendSelector().choose(backend).gpEngine();
    GpSession.Model model;
    try (var search = search()) {
      var fitted = search.fit(known(), List.of(), 1).objectives().getFirst();
      var heaviest = fitted.models().getFirst();
      double density = fitted.memory().logPosterior();
      memory = new SurrogateMemory(0, density, Map.of(heaviest.member().name(), heaviest.theta()));
      theta = heaviest.theta();
      model = new GpSession.Model(CovarianceFunction.product(), heaviest.theta(), 0);
    }
    session = conditioned(engine, model);
    gate(model);
  }

  private GpSession conditioned(GpEngine on, GpSession.Model model) {
    int kept = Math.min(n, LARGEST_KEPT);
    var opened = on.open(Box.continuous(D));
    opened.observe(Arrays.copyOf(x, kept * D), new double[][] {Arrays.copyOf(y, kept)});
    opened.condition(List.of(model));
    return opened;
  }

  /// Refuses to time an engine that does not find what the processor finds.
  private void gate(GpSession.Model model) {
    var points = Arrays.copyOf(candidates, 100 * D);
    var found = new double[100];
    var expected = new double[100];
    Objects.requireNonNull(session).acquisition(function(), points, found);
    try (var reference = conditioned(GpEngine.standard(), model)) {
      reference.acquisition(function(), points, expected);
    }
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= 1e-6 * Math.max(1, Math.abs(expected[i])))) {
        throw new IllegalStateException(
            "log expected improvement is " + found[i] + ", not " + expected[i]);
      }
    }
    screeningGate();
  }

  /// Refuses to time a screening that does not find the best of all points.
  private void screeningGate() {
    var net = CandidateNet.of(Box.continuous(D), 1000, 4);
    var worth = new double[net.count()];
    var own = Objects.requireNonNull(session);
    own.acquisition(function(), net.points(0, net.count()), worth);
    double best = Arrays.stream(worth).max().orElseThrow();
    double found = own.screen(function(), net, 1).getFirst().value();
    if (!(Math.abs(found - best) <= 1e-9 * Math.max(1, Math.abs(best)))) {
      throw new IllegalStateException("the best point is worth " + best + ", found " + found);
    }
  }

  private SurrogateSearch search() {
    var settings = SurrogateSettings.single(CovarianceFunction.product());
    return new SurrogateSearch(Objects.requireNonNull(engine), Box.continuous(D), settings);
  }

  private Known known() {
    return new Known(x, y, new double[0]);
  }

  @TearDown(Level.Trial)
  public void close() {
    Objects.requireNonNull(session).close();
  }

  /// A warm refit, then the point of the largest acquisition.
  @Benchmark
  public Suggestion refitAndSuggest() {
    try (var own = search()) { // a search that goes on would keep its factor
      var fitted = own.fit(known(), List.of(Objects.requireNonNull(memory)), 2);
      return own.suggest(fitted, known(), CandidateRule.ANY, 0, 3);
    }
  }

  /// Twenty evaluations of the likelihood on all observations from where a fit before ended, then
  /// the point of the largest acquisition: a search of its own does less beyond 500 observations.
  @Benchmark
  public GpSession.Candidate fullRefitAndSuggest() {
    var covariance = CovarianceFunction.product();
    var prior = Hyperprior.of(covariance, D, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    var warm = prior.clamped(Objects.requireNonNull(theta));
    try (var own = Objects.requireNonNull(engine).open(Box.continuous(D))) {
      own.observe(x, new double[][] {y});
      var task = new GpSession.FitTask(covariance, 0, prior, warm, 20);
      var fitted = own.fit(List.of(task)).getFirst();
      own.condition(List.of(new GpSession.Model(covariance, fitted.theta(), 0)));
      return own.maximise(function(), MaximiserPlan.of(new double[0], 3), CandidateRule.ANY);
    }
  }

  private LogExpectedImprovement function() {
    return new LogExpectedImprovement(0, Arrays.stream(y).min().orElseThrow());
  }

  /// The hyperparameters stay.
  @Benchmark
  public GpSession.Candidate suggestFromManyStarts() {
    int starts = effort.equals("quick") ? 8 : 1000;
    var plan = new MaximiserPlan(2 * starts, 0, 0, starts, 100, new double[0], 5);
    return Objects.requireNonNull(session).maximise(function(), plan, CandidateRule.ANY);
  }

  @Benchmark
  public double[] manyCandidates() {
    Objects.requireNonNull(session).acquisition(function(), candidates, values);
    return values;
  }

  /// The best of as many Sobol points, which the engine makes itself.
  @Benchmark
  public GpSession.Candidate bestOfManyCandidates() {
    var net = CandidateNet.of(Box.continuous(D), values.length, 4);
    return Objects.requireNonNull(session).screen(function(), net, 1).getFirst();
  }
}

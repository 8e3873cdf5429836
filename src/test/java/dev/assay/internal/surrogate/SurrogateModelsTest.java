package dev.assay.internal.surrogate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.random.Philox;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SurrogateModelsTest {
  private static final Box LINE = Box.continuous(1);

  private static double[] points(int n) {
    var random = new Philox(2, 0);
    return IntStream.range(0, n).mapToDouble(_ -> random.nextDouble()).toArray();
  }

  private static double[] values(double[] points, DoubleUnaryOperator function) {
    return Arrays.stream(points).map(function).toArray();
  }

  private static SurrogateModels average() {
    return new SurrogateModels(GpEngine.standard(), LINE, SurrogateSettings.average());
  }

  /// Likelihood times prior of the outputs themselves, whatever warp a model sees them through.
  private static double density(FittedModels.Weighted model, double[] points, double[] values) {
    var member = model.member();
    var settings = SurrogateSettings.average();
    var prior = Hyperprior.of(member.covariance(), 1, settings.priors(), OptionalDouble.empty());
    var warped = member.warp().apply(values);
    var value = new double[1];
    try (var session = GpEngine.standard().open(LINE)) {
      session.observe(points, new double[][] {warped.z()});
      session.logLikelihood(member.covariance(), 0, model.theta(), value, new double[prior.size()]);
    }
    return value[0]
        + prior.logDensity(model.theta(), new double[prior.size()], 0)
        + warped.logJacobian();
  }

  /// Without the Jacobian, or with equal weights, the ratios would be others.
  @Test
  void weightsAreRatiosOfDensitiesOfTheOutputsThemselves() {
    var points = points(18);
    var values = values(points, x -> Math.exp(3 * Math.sin(5 * x)));
    var models = average().fit(points, values, SurrogateMemory.NONE, 1).models();
    assertThat(models).hasSize(6);
    assertThat(models.getFirst().weight()).isEqualTo(1);
    double best = density(models.getFirst(), points, values);
    for (var model : models) {
      double expected = density(model, points, values) - best;
      assertThat(Math.log(model.weight())).isCloseTo(expected, within(1e-6));
    }
    assertThat(models.getFirst().member().name()).endsWith("-log");
    assertThat(models.getLast().weight()).isLessThan(1e-3);
  }

  @Test
  void upToFortyObservationsEveryOneIsFittedTo() {
    var points = points(41);
    var values = values(points, x -> Math.sin(6 * x));
    var memory = first(39, points, values, SurrogateMemory.NONE);
    memory = first(40, points, values, memory);
    assertThat(memory.size()).isEqualTo(40);
    assertThat(first(41, points, values, memory).size()).as("every second one").isEqualTo(40);
  }

  /// Of eight: the two best, and six of the rest, from the next one to near the worst.
  @Test
  void whereThereAreTooManyTheBestCountAndSomeOfEveryRank() {
    var falling = IntStream.range(0, 20).mapToDouble(i -> 100 - i).toArray();
    assertThat(SurrogateModels.rows(falling, 8)).containsExactly(2, 5, 8, 11, 14, 17, 18, 19);
    assertThat(SurrogateModels.rows(falling, 20)).containsExactly(IntStream.range(0, 20).toArray());
  }

  /// Beyond 40 observations hyperparameters are kept for a while, for half as long when they
  /// surprise.
  @Test
  void hyperparametersAreFittedAnewSoonerWhenObservationsSurprise() {
    var points = points(62);
    var values = values(points, x -> Math.sin(6 * x));
    var before = first(60, points, values, SurrogateMemory.NONE);
    assertThat(before.size()).isEqualTo(60);
    assertThat(first(61, points, values, before).size()).as("expected").isEqualTo(60);
    assertThat(first(62, points, values, before).size()).as("expected").isEqualTo(60);
    values[60] += 1;
    values[61] -= 1;
    assertThat(first(61, points, values, before).size()).as("too soon").isEqualTo(60);
    var kept = average().fit(Arrays.copyOf(points, 61), Arrays.copyOf(values, 61), before, 1);
    for (var model : kept.models()) {
      assertThat(model.theta()).isEqualTo(before.theta().get(model.member().name()));
    }
    assertThat(first(62, points, values, before).size()).isEqualTo(62);
  }

  /// Every eighth fit begins at the prior's own start too, a way out of a poor mode; the others go
  /// on from the last one alone.
  @Test
  void nowAndThenAFitBeginsAfresh() {
    var points = points(17);
    var values = values(points, x -> Math.sin(6 * x));
    var memory = first(15, points, values, SurrogateMemory.NONE);
    var starts = new ArrayList<double[]>();
    var models = new SurrogateModels(recording(starts), LINE, SurrogateSettings.average());
    var member = SurrogateSettings.average().members().getFirst();
    var prior = SurrogateSettings.average().prior(member, 1, 0);
    models.fit(Arrays.copyOf(points, 16), Arrays.copyOf(values, 16), memory, 1);
    var last = prior.clamped(requireNonNull(memory.theta().get(member.name())));
    assertThat(starts.getFirst()).isEqualTo(FitStarts.both(last, prior.start()));
    starts.clear();
    models.fit(points, values, memory, 1);
    assertThat(starts.getFirst()).isEqualTo(last);
  }

  /// The standard engine, whose sessions note where fits begin.
  private static GpEngine recording(List<double[]> starts) {
    return (GpEngine)
        proxy(
            GpEngine.class,
            GpEngine.standard(),
            (name, arguments, result) -> {
              if (!name.equals("open")) {
                return result;
              }
              return proxy(
                  GpSession.class,
                  requireNonNull(result),
                  (call, of, fitted) -> {
                    if (call.equals("fit")) {
                      var tasks = (List<?>) requireNonNull(requireNonNull(of)[0]);
                      tasks.forEach(task -> starts.add(((GpSession.FitTask) task).starts()));
                    }
                    return fitted;
                  });
            });
  }

  private interface Wrapper {
    @Nullable Object after(
        String name, @Nullable Object @Nullable [] arguments, @Nullable Object result);
  }

  private static Object proxy(Class<?> type, Object of, Wrapper wrapper) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (_, method, arguments) ->
            wrapper.after(method.getName(), arguments, method.invoke(of, arguments)));
  }

  /// What is remembered of a fit to the first n observations.
  private static SurrogateMemory first(
      int n, double[] points, double[] values, SurrogateMemory memory) {
    return average().fit(Arrays.copyOf(points, n), Arrays.copyOf(values, n), memory, 1).memory();
  }

  @Test
  void equalOutputsHaveNoModel() {
    var points = points(9);
    var models = average().fit(points, values(points, _ -> 3), SurrogateMemory.NONE, 1);
    assertThat(models.models()).isEmpty();
    assertThat(models.memory()).isEqualTo(SurrogateMemory.NONE);
  }

  /// Memories of other models are none.
  @Test
  void whatOtherModelsRememberIsNoStart() {
    var points = points(50);
    var values = values(points, x -> Math.sin(6 * x));
    var memory = new SurrogateMemory(50, 1e9, Map.of("other", new double[] {1, 2}));
    assertThat(average().fit(points, values, memory, 1))
        .usingRecursiveComparison()
        .isEqualTo(average().fit(points, values, SurrogateMemory.NONE, 1));
  }

  /// A metric of four values: rounding is noise of step² / 12.
  @Test
  void stepsCountAsNoise() {
    var points = points(40);
    var values = values(points, x -> Math.rint(3 * Math.sin(6 * x)));
    double expected = 1 / 12.0 / variance(values);
    assertThat(Steps.noise(values)).isCloseTo(expected, within(1e-9));
    assertThat(Steps.noise(values(values, y -> 1e300 * y))).isCloseTo(expected, within(1e-9));
    for (var model : average().fit(points, values, SurrogateMemory.NONE, 1).models()) {
      assertThat(model.noise()).isGreaterThanOrEqualTo(expected * 0.999);
    }
    assertThat(Steps.noise(values(points, x -> x))).isZero();
    assertThat(Steps.noise(new double[] {1, 1, 1})).isZero();
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  private static final double[] GRID = IntStream.range(0, 41).mapToDouble(i -> i / 40.0).toArray();

  /// All of a grid is looked at: what a seed changes are the draws of pending outputs alone.
  private static Suggestion suggestion(SurrogateSettings settings, double[] pending, long seed) {
    var box = new Box(List.of(new Coordinate.Grid(GRID)));
    var points = new double[] {0, 0.25, 0.5, 0.75, 1};
    var known = new Known(points, values(points, x -> Math.sin(9 * x)), pending);
    try (var search = new SurrogateSearch(GpEngine.standard(), box, settings)) {
      var fitted = search.fit(known, List.of(), 1);
      return search.suggest(fitted, known, CandidateRule.ANY, 0, seed);
    }
  }

  @Test
  void whatIsPendingIsDrawnJointly() {
    var single = SurrogateSettings.average();
    var pending = new double[] {0.6, 0.9};
    var gains =
        IntStream.range(0, 6).mapToDouble(s -> suggestion(single, pending, s).logGain()).toArray();
    assertThat(Arrays.stream(gains).distinct().count()).as("draws differ").isEqualTo(6);
    assertThat(suggestion(single, new double[0], 1).logGain())
        .isEqualTo(suggestion(single, new double[0], 2).logGain());
  }

  /// What was suggested and is under way is not suggested again.
  @Test
  void suggestionsKeepAwayFromWhatIsPending() {
    var settings = SurrogateSettings.average();
    double first = suggestion(settings, new double[0], 1).point()[0];
    double second = suggestion(settings, new double[] {first}, 1).point()[0];
    assertThat(Math.abs(first - second)).isGreaterThan(0.04);
    var noisy = settings.underNoise();
    double third = suggestion(noisy, new double[] {first}, 1).point()[0];
    assertThat(Math.abs(first - third)).isGreaterThan(0.02);
  }
}

package dev.assay.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Importances against what they are by definition, on functions where that has a closed form.
final class ImportancesTest {
  private static final List<Objective> LOSS = List.of(Objective.minimize("loss"));

  private static SearchSpace cube(int d) {
    var space = SearchSpace.builder();
    for (int j = 0; j < d; j++) {
      space.add("x" + j, new FloatRange(0, 1));
    }
    return space.build();
  }

  private static List<TrialRecord> trials(
      SearchSpace space, int n, long seed, ToDoubleFunction<Configuration> loss) {
    var random = new Philox(seed, 0);
    var trials = new ArrayList<TrialRecord>();
    for (int t = 0; t < n; t++) {
      var configuration = space.draw(random);
      trials.add(trial(t, configuration, loss.applyAsDouble(configuration)));
    }
    return trials;
  }

  private static TrialRecord trial(int number, Configuration configuration, double value) {
    return trial(number, configuration, Map.of(), value);
  }

  private static TrialRecord trial(
      int number, Configuration configuration, Map<String, @Nullable Object> notes, double value) {
    return new TrialRecord(
        number,
        TrialState.COMPLETE,
        configuration,
        notes,
        List.of(),
        List.of(value),
        null,
        "",
        Map.of(),
        1,
        1,
        0);
  }

  private static double[] importances(
      ImportanceMethod method, SearchSpace space, List<TrialRecord> trials) {
    return Importances.of(method, space, trials, LOSS, 0).parameters().stream()
        .mapToDouble(Importances.Parameter::importance)
        .toArray();
  }

  /// What a study of a few trials is told: the parameter that moves the loss, by the method that so
  /// few can carry, or that they are too few.
  @Test
  void fewTrialsAreJudgedByWhatTheyCarry() {
    var space = cube(4);
    ToDoubleFunction<Configuration> loss = x -> 4 * x.code(2) + x.code(0) + x.code(1) + x.code(3);
    int right = 0;
    for (int seed = 0; seed < 20; seed++) {
      var found = Importances.fitting(space, trials(space, 11, seed, loss), LOSS, 0);
      assertThat(found.method()).isEqualTo("fanova");
      assertThat(found.caution()).isNull();
      right += found.ranked().getFirst().name().equals("x2") ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(18);
    var few = Importances.fitting(space, trials(space, 7, 0, loss), LOSS, 0);
    assertThat(few.isSaid()).isFalse();
    assertThat(few.note()).contains("too few trials", "7", "8", "4 parameters");
    assertThat(few.parameters()).allMatch(parameter -> parameter.importance() == 0);
    var many = Importances.fitting(space, trials(space, 100, 0, loss), LOSS, 0);
    assertThat(many.method()).isEqualTo("ped-anova");
    assertThat(many.ranked().getFirst().name()).isEqualTo("x2");
    var asked = Importances.of(new PedAnova(), space, trials(space, 60, 0, loss), LOSS, 0);
    assertThat(asked.isSaid()).isTrue();
    assertThat(asked.caution()).contains("60 completed", "about 100");
  }

  private static void assertNear(double[] found, double... expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int j = 0; j < found.length; j++) {
      assertThat(found[j])
          .as("parameter %d of %s", j, java.util.Arrays.toString(found))
          .isCloseTo(expected[j], within(0.02));
    }
  }

  /// Variances of an additive function are a² / 12.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void fanovaOfAnAdditiveFunction(long seed) {
    var space = cube(5);
    var trials = trials(space, 2000, seed, c -> 4 * c.code(0) - 2 * c.code(1) + c.code(2));
    assertNear(importances(new Fanova(), space, trials), 16 / 21.0, 4 / 21.0, 1 / 21.0, 0, 0);
  }

  /// In a population the second parameter drifts while training goes on, and losses fall with
  /// training, more slowly from step to step; only the first parameter has an effect.
  @ParameterizedTest
  @ValueSource(strings = {"ped-anova", "fanova"})
  void partsOfATrainingAreJudgedBesideThoseThatEndWithThem(String method) {
    var space = cube(2);
    var random = new Philox(4, 0);
    var trials = new ArrayList<TrialRecord>();
    for (int generation = 0; generation < 20; generation++) {
      for (int member = 0; member < 20; member++) {
        var drawn = space.draw(random);
        double drifted = Math.clamp(generation / 20.0 + 0.05 * drawn.code(1), 0, 1);
        var configuration = space.configuration(Map.of("x0", drawn.code(0), "x1", drifted));
        double loss = Math.pow(0.8, generation) * (10 + drawn.code(0));
        var segment = new Segment(null, generation, generation + 1);
        trials.add(trial(trials.size(), configuration, segment.notes(), loss));
      }
    }
    var found = importances(ImportanceMethod.named(method), space, trials);
    assertThat(found[0]).isGreaterThan(0.9);
  }

  /// Weak terms beside strong ones, and noise of a tenth of the deviation.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void fanovaOfFourLinearTerms(long seed) {
    var space = cube(4);
    var noise = new Philox(seed, 1);
    var trials =
        trials(
            space,
            2000,
            seed,
            c ->
                4 * c.code(0)
                    + 3 * c.code(1)
                    + 2 * c.code(2)
                    + c.code(3)
                    + 0.16 * noise.nextGaussian());
    assertNear(importances(new Fanova(), space, trials), 16 / 30.0, 9 / 30.0, 4 / 30.0, 1 / 30.0);
  }

  /// A step at a quarter has variance 3/16, a sine's square 1/2, a centred square 1/180.
  @Test
  void fanovaOfStepsWavesAndBowls() {
    var space = cube(3);
    var trials =
        trials(
            space,
            2000,
            2,
            c ->
                (c.code(0) < 0.25 ? 1 : 0)
                    + 0.5 * Math.sin(2 * Math.PI * c.code(1))
                    + 4 * Math.pow(c.code(2) - 0.5, 2));
    double step = 3 / 16.0;
    double wave = 1 / 8.0;
    double bowl = 16 / 180.0;
    double sum = step + wave + bowl;
    assertNear(importances(new Fanova(), space, trials), step / sum, wave / sum, bowl / sum);
  }

  /// Terms that are not linear: the variance of a square is 4/45, of a log-uniform value's
  /// logarithm 1/12, of a choice of three equally spaced steps 2/3.
  @Test
  void fanovaOfSquaresLogarithmsAndChoices() {
    var space =
        SearchSpace.builder()
            .add("square", new FloatRange(0, 1))
            .add("log", FloatRange.log(1e-4, 1))
            .add("choice", Choice.of("a", "b", "c"))
            .add("whole", new IntRange(1, 4))
            .build();
    var trials =
        trials(
            space,
            2000,
            4,
            c ->
                3 * c.code(0) * c.code(0)
                    + Math.log10(c.code(1)) / 4
                    + 0.8 * ((c.code(2) + 1) % 3)
                    + 0.3 * c.code(3));
    double square = 9 * 4 / 45.0;
    double log = 1 / 12.0;
    double choice = 0.64 * 2 / 3;
    double whole = 0.09 * 15 / 12;
    double sum = square + log + choice + whole;
    assertNear(
        importances(new Fanova(), space, trials),
        square / sum,
        log / sum,
        choice / sum,
        whole / sum);
  }

  /// The best tenth of a x + y with a > 5 is a trapezoid with t = a / 10 + 1/2: the density of y is
  /// proportional to t - y, that of x to t - a x cut off at 1. Divergences are ∫ p² - 1.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pedAnovaOfAnAdditiveFunction(long seed) {
    double a = 8;
    var space = cube(4);
    var trials = trials(space, 2000, seed, c -> a * c.code(0) + c.code(1));
    double t = a / 10 + 0.5;
    double y = (Math.pow(t, 3) - Math.pow(t - 1, 3)) / 3 / Math.pow(t - 0.5, 2) - 1;
    double x = 100 * ((t - 1) / a + 1 / (3 * a)) - 1;
    assertNear(importances(new PedAnova(), space, trials), x / (x + y), y / (x + y), 0, 0);
  }

  /// The best tenth of 3 x + y is a triangle with legs t/3 and t, t² = 0.6; the density of a leg s
  /// is 2 (1 - x / s) / s, its divergence 4 / 3 s - 1. One sample of 200 best trials scatters by
  /// 0.023; the mean over samples is exact.
  @Test
  void pedAnovaIsRightInTheMean() {
    var space = cube(4);
    var mean = new double[4];
    for (int seed = 0; seed < 30; seed++) {
      var found =
          importances(
              new PedAnova(), space, trials(space, 2000, seed, c -> 3 * c.code(0) + c.code(1)));
      for (int j = 0; j < mean.length; j++) {
        mean[j] += found[j] / 30;
      }
    }
    double t = Math.sqrt(0.6);
    double x = 4 * 3 / (3 * t) - 1;
    double y = 4 / (3 * t) - 1;
    assertNear(mean, x / (x + y), y / (x + y), 0, 0);
  }

  /// The best of a sum of choices, counted exactly: with ten times a plus b, a is 0 in all of the
  /// best tenth and b is one of 0, 1 of 10 x 20 options.
  @Test
  void pedAnovaOfChoices() {
    var space =
        SearchSpace.builder()
            .add("a", Choice.of(0, 1, 2, 3))
            .add("b", Choice.of(0, 1, 2, 3, 4))
            .build();
    var trials = new ArrayList<TrialRecord>();
    for (int i = 0; i < 2000; i++) {
      var c = space.configuration(Map.of("a", i % 4, "b", i / 4 % 5));
      trials.add(trial(i, c, 10 * c.code(0) + c.code(1)));
    }
    // The best tenth: a = 0 with b = 0 and 1. Divergences: 1/4⁻¹ - 1 = 3 and 2 (1/2)² 5 - 1 = 1.5.
    assertNear(importances(new PedAnova(), space, trials), 3 / 4.5, 1.5 / 4.5);
  }

  @Test
  void interactionOfTwo() {
    var space = cube(3);
    var trials = trials(space, 2000, 5, c -> (c.code(0) - 0.5) * (c.code(1) - 0.5));
    var found = Importances.of(new Fanova(), space, trials, LOSS, 0);
    var first = found.pairs().getFirst();
    assertThat(List.of(first.first(), first.second())).containsExactly("x0", "x1");
    assertThat(first.importance()).isGreaterThan(5 * found.pairs().get(1).importance());
  }

  @Test
  void anAdditiveFunctionHasSmallInteractions() {
    var space = cube(3);
    var trials = trials(space, 2000, 6, c -> c.code(0) + c.code(1));
    assertThat(Importances.of(new Fanova(), space, trials, LOSS, 0).pairs())
        .allSatisfy(pair -> assertThat(pair.importance()).isLessThan(0.02));
  }

  /// f = option's offset + slope · child, where the child exists under one of two options. The
  /// choice has variance ((E f | a) - (E f | b))² / 4, the child half of slope² / 12.
  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 3})
  void fanovaOfAConditionalParameter(double slope) {
    var space =
        SearchSpace.builder()
            .add("kind", Choice.of("a", "b"))
            .add("child", new FloatRange(0, 1), Condition.when("kind", "a"))
            .add("other", new FloatRange(0, 1))
            .build();
    var trials =
        trials(
            space,
            2000,
            7,
            c -> (c.isActive(1) ? slope * (c.code(1) - 0.5) : 0.8) + 0.5 * c.code(2));
    double kind = 0.64 / 4;
    double child = slope * slope / 24;
    double other = 0.25 / 12;
    double sum = kind + child + other;
    assertNear(importances(new Fanova(), space, trials), kind / sum, child / sum, other / sum);
  }

  /// That the option with the child is good makes the option important, not the child.
  @Test
  void pedAnovaLeavesTheChoiceToItsParent() {
    var space =
        SearchSpace.builder()
            .add("kind", Choice.of("a", "b"))
            .add("child", new FloatRange(0, 1), Condition.when("kind", "a"))
            .build();
    var trials =
        trials(
            space,
            2000,
            8,
            c -> (c.isActive(1) ? 0 : 1) + new Philox(9, c.hashCode()).nextDouble() / 10);
    assertNear(importances(new PedAnova(), space, trials), 1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ped-anova", "fanova"})
  void saysWhyNothingCanBeSaid(String name) {
    var method = ImportanceMethod.named(name);
    var space = cube(2);
    assertThat(Importances.of(method, space, List.of(), LOSS, 0).note()).contains("fewer than 4");
    assertThat(Importances.of(method, space, trials(space, 3, 1, c -> c.code(0)), LOSS, 0).note())
        .contains("fewer than 4");
    var constant = Importances.of(method, space, trials(space, 50, 1, _ -> 7), LOSS, 0);
    assertThat(constant.note()).contains("same value");
    assertThat(constant.parameters()).allMatch(p -> p.importance() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ped-anova", "fanova"})
  void holdsWithFewTrialsOneParameterAndHugeValues(String name) {
    var method = ImportanceMethod.named(name);
    var one = cube(1);
    var huge = trials(one, 40, 1, c -> c.code(0) < 0.5 ? -1.7e308 : 1.7e308 * c.code(0));
    assertThat(importances(method, one, huge)).containsExactly(1);
    var few = importances(method, cube(3), trials(cube(3), 5, 1, c -> c.code(0)));
    assertThat(few)
        .satisfies(values ->
            assertThat(java.util.Arrays.stream(values).allMatch(v -> v >= 0 && v <= 1)).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ped-anova", "fanova"})
  void maximisingIsTheMirrorOfMinimising(String name) {
    var method = ImportanceMethod.named(name);
    var space = cube(3);
    var down = trials(space, 300, 3, c -> c.code(0) + c.code(1) * c.code(2));
    var up = trials(space, 300, 3, c -> -(c.code(0) + c.code(1) * c.code(2)));
    assertThat(
            Importances.of(method, space, up, List.of(Objective.maximize("gain")), 0).parameters())
        .isEqualTo(Importances.of(method, space, down, LOSS, 0).parameters());
  }
}

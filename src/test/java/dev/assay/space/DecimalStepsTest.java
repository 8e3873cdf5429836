package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Stepped real numbers are the decimals that people write.
class DecimalStepsTest {
  private record Case(FloatRange range, long index) {
    BigDecimal exact() {
      return BigDecimal.valueOf(range.low())
          .add(BigDecimal.valueOf(range.step()).multiply(BigDecimal.valueOf(index)));
    }
  }

  private static long difference(Philox random) {
    long above = digits(random);
    return above - digits(random);
  }

  /// Bounds and steps of one to sixteen digits, of all sizes, with at most 2^53 steps.
  private static List<Case> cases(int seed, int number) {
    var random = new Philox(seed, 0);
    var cases = new ArrayList<Case>();
    while (cases.size() < number) {
      int scale = random.nextInt(-6, 20);
      var step = BigDecimal.valueOf(digits(random), scale).doubleValue();
      var low =
          random.nextInt(4) == 0
              ? 0
              : BigDecimal.valueOf(difference(random), scale + random.nextInt(-3, 4)).doubleValue();
      double high = low + step * Math.pow(2, random.nextDouble(1, 53));
      try {
        var range = new FloatRange(low, high, false, step);
        long last = range.count().orElseThrow() - 1;
        cases.add(new Case(range, random.nextLong(0, last + 1)));
        cases.add(new Case(range, last));
      } catch (Problem tooFine) {
        assertThat(tooFine.what()).contains("step");
      }
    }
    return cases;
  }

  private static long digits(Philox random) {
    return random.nextLong(1, (long) Math.pow(10, random.nextInt(1, 17)));
  }

  @Test
  void valuesAreDecimalSumsRoundedOnce() {
    for (var c : cases(1, 4_000)) {
      assertThat(c.range().nth(c.index())).as("%s", c).isEqualTo(c.exact().doubleValue());
    }
  }

  @Test
  void theHighestValueIsTheLastMultipleWithinTheBound() {
    for (var c : cases(2, 1_000)) {
      var range = c.range();
      var width = BigDecimal.valueOf(range.high()).subtract(BigDecimal.valueOf(range.low()));
      var steps = width.divide(BigDecimal.valueOf(range.step()), 0, RoundingMode.FLOOR);
      assertThat(range.count()).as("%s", c).hasValue(steps.longValueExact() + 1);
    }
  }

  @Test
  void everyValueIsFoundAgainFromItsCodeItsUnitAndItsDecimals() {
    for (var c : cases(3, 4_000)) {
      var range = c.range();
      double code = range.nth(c.index());
      assertThat(range.nearestIndex(code)).as("%s", c).isEqualTo(c.index());
      assertThat(range.fromUnit(range.toUnit(code))).as("%s", c).isEqualTo(code);
      assertThat(range.code(range.value(code))).as("%s", c).isEqualTo(code);
      assertThat(range.code(c.exact().doubleValue())).as("%s", c).isEqualTo(code);
      assertThat(range.fromUnit(Math.clamp(range.toUnit(code), 0.0, 1.0)))
          .isBetween(range.low(), range.high());
    }
  }

  @Test
  void whatEarlierVersionsStoredStandsForTheSameIndex() {
    for (var c : cases(4, 4_000)) {
      var range = c.range();
      double binary = Math.min(range.high(), range.low() + c.index() * range.step());
      if (Math.ulp(Math.max(Math.abs(range.low()), range.high())) * 32 < range.step()) {
        assertThat(range.code(binary)).as("%s", c).isEqualTo(range.nth(c.index()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1e6, 0.1, 730878.2",
    "0, 2e5, 0.01, 123456.78",
    "0, 100, 1e-6, 99.123457",
    "0, 1, 0.1, 0.3",
    "0, 1, 0.1, 0.30000000000000004",
    "-1, 1, 0.1, -0.1",
    "-1, 1, 0.1, -0.09999999999999998",
    "0, 0.3, 0.1, 0.3",
    "0, 0.3, 0.1, 0.30000000000000004",
    "0.1, 0.7, 0.3, 0.7",
    "0, 0.9, 0.3, 0.9",
    "1e-3, 1e-2, 1e-3, 7e-3",
    "100, 1000, 50, 950",
    "0, 1e22, 1e20, 3e20"
  })
  void legalMultiplesAreTaken(double low, double high, double step, double written) {
    var range = new FloatRange(low, high, false, step);
    double code = range.code(written);
    assertThat(Double.toString(code))
        .isEqualTo(
            Double.toString(
                new BigDecimal(written).round(new java.math.MathContext(15)).doubleValue()));
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0.1, 0.35", "0, 1e6, 0.1, 730878.21", "0, 1, 0.1, 1.1", "0, 1, 0.3, 1"})
  void othersAreNot(double low, double high, double step, double written) {
    assertThat(new FloatRange(low, high, false, step).code(written)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1e-19, too small",
    "0, 1, 1e-17, too small",
    "0, 1e300, 1e-300, too small",
    "1e15, 1e16, 0.1, too small",
    "1, 1.0000001, 1e-16, too small",
    "0.5, 9007199254740992, 1, too small",
    "0, 1, 2, larger than the range",
    "0, 1, 1e300, larger than the range",
    "-1, 1, 2.0000001, larger than the range"
  })
  void stepsWithoutNeighboursAreRefused(double low, double high, double step, String why) {
    assertThatThrownBy(() -> new FloatRange(low, high, false, step))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.what()).contains(why);
              assertThat(problem.value()).contains("step");
              assertThat(problem.mend()).isNotBlank();
            });
  }

  @Test
  void aWholeStepLargerThanItsRangeIsRefused() {
    assertThatThrownBy(() -> new IntRange(1, 4, false, 5)).hasMessageContaining("larger than");
    assertThat(new IntRange(1, 4, false, 3).count()).hasValue(2);
    assertThat(new IntRange(4, 4, false, 3).count()).hasValue(1);
  }

  @Test
  void asManyStepsAsDoublesCanCountAreTaken() {
    var range = new FloatRange(0, 0x1p53, false, 1);
    assertThat(range.count()).hasValue((1L << 53) + 1);
    var fine = new FloatRange(0, 1, false, 0x1p-53 * 2);
    assertThat(fine.fromUnit(1)).isEqualTo(1);
  }

  @Test
  void trialsThatEarlierVersionsStoredAreReadAsTheDecimalsThatWereMeant() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1, false, 0.1))
            .add("z", new FloatRange(-0.3, 0.3, false, 0.1))
            .build();
    assertThat(space.read(Map.of("x", 0.30000000000000004, "z", -0.09999999999999998)))
        .isEqualTo(space.configuration(Map.of("x", 0.3, "z", -0.1)));
  }

  @ParameterizedTest
  @CsvSource({
    "a <= 0.3, 0.1, 4",
    "a == 0.3, 0.1, 1",
    "a >= 0.9, 0.3, 1",
    "a < 0.7, 0.1, 7",
    "a != 0.6, 0.2, 5",
    "0.1 <= a <= 0.3, 0.1, 3"
  })
  void constraintsHoldWhereTheyAreRead(String constraint, double step, int expected) {
    var space =
        SearchSpace.builder().add("a", new FloatRange(0, 1, false, step)).where(constraint).build();
    var all = new ArrayList<Configuration>();
    space.forEach(all::add);
    assertThat(all).hasSize(expected);
  }

  @Test
  void aStoredSpaceWhoseStepWouldBeRefusedIsStillRead() {
    assertThat(stored(Map.of("float", List.of(0.0, 1.0), "log", false, "step", 2.0)))
        .isEqualTo(new FloatRange(0, 0));
    assertThat(stored(Map.of("float", List.of(0.0, 1.0), "log", false, "step", 1e-19)))
        .isEqualTo(new FloatRange(0, 1));
    assertThat(stored(Map.of("int", List.of(1, 4), "log", false, "step", 9)))
        .isEqualTo(new IntRange(1, 1));
    assertThatCode(() -> new FloatRange(0.2, 0.3, false, 0.1)).doesNotThrowAnyException();
  }

  private static Distribution stored(Map<String, Object> fields) {
    return SpaceDescription.read(Map.of("parameters", Map.of("x", fields)))
        .parameters()
        .getFirst()
        .distribution();
  }

  record Settings(@Range(low = 0, high = 1, step = 0.1) double rate) {}

  @Test
  void componentsOfRecordsHaveTheSameValues() {
    var range = SearchSpace.of(Settings.class).space().parameters().getFirst().distribution();
    assertThat(range.nth(3)).isEqualTo(0.3);
    assertThat(range.fromUnit(0.31)).isEqualTo(0.3);
  }
}

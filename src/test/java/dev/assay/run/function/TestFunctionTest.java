package dev.assay.run.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TestFunctionTest {
  private static final Path PROBLEMS = Path.of("../../shared/reference/problems.json");

  static Stream<TestFunction> functions() {
    return Stream.concat(
            TestFunctions.names().stream(),
            Stream.of(
                "michalewicz5",
                "levy4",
                "rosenbrock6",
                "dixon_price5",
                "schwefel3",
                "ackley5_shifted",
                "griewank6_shifted",
                "rastrigin8_shifted"))
        .map(TestFunctions::named);
  }

  @Test
  void thereAreMoreThanTwenty() {
    assertThat(TestFunctions.names()).hasSizeGreaterThan(20).doesNotHaveDuplicates();
  }

  /// No point of the domain is better, neither anywhere nor close to the minimizer.
  @ParameterizedTest
  @MethodSource("functions")
  void theOptimumIsTheSmallestValue(TestFunction f) {
    assertThat(f.value(f.minimizer())).isEqualTo(f.optimum());
    double tolerance = 1e-9 * Math.max(1, Math.abs(f.optimum()));
    var random = new Philox(1, 0);
    for (int i = 0; i < 40_000; i++) {
      double reach = i % 2 == 0 ? 1 : Math.pow(10, -8 * random.nextDouble());
      var x = new double[f.dimension()];
      for (int j = 0; j < x.length; j++) {
        double size = f.high()[j] - f.low()[j];
        double middle = i % 2 == 0 ? f.low()[j] + size / 2 : f.minimizer()[j];
        x[j] =
            Math.clamp(
                middle + reach * size * (random.nextDouble() - 0.5), f.low()[j], f.high()[j]);
      }
      assertThat(f.value(x)).isGreaterThan(f.optimum() - tolerance);
    }
  }

  @Test
  void aShiftedMinimumIsNowhereInTheMiddle() {
    for (var f :
        List.of(TestFunctions.named("sphere9_shifted"), TestFunctions.named("ackley_shifted"))) {
      for (int j = 0; j < f.dimension(); j++) {
        double share = (f.minimizer()[j] - f.low()[j]) / (f.high()[j] - f.low()[j]);
        assertThat(Math.abs(share - 0.5)).isBetween(0.001, 0.25);
      }
      assertThat(f.optimum()).isCloseTo(0, within(1e-12));
    }
    assertThat(NumericFunction.named("ackley3_shifted").name()).isEqualTo("ackley3_shifted");
    assertThatThrownBy(() -> TestFunctions.named("rosenbrock4_shifted"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("Write rosenbrock4.");
    assertThatThrownBy(() -> NumericFunction.named("akley3_shifted")).isInstanceOf(Problem.class);
  }

  /// Values that the literature prints.
  @Test
  void optimaAreThoseOfTheLiterature() {
    var published =
        Map.ofEntries(
            Map.entry("branin", 0.397887),
            Map.entry("camel", -1.031628),
            Map.entry("goldstein_price", 3.0),
            Map.entry("mccormick", -1.913223),
            Map.entry("easom", -1.0),
            Map.entry("drop_wave", -1.0),
            Map.entry("cross_in_tray", -2.062612),
            Map.entry("holder_table", -19.208503),
            Map.entry("eggholder", -959.640663),
            Map.entry("hartmann3", -3.862780),
            Map.entry("hartmann6", -3.322368),
            Map.entry("shekel", -10.536443),
            Map.entry("styblinski_tang3", -117.498497),
            Map.entry("michalewicz", -1.801303),
            Map.entry("michalewicz5", -4.687658),
            Map.entry("michalewicz10", -9.660152));
    published.forEach((name, optimum) ->
        assertThat(TestFunctions.named(name).optimum()).isCloseTo(optimum, within(1e-6)));
    for (var name :
        List.of(
            "sphere4",
            "rosenbrock4",
            "rastrigin4",
            "ackley5",
            "griewank3",
            "levy4",
            "schwefel2",
            "zakharov3",
            "dixon_price4",
            "sum_squares3",
            "beale",
            "booth",
            "matyas",
            "bohachevsky",
            "bukin6",
            "three_hump_camel",
            "colville")) {
      assertThat(TestFunctions.named(name).optimum()).isCloseTo(0, within(1e-9));
    }
  }

  /// The reference's copies of Rastrigin's and Ackley's functions are shifted.
  @ParameterizedTest
  @ValueSource(strings = {"branin2", "camel2", "hartmann6", "rosenbrock4", "rastrigin4", "ackley5"})
  void valuesAgreeWithTheReference(String name) throws Exception {
    assumeTrue(Files.exists(PROBLEMS), PROBLEMS + " is not here");
    var problem = JsonMapper.shared().readTree(Files.readString(PROBLEMS)).get(name);
    var plain = TestFunctions.named(name);
    var offset = point(problem.get("argmin"), plain.dimension());
    var shifted = name.startsWith("ra") || name.startsWith("ac") ? plain.shifted(offset) : plain;
    assertThat(shifted.optimum()).isCloseTo(problem.get("optimum").doubleValue(), within(1e-12));
    for (var check : problem.get("checks")) {
      double value = check.get("value").doubleValue();
      assertThat(shifted.value(point(check.get("params"), plain.dimension())))
          .isCloseTo(value, within(1e-12 * Math.max(1, Math.abs(value))));
    }
  }

  private static double[] point(JsonNode parameters, int d) {
    var x = new double[d];
    for (int j = 0; j < d; j++) {
      x[j] = parameters.get("x" + j).doubleValue();
    }
    return x;
  }

  @Test
  void configurationsAreEvaluatedByName() {
    var branin = TestFunctions.named("branin");
    var best = branin.space().configuration(Map.of("x0", Math.PI, "x1", 2.275));
    assertThat(branin.value(best)).isEqualTo(branin.optimum());
  }

  @Test
  void rotationKeepsTheMinimum() {
    var plain = TestFunctions.named("rosenbrock2");
    double s = Math.sqrt(0.5);
    var rotated = plain.rotated(new double[][] {{s, -s}, {s, s}});
    assertThat(rotated.value(1, 1)).isZero();
    assertThat(rotated.value(1 + s, 1 + s)).isCloseTo(plain.value(1, 2), within(1e-9));
  }

  @Test
  void unknownNamesAreAnsweredWithTheNearest() {
    assertThatThrownBy(() -> TestFunctions.named("brannin"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("Did you mean \"branin\"");
    assertThatThrownBy(() -> TestFunctions.named("branin3")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> TestFunctions.named("sphere0"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("1 to 1000");
    assertThatThrownBy(() -> TestFunctions.named("sphere99999999999"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("1 to 1000");
  }
}

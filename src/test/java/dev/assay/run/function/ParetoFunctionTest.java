package dev.assay.run.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParetoFunctionTest {
  private static final Offset<Double> EXACT = within(1e-9);

  static Stream<String> names() {
    return ParetoFunctions.names().stream();
  }

  /// A point of the usual dimension: the first coordinates given, the others all alike.
  private static double[] values(String name, double others, double... first) {
    var function = NumericFunction.named(name);
    var x = new double[function.dimension()];
    Arrays.fill(x, others);
    System.arraycopy(first, 0, x, 0, first.length);
    return function.values(x);
  }

  @Test
  void theFrontsOfZdtAreThoseOfThePaper() {
    for (double f = 0.05; f < 1; f += 0.13) {
      assertThat(values("zdt1", 0, f)).containsExactly(new double[] {f, 1 - Math.sqrt(f)}, EXACT);
      assertThat(values("zdt2", 0, f)).containsExactly(new double[] {f, 1 - f * f}, EXACT);
      assertThat(values("zdt3", 0, f)[1])
          .isCloseTo(1 - Math.sqrt(f) - f * Math.sin(10 * Math.PI * f), EXACT);
      assertThat(values("zdt4", 0, f)).containsExactly(new double[] {f, 1 - Math.sqrt(f)}, EXACT);
      var six = values("zdt6", 0, f);
      assertThat(six[1]).isCloseTo(1 - six[0] * six[0], EXACT);
    }
  }

  /// Off the front, values worked out by hand from the papers' formulas.
  @Test
  void valuesOffTheFront() {
    assertThat(values("zdt1", 0.5, 0.25))
        .containsExactly(new double[] {0.25, 5.5 * (1 - Math.sqrt(0.25 / 5.5))}, EXACT);
    assertThat(values("zdt2", 0.5, 0.5)[1]).isCloseTo(5.5 - 0.25 / 5.5, EXACT);
    // g = 1 + 9 (10 + 1 − 10 cos 4π) = 10, with every other coordinate at 1.
    assertThat(values("zdt4", 1, 0.4)[1]).isCloseTo(10 * (1 - Math.sqrt(0.04)), EXACT);
    assertThat(values("zdt6", 1, 0)[1]).isCloseTo(10 * (1 - 0.01), EXACT);
    // g = 100 · 5 (1 + 0.25 − cos 10π) = 125, with every other coordinate at 1.
    assertThat(values("dtlz1", 1, 0.5, 0.5))
        .containsExactly(new double[] {15.75, 15.75, 31.5}, EXACT);
    // g = 10 · 0.25.
    assertThat(values("dtlz2", 1, 0, 0)).containsExactly(new double[] {3.5, 0, 0}, EXACT);
    assertThat(values("dtlz7", 1, 0, 0)).containsExactly(new double[] {0, 0, 33}, EXACT);
    assertThat(values("kursawe", 0)).containsExactly(new double[] {-20, 0}, EXACT);
  }

  @Test
  void theFrontsOfDtlz() {
    for (double a = 0.1; a < 1; a += 0.2) {
      assertThat(Arrays.stream(values("dtlz1", 0.5, a, 0.3)).sum()).isCloseTo(0.5, EXACT);
      for (var sphere : new String[] {"dtlz2", "dtlz3"}) {
        var f = values(sphere, 0.5, a, 0.7);
        assertThat(Arrays.stream(f).map(v -> v * v).sum()).isCloseTo(1, EXACT);
      }
    }
  }

  @Test
  void fonsecaAndFlemingMirrorEachOther() {
    double centre = 1 / Math.sqrt(3);
    assertThat(values("fonseca_fleming", centre))
        .containsExactly(new double[] {0, 1 - Math.exp(-4)}, EXACT);
    assertThat(values("fonseca_fleming", -centre))
        .containsExactly(new double[] {1 - Math.exp(-4), 0}, EXACT);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPointOfTheDomainHasFiniteValues(String name) {
    var function = Objects.requireNonNull(ParetoFunctions.find(name));
    for (int corner = 0; corner < 3; corner++) {
      var x = new double[function.dimension()];
      for (int j = 0; j < x.length; j++) {
        x[j] = function.low()[j] + corner / 2.0 * (function.high()[j] - function.low()[j]);
      }
      var values = function.values(x);
      assertThat(values).hasSize(function.metrics().size());
      assertThat(Arrays.stream(values).allMatch(Double::isFinite)).isTrue();
    }
  }

  @Test
  void aDimensionStandsBehindTheName() {
    assertThat(NumericFunction.named("zdt1_6").dimension()).isEqualTo(6);
    assertThat(NumericFunction.named("fonseca_fleming_2").dimension()).isEqualTo(2);
    assertThatThrownBy(() -> NumericFunction.named("zdt1_1"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("2 to 1000");
    assertThatThrownBy(() -> NumericFunction.named("zdt5"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("Did you mean");
  }

  @Test
  void configurationsAreEvaluatedByName() {
    var zdt = NumericFunction.named("zdt1_2");
    var x = zdt.space().configuration(Map.of("x0", 0.25, "x1", 0.0));
    assertThat(zdt.values(x)).containsExactly(new double[] {0.25, 0.5}, EXACT);
  }
}

package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.problem.Problem;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchSpaceTest {
  private static SpaceBuilder conditional() {
    return SearchSpace.builder()
        .add("optimizer", Choice.of("sgd", "adam", "none"))
        .add("nesterov", Choice.of(true, false), Condition.when("optimizer", "sgd"))
        .add("momentum", new IntRange(0, 3), Condition.when("nesterov", true))
        .add("shared", new IntRange(1, 2), Condition.when("optimizer", "sgd"))
        .add("shared", new IntRange(1, 2), Condition.when("optimizer", "adam"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void whatAUnitValueDecodesToDecodesFromItsEncodingAgain(int seed) {
    var random = new Philox(seed, 0);
    for (int i = 0; i < 300; i++) {
      double low = Math.pow(10, random.nextDouble(-9, 3));
      double high = low * Math.pow(10, random.nextDouble(0, 6));
      long first = random.nextLong(1, 1000);
      var distributions =
          List.of(
              new FloatRange(-low, high),
              FloatRange.log(low, high),
              new FloatRange(-1, 1, false, 0.1),
              new IntRange(-first, first * 7, false, 3),
              IntRange.log(first, first + random.nextLong(0, 100_000)),
              Choice.of("a", "b", "c"));
      for (var distribution : distributions) {
        double code = distribution.fromUnit(random.nextDouble());
        assertThat(distribution.fromUnit(distribution.toUnit(code))).isEqualTo(code);
        assertThat(distribution.code(distribution.value(code))).isEqualTo(code);
      }
    }
  }

  @Test
  void everyConfigurationIsEnumeratedOnceAndCounted() {
    var space = conditional().build();
    var all = new ArrayList<Configuration>();
    space.forEach(all::add);
    // sgd: nesterov true has 4 momenta, false none; twice for shared. adam: 2. none: 1.
    assertThat(all).hasSize((4 + 1) * 2 + 2 + 1).doesNotHaveDuplicates();
    assertThat(space.cardinality()).hasValue(all.size());
    var random = new Philox(1, 1);
    var drawn = new HashSet<Configuration>();
    for (int i = 0; i < 5000; i++) {
      drawn.add(space.draw(random));
    }
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void inactiveParametersAreAbsentAndRefused() {
    var space = conditional().build();
    assertThat(space.configuration(Map.of("optimizer", "none")).values())
        .containsExactly(Map.entry("optimizer", "none"));
    assertThatThrownBy(() -> space.configuration(Map.of("optimizer", "adam", "nesterov", true)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("nesterov");
  }

  @Test
  void aDescriptionReadsBackToTheSameParameters() {
    var space = conditional().add("x", FloatRange.log(1e-4, 1)).build();
    assertThat(SpaceDescription.read(SpaceDescription.of(space)).parameters())
        .isEqualTo(space.parameters());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a + b * 2 == 11                 | true
          (a + b) * 2 == 14               | true
          a - b - 1 == -2                 | true
          1 < a < b                       | true
          not a < b or a == 3             | true
          a % 2 == 1 and b / 8 == 0.5     | true
          log2(b) == 2 and abs(-a) == 3   | true
          floor(a / 2) == 1 and ceil(a / 2) == 2 | true
          floor(-a / 2) == -2 and ceil(-a / 2) == -1 | true
          min(a, b, 2) == 2 and max(a, b) == 4 | true
          kind == 'x' and kind != "y"     | true
          flag                            | false
          not flag and a >= 3             | true
          a > b                           | false
          """)
  void constraintsMeanWhatTheySay(String text, boolean holds) {
    var space =
        SearchSpace.builder()
            .add("a", new IntRange(1, 5))
            .add("b", new IntRange(1, 5))
            .add("kind", Choice.of("x", "y"))
            .add("flag", Choice.of(true, false))
            .where(text)
            .build();
    var values = Map.<String, Object>of("a", 3, "b", 4, "kind", "x", "flag", false);
    if (holds) {
      assertThat(space.configuration(values).number("a")).isEqualTo(3);
    } else {
      assertThatThrownBy(() -> space.configuration(values)).hasMessageContaining("constraint");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a >",
        "a + ",
        "(a < 2",
        "c < 1",
        "a",
        "a < 'x'",
        "kind == 'z'",
        "a ? 2",
        "a < 1",
        "a == 9"
      })
  void constraintsThatCannotBeAreProblems(String text) {
    var space =
        SearchSpace.builder()
            .add("a", new IntRange(1, 5))
            .add("kind", Choice.of("x", "y"))
            .where(text);
    assertThatThrownBy(space::build)
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.value()).contains(text);
              assertThat(problem.mend()).isNotBlank();
            });
  }

  /// Every code that a unit value leads to is one; next to it there is none, where values are
  /// countable.
  @Test
  void aDistributionKnowsItsCodes() {
    var countable =
        List.of(
            new FloatRange(0, 0.5, false, 0.1),
            IntRange.log(16, 256),
            new IntRange(16, 128, false, 16),
            Choice.of("sgd", "adam"));
    var continuous = List.of(new FloatRange(-1, 2), FloatRange.log(1e-4, 1));
    var random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      double u = random.nextDouble();
      for (var d : countable) {
        assertThat(d.has(d.fromUnit(u))).isTrue();
        assertThat(d.has(d.fromUnit(u) + 1e-3)).isFalse();
      }
      for (var d : continuous) {
        assertThat(d.has(d.fromUnit(u))).isTrue();
      }
    }
    for (var all : List.of(countable, continuous)) {
      for (var d : all) {
        assertThat(d.has(Double.NaN)).isFalse();
        assertThat(d.has(Double.POSITIVE_INFINITY)).isFalse();
        assertThat(d.has(1e9)).isFalse();
        assertThat(d.has(-1e9)).isFalse();
      }
    }
  }
}

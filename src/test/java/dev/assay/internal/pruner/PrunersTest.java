package dev.assay.internal.pruner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrunersTest {
  @Test
  void everyNameMakesAPruner() {
    for (var name : Pruners.names()) {
      Map<String, Object> options = name.equals("threshold") ? Map.of("upper", 3) : Map.of();
      assertThat(Pruners.create(name, options).name()).isEqualTo(name);
    }
  }

  @Test
  void wrongNamesAreAnsweredWithTheNearest() {
    assertRefused("medain", Map.of(), "Did you mean \"median\"");
    assertRefused("asha", Map.of("reduction", 4), "There is no such option");
    assertRefused("hyperband", Map.of("facter", 4), "Did you mean \"factor\"");
    assertRefused("patient", Map.of("pruner", "medain"), "Did you mean \"median\"");
    assertRefused("patient", Map.of("pruner", 3), "a pruner's name");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertRefused("asha", Map.of("min", 9, "max", 3), "max 3");
    assertRefused("asha", Map.of("factor", 1), "factor 1");
    assertRefused("percentile", Map.of("percentile", 101), "percentile 101");
    assertRefused("median", Map.of("interval", 0), "interval 0");
    assertRefused("threshold", Map.of(), "needs a threshold");
    assertRefused("threshold", Map.of("lower", 3, "upper", 1), "swap");
  }

  private static void assertRefused(String name, Map<String, Object> options, String words) {
    assertThatThrownBy(() -> Pruners.create(name, options))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({
    "asha, min, 1, 0",
    "asha, factor, 2, 1",
    "asha, factor, 1000, 1001",
    "hyperband, min, 1, 0",
    "hyperband, max, 0, -1",
    "hyperband, factor, 2, 1",
    "hyperband, factor, 1000, 1001",
    "successive_halving, min, 1, 0",
    "successive_halving, factor, 2, 1",
    "successive_halving, rate, 0, -1",
    "successive_halving, rate, 30, 31",
    "successive_halving, bootstrap, 0, -1",
    "patient, patience, 1, 0",
    "patient, min_delta, 0, -1",
    "wilcoxon, p, 0, -1",
    "wilcoxon, p, 1, 2",
    "wilcoxon, startup, 0, -1",
    "race, errors, 0, -1",
    "race, startup, 1, 0",
    "percentile, percentile, 0, -1",
    "percentile, percentile, 100, 101",
    "percentile, startup, 0, -1",
    "median, startup, 0, -1",
    "median, warmup, 0, -1",
    "median, interval, 1, 0"
  })
  void aBoundIsTakenAndWhatLiesBeyondIsRefused(String name, String option, int bound, int beyond) {
    assertThat(Pruners.create(name, Map.of(option, bound)).settings()).isNotEmpty();
    assertThatThrownBy(() -> Pruners.create(name, Map.of(option, beyond)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(option);
  }

  /// As docs and study files have them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "asha | {min=1, max=100, factor=4}",
        "hyperband | {min=1, max=0, factor=3}",
        "successive_halving | {min=1, factor=4, rate=0, bootstrap=0}",
        "patient | {pruner=null, patience=5, min_delta=0.0}",
        "wilcoxon | {p=0.1, startup=2}",
        "race | {errors=2.0, startup=3}",
        "percentile | {percentile=25.0, startup=5, warmup=0, interval=1}",
        "median | {startup=5, warmup=0, interval=1}"
      })
  void nothingSaidHasItsDefault(String name, String settings) {
    assertThat(Pruners.create(name, Map.of()).settings()).hasToString(settings);
  }
}

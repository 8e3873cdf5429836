package dev.assay.pruner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}

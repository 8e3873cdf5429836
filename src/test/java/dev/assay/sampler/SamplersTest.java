package dev.assay.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplersTest {
  @Test
  void everyNameMakesASampler() {
    for (var name : Samplers.names()) {
      assertThat(Samplers.create(name, Map.of())).isNotNull();
    }
  }

  @Test
  void wrongNamesAreAnsweredWithTheNearest() {
    assertRefused("ramdom", Map.of(), "Did you mean \"random\"");
    assertRefused("grid", Map.of("point", 3), "Did you mean \"points\"");
    assertRefused("sobol", Map.of("scramble", true), "no options");
  }

  @Test
  void wrongValuesAreAnsweredWithTheirPlace() {
    assertRefused("grid", Map.of("points", 2.5), "points 2.5 (sampler grid)");
    assertRefused("grid", Map.of("points", -1), "points -1 (sampler grid)");
    assertRefused("grid", Map.of("points", "many"), "must be a whole number");
    assertRefused("grid", Map.of("values", "all"), "must be a map of values");
  }

  private static void assertRefused(String name, Map<String, Object> options, String words) {
    assertThatThrownBy(() -> Samplers.create(name, options))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(words);
  }
}

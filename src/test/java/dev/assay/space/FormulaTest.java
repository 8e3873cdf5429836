package dev.assay.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("block", Choice.of(16, 32, 64))
          .add("tile", new IntRange(1, 8))
          .build();

  private static double value(String text, int block, int tile) {
    return Formula.parse(text, SPACE, Map.of("n", 1000.0))
        .value(SPACE.configuration(Map.of("block", block, "tile", tile)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ceil(n / (block * tile)) | 11
          floor(n / (block * tile)) | 10
          ceil(-n / block) | -31
          4 * tile * block | 384
          n | 1000
          max(block, tile) - log2(block) | 27
          """)
  void isCalculatedFromParametersAndConstants(String text, double wanted) {
    assertThat(value(text, 32, 3)).isEqualTo(wanted);
  }

  @Test
  void whatIsUnknownIsNamed() {
    assertThatThrownBy(() -> value("ceil(m / block)", 32, 1))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.what()).isEqualTo("The formula names something unknown: m.");
              assertThat(problem.value()).startsWith("\"ceil(m / block)\"");
            });
    assertThatThrownBy(() -> value("block > 3", 32, 1)).isInstanceOf(Problem.class);
  }
}

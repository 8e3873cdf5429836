package dev.assay.run.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.space.Choice;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelFormulasTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("block", Choice.of(0, 32, 3000)).build();

  private static List<Long> grid(String text, int block) throws KernelFailure {
    return new KernelFormulas(SPACE, Map.of("n", 1000.0))
        .wholes("grid", List.of(text), SPACE.configuration(Map.of("block", block)));
  }

  @Test
  void aLaunchIsOfWholeNumbers() throws KernelFailure {
    assertThat(grid("ceil(n / block)", 32)).containsExactly(32L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          n / block        | 32   | grid[0] is no whole number: n / block = 31.25
          n / block        | 0    | grid[0] is no whole number: n / block = Infinity
          block / block    | 0    | grid[0] is no whole number: block / block = NaN
          floor(n / block) | 3000 | grid[0] must be at least 1: floor(n / block) = 0
          block - n        | 32   | grid[0] must be at least 1: block - n = -968
          """)
  void whatIsNoLaunchIsAFailure(String text, int block, String message) {
    assertThatThrownBy(() -> grid(text, block))
        .isInstanceOfSatisfying(
            KernelFailure.class,
            failure -> assertThat(failure.invalidity()).isEqualTo(Invalidity.RUNTIME))
        .hasMessageContaining(message);
  }
}

package dev.assay.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchCaseTest {
  @ParameterizedTest
  @ValueSource(strings = {"hartmann6", "rosenbrock4", "ackley5_shifted", "branin"})
  void aFunctionIsKnownByItsName(String name) {
    assertThat(SearchCase.of(name, List.of()).name()).isEqualTo(name);
  }

  /// Most likely the name of a stored study.
  @Test
  void whatIsNothingToSearchIsNoFunction() {
    assertThatThrownBy(() -> SearchCase.of("mystudy", List.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("nothing of that name")
        .hasMessageContaining("assay diff")
        .hasMessageContaining("branin");
  }

  @Test
  void aFunctionOfAnotherDimensionIsOne() {
    assertThatThrownBy(() -> SearchCase.of("hartmann7", List.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("hartmann3");
  }
}

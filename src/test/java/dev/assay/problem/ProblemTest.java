package dev.assay.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemTest {
  @Test
  void aPlaceIsAddedToTheValueAndNothingIsLost() {
    var problem = new Problem("It is wrong.", "low 128", "Swap the bounds.");
    var located = problem.at("study.yaml, line 7, space.tile");
    assertThat(located.what()).isEqualTo("It is wrong.");
    assertThat(located.value()).isEqualTo("low 128 (study.yaml, line 7, space.tile)");
    assertThat(located.mend()).isEqualTo("Swap the bounds.");
    assertThat(located).hasCause(problem);
    assertThat(located)
        .hasMessage("It is wrong. low 128 (study.yaml, line 7, space.tile) Swap the bounds.");
  }
}

package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The study file that runs one configuration once more.
final class RerunFileTest {
  private static final String FILE =
      """
      name: first
      objective: {train: mlp, data: digits, fixed: {epochs: 30}}
      maximize: accuracy
      space: {learning_rate: {float: [1e-4, 1.0], log: true}, momentum: {float: [0, 0.9]}}
      fix: {momentum: 0.9}
      warm_start: another
      constraints: ["learning_rate <= 0.5"]
      sampler: gp
      pruner: median
      start: {learning_rate: 0.1}
      parallel: 8
      batch: 8
      budget: {time: 10m}
      """;

  @Test
  void runsWhatWasRun() {
    var text =
        RerunFile.of(
            FILE,
            List.of("objective.fixed.epochs=5", "budget.trials=7", "seed=3"),
            "first trial 4",
            Map.of("learning_rate", 0.125, "momentum", 0.9));
    var file = StudyFile.parse(Path.of("rerun.yaml"), text, List.of());
    assertThat(file.name()).isEqualTo("first trial 4");
    assertThat(file.space().parameters())
        .hasSize(2)
        .allMatch(p -> p.distribution().count().getAsLong() == 1);
    assertThat(file.budget().trials()).isEqualTo(1);
    assertThat(file.seed()).isEqualTo(3);
    assertThat(text).contains("epochs: 5").doesNotContain("warm_start", "median");
  }
}

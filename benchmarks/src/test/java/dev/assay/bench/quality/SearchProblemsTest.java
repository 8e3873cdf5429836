package dev.assay.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The problems are the ones on which the other tools were measured.
class SearchProblemsTest {
  @Test
  void valuesAreThoseOfTheReference() throws IOException {
    JsonNode checks;
    try (var in = getClass().getResourceAsStream("problem-checks.json")) {
      checks = JsonMapper.shared().readTree(Objects.requireNonNull(in));
    }
    var problems = SearchProblems.named(List.of("reference"));
    assertThat(problems).hasSize(checks.size());
    for (var problem : problems) {
      var entry = checks.get(problem.name());
      for (var check : entry.get("checks")) {
        Map<String, Object> values =
            JsonMapper.shared()
                .convertValue(
                    check.get("params"), new tools.jackson.core.type.TypeReference<>() {});
        double value = problem.truth().of(problem.space().read(values), 1);
        double expected = check.get("value").asDouble();
        assertThat(value)
            .as("%s at %s", problem.name(), values)
            .isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
      }
      if (!entry.get("optimum").isNull()) {
        assertThat(problem.optimum()).isCloseTo(entry.get("optimum").asDouble(), within(1e-9));
      }
    }
  }

  @Test
  void turnedProblemsKeepTheirOptimum() {
    for (var problem : SearchProblems.named(List.of("rotated"))) {
      var plain = SearchProblems.named(problem.name().replace("-rotated", ""));
      assertThat(problem.optimum()).isEqualTo(plain.optimum());
      var middle = problem.space().defaults();
      assertThat(problem.truth().of(middle, 1))
          .isNotCloseTo(plain.truth().of(middle, 1), within(1e-6));
    }
  }

  @Test
  void noHoldOutGoesBelowItsOptimum() {
    for (var problem : SearchProblems.named(List.of("holdout"))) {
      var run = SearchRun.of("random", dev.assay.sampler.Samplers.random(), problem, 1, 300);
      assertThat(run.regret(300)).as(problem.name()).isNotNegative();
      assertThat(run.regret(300)).isLessThanOrEqualTo(run.regret(100));
    }
  }

  @Test
  void unknownNamesAreRefused() {
    assertThatThrownBy(() -> SearchProblems.named(List.of("hartman6")))
        .isInstanceOf(Problem.class)
        .extracting(e -> ((Problem) e).mend())
        .asString()
        .contains("hartmann6");
  }
}

package dev.assay.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Trial;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeConstraintTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  @TempDir Path directory;

  private static StudyBuilder<Configuration> builder() {
    return Study.over(SPACE).minimize("loss").sampler(Samplers.random()).seed(3);
  }

  /// The smaller x the better, and the larger.
  private static Outcome evaluate(Configuration x, Trial<Configuration> trial) {
    trial.attribute("memory_gb", 10 * (1 - x.number("x")));
    return Outcome.complete(x.number("x"));
  }

  @Test
  void boundsAreReadFromText() {
    assertThat(OutcomeConstraint.parse(" memory gb<=8 "))
        .isEqualTo(new OutcomeConstraint("memory gb", OutcomeConstraint.Relation.AT_MOST, 8))
        .hasToString("memory gb <= 8");
    var atLeast = OutcomeConstraint.parse("recall >= 0.9");
    assertThat(atLeast).hasToString("recall >= 0.9");
    assertThat(atLeast.excess(0.8)).isCloseTo(0.1, within());
    assertThat(atLeast.excess(0.95)).isNegative();
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.api.Assertions.within(1e-12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "memory",
        "memory < 8",
        "memory <= ",
        "<= 8",
        "8 >= memory",
        "a <= b <= 3",
        "memory <= NaN",
        "memory <= 1e999",
        "memory == 8"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> OutcomeConstraint.parse(text))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("memory_gb <= 8");
  }

  @Test
  void trialsThatKeepTheBoundsComeFirstAlsoAfterAResume() {
    var file = directory.resolve("study.db");
    try (var storage = new SqliteStorage(file);
        var study = builder().subjectTo("memory_gb <= 5").storage(storage).open()) {
      study.run(OutcomeConstraintTest::evaluate, Budget.trials(50));
      check(study);
    }
    try (var storage = new SqliteStorage(file);
        var study = builder().subjectTo("memory_gb <= 5").storage(storage).openOrCreate()) {
      check(study);
    }
    try (var storage = new SqliteStorage(file)) {
      assertThatThrownBy(() -> builder().storage(storage).openOrCreate())
          .isInstanceOf(Problem.class)
          .hasMessageContaining("constraints");
    }
  }

  private static void check(Study<?> study) {
    for (var trial : study.trials()) {
      double x = trial.value();
      assertThat(trial.constraints()).hasSize(1);
      assertThat(trial.constraints().getFirst()).isCloseTo(10 * (1 - x) - 5, within());
      assertThat(trial.isFeasible()).isEqualTo(x >= 0.5);
      assertThat(trial.violation()).isCloseTo(Math.max(0, 5 - 10 * x), within());
    }
    var least = study.trials().stream().mapToDouble(TrialRecord::value).filter(x -> x >= 0.5).min();
    assertThat(study.best().getFirst().value()).isEqualTo(least.orElseThrow());
  }

  @Test
  void whereNoTrialKeepsThemTheNearestIsBest() {
    try (var study = builder().subjectTo("memory_gb <= -1").open()) {
      var result = study.run(OutcomeConstraintTest::evaluate, Budget.trials(20).until(0.9));
      assertThat(result.reason()).isEqualTo(StopReason.TRIALS); // what breaks a bound is no target
      var most = study.trials().stream().mapToDouble(TrialRecord::value).max();
      assertThat(result.best().value()).isEqualTo(most.orElseThrow());
    }
  }

  @Test
  void aBoundedMetricThatIsUnknownOrNotFiniteFailsTheTrial() {
    try (var study = builder().subjectTo("memory_gb <= 5").open()) {
      study.run(
          (x, trial) -> {
            if (trial.number() == 1) {
              trial.attribute("memory_gb", Double.NaN);
            }
            return Outcome.complete(x.number("x"));
          },
          Budget.trials(2));
      assertThat(study.trials().get(0).cause()).isEqualTo(Cause.NO_VALUE);
      assertThat(study.trials().get(0).detail()).contains("memory_gb");
      assertThat(study.trials().get(1).cause()).isEqualTo(Cause.NOT_FINITE);
      assertThat(study.best()).isEmpty();
    }
  }

  @Test
  void whatAProgramReportedBesideItsObjectivesCanBeBounded() {
    try (var study = builder().subjectTo("memory_gb <= 5").open()) {
      study.run(
          (x, trial) -> {
            trial.attribute(TrialRecord.METRICS, java.util.Map.of("memory_gb", 4 + trial.number()));
            return Outcome.complete(x.number("x"));
          },
          Budget.trials(3));
      assertThat(study.trials().stream().map(TrialRecord::isFeasible))
          .containsExactly(true, true, false);
    }
  }

  @Test
  void ofSeveralObjectivesTheFrontIsThatOfTrialsThatKeepTheBounds() {
    var objectives = List.of(Objective.minimize("a"), Objective.maximize("b"));
    try (var study =
        Study.over(SPACE)
            .objective(objectives.get(0))
            .objective(objectives.get(1))
            .subjectTo("a >= 0.25")
            .subjectTo("b <= 0.75")
            .sampler(Samplers.random())
            .open()) {
      study.run((x, _) -> Outcome.complete(x.number("x"), x.number("x")), Budget.trials(40));
      var inside =
          study.trials().stream()
              .filter(t -> t.value() >= 0.25 && t.value() <= 0.75)
              .map(TrialRecord::number)
              .toList();
      assertThat(study.best().stream().map(TrialRecord::number)).containsExactlyElementsOf(inside);
    }
  }
}

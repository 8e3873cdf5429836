package dev.assay.internal.sampler.gp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.TrialRecord;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The samplers that rank trials keep to what keeps the bounds, although what breaks them is
/// better.
class OutcomeConstraintTest {
  private static final SearchSpace PLANE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();

  @ParameterizedTest
  @ValueSource(strings = {"tpe", "cmaes", "nsga2", "nsga3", "annealing"})
  void trialsComeToKeepTheBound(String name) {
    var options = name.startsWith("nsga") ? Map.of("population", 10) : Map.<String, Object>of();
    try (var study =
        Study.over(PLANE)
            .minimize("loss")
            .subjectTo(OutcomeConstraint.parse("loss >= 0.5"))
            .sampler(Samplers.create(name, options))
            .seed(3)
            .open()) {
      study.run(
          (x, trial) -> Outcome.complete(x.number("x") + x.number("y") / 10), Budget.trials(150));
      var late = study.trials().subList(100, 150);
      assertThat(late.stream().filter(TrialRecord::isFeasible).count()).isGreaterThan(25);
      assertThat(study.best().getFirst().value()).isBetween(0.5, 0.56);
    }
  }
}

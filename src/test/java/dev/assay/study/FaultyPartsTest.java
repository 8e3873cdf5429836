package dev.assay.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Budget;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A sampler, a pruner or a stopping rule of a third party that fails: what was told is kept, and
/// whoever reads the message knows which part it was.
class FaultyPartsTest {
  private static final SearchSpace SPACE = SearchSpace.builder().floatRange("x", 0, 1).build();

  private static final SearchSpace OTHER = SearchSpace.builder().floatRange("y", 0, 1).build();

  /// Random draws up to trial 5; from there on something else.
  private record Failing(Sampler.Proposer then) implements Sampler {
    @Override
    public String name() {
      return "mine";
    }

    @Override
    public Map<String, @Nullable Object> settings() {
      return Map.of();
    }

    @Override
    public Proposer open(SearchTask task) {
      var random = Samplers.random().open(task);
      return (trial, history) -> (trial < 5 ? random : then).propose(trial, history);
    }
  }

  private static Problem problem(UnaryOperator<StudyBuilder<dev.assay.space.Configuration>> with) {
    try (var study = with.apply(Study.over(SPACE).minimize("loss")).open()) {
      Problem[] caught = new Problem[1];
      assertThatThrownBy(
              () -> study.run((c, _) -> Outcome.complete(c.number("x")), Budget.trials(9)))
          .isInstanceOfSatisfying(Problem.class, problem -> caught[0] = problem);
      assertThat(study.trials()).hasSize(5).allMatch(t -> t.state() == TrialState.COMPLETE);
      return caught[0];
    }
  }

  @Test
  void aSamplerThatThrowsEndsTheRunWithItsName() {
    var problem =
        problem(b ->
            b.sampler(
                new Failing((_, _) -> {
                  throw new ArithmeticException("singular");
                })));
    assertThat(problem.what()).contains("sampler mine");
    assertThat(problem.value()).contains("trial 5", "singular");
    assertThat(problem.getCause()).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aProposalFromAnotherSpaceIsRefused() {
    var problem = problem(b -> b.sampler(new Failing((_, _) -> new Proposal(OTHER.defaults()))));
    assertThat(problem.what()).contains("sampler mine");
    assertThat(problem.value()).contains("trial 5", "y=");
  }

  @Test
  void aProposalWithoutAUnitValueIsRefused() {
    var problem =
        problem(b ->
            b.sampler(
                new Failing((_, _) -> new Proposal(SPACE.fromUnit(new double[] {Double.NaN})))));
    assertThat(problem.what()).contains("sampler mine");
    assertThat(problem.value()).contains("trial 5", "the unit value of x is NaN");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 1.5, -0.5, Double.POSITIVE_INFINITY})
  void aProposalOfAValueThatThereIsNotIsRefused(double code) {
    var problem =
        problem(b ->
            b.sampler(new Failing((_, _) -> new Proposal(SPACE.fromCodes(new double[] {code})))));
    assertThat(problem.what()).contains("sampler mine");
    assertThat(problem.value()).contains("trial 5", "no value of x", "float [0, 1]");
  }

  @Test
  void aStoppingRuleThatThrowsEndsTheRunWithItsName() {
    var problem =
        problem(b ->
            b.sampler(Samplers.random())
                .stopWhen((_, history) -> {
                  if (history.size() == 5) {
                    throw new IllegalStateException("no idea");
                  }
                  return false;
                }));
    assertThat(problem.what()).contains("stopping rule");
    assertThat(problem.value()).contains("no idea");
  }

  @Test
  void aPrunerThatThrowsStopsNoTrial() {
    var faulty =
        new Pruner() {
          @Override
          public String name() {
            return "faulty";
          }

          @Override
          public Map<String, @Nullable Object> settings() {
            return Map.of();
          }

          @Override
          public boolean prune(int trial, List<Report> reports, History history, Direction d) {
            throw new IndexOutOfBoundsException("off by one");
          }
        };
    try (var study =
        Study.over(SPACE).minimize("loss").sampler(Samplers.random()).pruner(faulty).open()) {
      study.run(
          (c, trial) -> {
            assertThat(trial.report(1, c.number("x")).prune()).isFalse();
            return Outcome.complete(c.number("x"));
          },
          Budget.trials(6));
      assertThat(study.trials()).hasSize(6).allMatch(t -> t.state() == TrialState.COMPLETE);
    }
  }

  @Test
  void apartFromFaultsNothingIsCaught() {
    try (var study =
        Study.over(SPACE)
            .minimize("loss")
            .sampler(Samplers.random())
            .pruner(Pruners.threshold(-1, 0.5))
            .open()) {
      study.run(
          (c, trial) ->
              trial.report(1, c.number("x")).prune()
                  ? Outcome.pruned()
                  : Outcome.complete(c.number("x")),
          Budget.trials(30));
      assertThat(study.trials()).anyMatch(t -> t.state() == TrialState.PRUNED);
    }
  }
}

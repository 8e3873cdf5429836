package dev.assay.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.space.Range;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java face: records in, records out.
class TypedStudyTest {
  sealed interface Optimizer {
    record Sgd(boolean nesterov) implements Optimizer {}

    record Adam(@Range(low = 0.9, high = 0.9999) double beta2) implements Optimizer {}
  }

  record Mlp(@Range(low = 1e-4, high = 1, log = true) double learningRate, Optimizer optimizer) {}

  @TempDir Path directory;

  private static double fit(Mlp mlp, int epoch) {
    double bonus = mlp.optimizer() instanceof Optimizer.Sgd(var nesterov) && nesterov ? 0.1 : 0;
    return 1 - Math.abs(Math.log10(mlp.learningRate()) + 2) / 4 + bonus - 0.3 / epoch;
  }

  private static Outcome train(Mlp mlp, Trial<Mlp> trial) {
    for (int epoch = 1; ; epoch++) {
      double accuracy = fit(mlp, epoch);
      if (epoch == 9) {
        return Outcome.complete(accuracy);
      }
      if (trial.report(epoch, accuracy).prune()) {
        return Outcome.pruned();
      }
    }
  }

  @Test
  void aStudyOverARecordGoesAsTheReadmeSays() {
    var file = directory.resolve("study.db");
    var start = new Mlp(0.01, new Optimizer.Sgd(true));
    Mlp best;
    try (var storage = Storages.sqlite(file);
        var study = builder(storage, start).openOrCreate()) {
      Result<Mlp> result =
          study.run(
              TypedStudyTest::train, Budget.trials(60).within(Duration.ofHours(8)), Workers.of(4));
      assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
      assertThat(study.count(TrialState.PRUNED)).isPositive();
      assertThat(study.ask().configuration()).isInstanceOf(Mlp.class); // and never told
      best = result.best().configuration();
      assertThat(best).isEqualTo(start);
      assertThat(result.best().value()).isEqualTo(fit(start, 9));
    }
    try (var storage = Storages.sqlite(file);
        var study = builder(storage, start).openOrCreate()) {
      Trial<Mlp> asked = study.ask();
      assertThat(asked.number()).isEqualTo(60);
      assertThat(asked.restarts()).isEqualTo(1);
      study.tell(asked, Outcome.complete(fit(asked.configuration(), 9)));
      study.enqueue(best);
      assertThat(study.ask().configuration()).isEqualTo(best);
    }
  }

  private static StudyBuilder<Mlp> builder(Storage storage, Mlp start) {
    return Study.of(Mlp.class)
        .named("mlp")
        .maximize("accuracy")
        .start(start)
        .sampler(Samplers.random())
        .pruner(Pruners.asha(1, 9, 3))
        .storage(storage)
        .batch(8)
        .seed(42);
  }

  @Test
  void aPrunerIsRefusedWhereThereAreSeveralObjectives() {
    for (var several :
        List.of(
            builder(Storages.memory(), new Mlp(0.1, new Optimizer.Sgd(false)))
                .minimize("seconds")
                .pruner(Pruners.median()),
            Study.defineByRun()
                .minimize("loss")
                .maximize("accuracy")
                .sampler(Samplers.random())
                .pruner(Pruners.patient(Pruners.median(), 3)))) {
      assertThatThrownBy(several::open)
          .isInstanceOf(Problem.class)
          .hasMessageContaining("A pruner judges one objective")
          .hasMessageContaining("objectives ")
          .hasMessageContaining("Remove the pruner");
      several.pruner(Pruners.none()).open().close();
    }
  }

  record Picky(@Range(low = 0, high = 1) double x) {
    Picky {
      if (x < 0.5) {
        throw new IllegalArgumentException("too small");
      }
    }
  }

  @Test
  void aConstructorThatRefusesFailsTheTrialOnly() {
    try (var study =
        Study.of(Picky.class).minimize("x").sampler(Samplers.random()).seed(1).open()) {
      var result = study.run((c, _) -> Outcome.complete(c.x()), Budget.trials(20));
      assertThat(study.count(TrialState.FAILED)).isBetween(1, 19);
      assertThat(study.trials())
          .filteredOn(trial -> trial.state() == TrialState.FAILED)
          .allSatisfy(trial -> assertThat(trial.detail()).contains("too small"));
      assertThat(result.best().value()).isGreaterThanOrEqualTo(0.5);
    }
    var space = SearchSpace.of(Picky.class);
    assertThatThrownBy(() -> space.decode(space.space().read(java.util.Map.of("x", 0.1))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("too small");
  }

  @Test
  void withoutACompleteTrialThereIsNoBest() {
    try (var study = Study.of(Mlp.class).minimize("x").sampler(Samplers.random()).open()) {
      var result = study.run((_, _) -> Outcome.failed(Cause.ERROR, "no"), Budget.trials(2));
      assertThat(result.front()).isEmpty();
      assertThatThrownBy(result::best)
          .isInstanceOf(Problem.class)
          .hasMessageContaining("No trial completed");
    }
  }
}

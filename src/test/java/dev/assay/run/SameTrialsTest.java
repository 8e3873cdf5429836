package dev.assay.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.engine.GpEngine;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import dev.assay.study.Workers;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// In batch mode a seed gives the same trials, to the last bit, on any number of workers and after
/// any interruption. That SQLite keeps what matters for it is shown with real processes that are
/// killed, in InterruptionTest.
class SameTrialsTest {
  private static final int TRIALS = 24;

  private static Study<Configuration> study(String sampler, Storage storage) {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(-1, 1))
            .add("y", new FloatRange(-1, 1))
            .add("k", new IntRange(1, 9));
    if (!sampler.equals("cmaes")) {
      space.add("kind", Choice.of("round", "square"));
    }
    return Study.over(space.build())
        .named(sampler)
        .minimize("loss")
        .sampler(Samplers.create(sampler, Map.of(), GpEngine.standard()))
        .batch(8)
        .seed(7)
        .storage(storage)
        .openOrCreate();
  }

  private static Outcome loss(Configuration c) {
    double x = c.number("x") - 0.3;
    double y = c.number("y") + 0.2;
    double square = "square".equals(c.values().get("kind")) ? 0.1 : 0;
    return Outcome.complete(x * x + x * y + 2 * y * y + c.number("k") / 90 + square);
  }

  private static List<String> trials(Study<Configuration> study) {
    return study.trials().stream()
        .map(t -> t.number() + " " + t.state() + " " + t.configuration() + " " + t.values())
        .toList();
  }

  private List<String> run(String sampler, int workers) {
    try (var study = study(sampler, new InMemoryStorage())) {
      study.run((x, _) -> loss(x), Budget.trials(TRIALS), Workers.of(workers));
      return trials(study);
    }
  }

  /// Ends in the middle of batches, trials under way that nobody tells, and goes on with others.
  private List<String> interrupted(String sampler) {
    var storage = new InMemoryStorage();
    for (int end : new int[] {5, 11, 21}) {
      try (var study = study(sampler, storage)) {
        study.run((x, _) -> loss(x), Budget.trials(end), Workers.of(2));
        var _ = study.ask();
        var _ = study.ask();
      }
    }
    try (var study = study(sampler, storage)) {
      study.run((x, _) -> loss(x), Budget.trials(TRIALS), Workers.of(3));
      return trials(study);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "sobol", "tpe", "cmaes", "gp"})
  void workersAndInterruptionsDoNotMatter(String sampler) {
    var one = run(sampler, 1);
    assertThat(one).hasSize(TRIALS);
    assertThat(run(sampler, 2)).isEqualTo(one);
    assertThat(run(sampler, 8)).isEqualTo(one);
    assertThat(interrupted(sampler)).isEqualTo(one);
  }
}

package dev.assay.internal.free;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.report.TrialsDocument;
import dev.assay.sampler.Samplers;
import dev.assay.space.Parameter;
import dev.assay.space.Scale;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.sql.Storages;
import dev.assay.study.HistorySampler;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.Trial;
import dev.assay.study.WatchedSampler;
import dev.assay.study.Workers;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Objectives that ask for parameters while they run.
class DefineByRunTest {
  enum Activation {
    RELU,
    TANH
  }

  @TempDir Path directory;

  private static StudyBuilder<FreeConfiguration> builder(Sampler sampler) {
    return Study.defineByRun().named("free").minimize("loss").sampler(sampler).seed(5);
  }

  /// Layers, a width for each, and a rate that only deep networks have.
  private static double loss(FreeConfiguration x) {
    int layers = x.suggestInt("layers", 1, 4);
    double loss = Math.abs(layers - 2);
    for (int i = 0; i < layers; i++) {
      int width = x.suggestInt("width" + i, 8, 256, Scale.LOG);
      assertThat(width).isBetween(8, 256);
      loss += Math.abs(Math.log(width / 64.0)) / layers;
    }
    if (layers > 2) {
      loss += x.suggestFloat("dropout", 0, 0.5, 0.1);
    }
    loss += x.suggestCategorical("activation", Activation.values()) == Activation.RELU ? 0 : 0.1;
    return loss + x.suggestFloat("rate", 1e-4, 1, Scale.LOG);
  }

  private static List<String> trials(Study<?> study) {
    return study.trials().stream()
        .map(t ->
            t.number()
                + (" " + t.state() + " ")
                + new TreeMap<>(t.configuration().values())
                + t.values())
        .toList();
  }

  @Test
  void theSpaceIsWhatWasAskedFor() {
    try (var study = builder(Samplers.random()).open()) {
      var result = study.run((x, _) -> Outcome.complete(loss(x)), Budget.trials(40));
      for (var trial : study.trials()) {
        var values = trial.configuration().values();
        long layers = (Long) java.util.Objects.requireNonNull(values.get("layers"));
        assertThat(values.keySet().stream().filter(name -> name.startsWith("width")))
            .hasSize((int) layers);
        assertThat(values.containsKey("dropout")).isEqualTo(layers > 2);
        assertThat(values.get("activation")).isIn("RELU", "TANH");
      }
      assertThat(study.space().parameters().stream().map(Parameter::name))
          .containsExactlyInAnyOrder(
              "layers", "width0", "width1", "width2", "width3", "dropout", "activation", "rate");
      assertThat(loss(result.best().configuration())).isEqualTo(result.best().value());
      assertThatThrownBy(() -> result.best().configuration().suggestInt("never", 0, 1))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("never");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void inBatchModeTheWorkersDoNotMatter(int workers) {
    try (var one = builder(new HistorySampler()).batch(4).open();
        var many = builder(new HistorySampler()).batch(4).open()) {
      one.run((x, _) -> Outcome.complete(loss(x)), Budget.trials(30));
      many.run((x, _) -> Outcome.complete(loss(x)), Budget.trials(30), Workers.of(workers));
      assertThat(trials(many)).isEqualTo(trials(one));
    }
  }

  @Test
  void aStoredStudyIsContinuedAndCanBeLookedAt() {
    List<String> whole;
    try (var study = builder(new HistorySampler()).batch(3).open()) {
      study.run(DefineByRunTest::reporting, Budget.trials(20));
      whole = trials(study);
    }
    var file = directory.resolve("study.db");
    try (var storage = Storages.sqlite(file);
        var study = builder(new HistorySampler()).batch(3).storage(storage).open()) {
      study.run(DefineByRunTest::reporting, Budget.trials(10));
      loss(study.ask().configuration()); // and never told
    }
    try (var storage = Storages.sqlite(file);
        var study = builder(new HistorySampler()).batch(3).storage(storage).openOrCreate()) {
      study.run(DefineByRunTest::reporting, Budget.trials(20));
      assertThat(trials(study)).isEqualTo(whole);
      assertThat(study.trials().get(10).restarts()).isEqualTo(1);
      var live = TrialsDocument.of(StudyView.of(study));
      try (var stored = storage.read("free").orElseThrow()) {
        assertThat(TrialsDocument.of(StudyView.of(stored))).isEqualTo(live);
      }
      assertThat(live.getFirst().get("steps"))
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
          .hasSize(2);
    }
  }

  private static Outcome reporting(FreeConfiguration x, Trial<FreeConfiguration> trial) {
    int early = x.suggestInt("early", 1, 3);
    trial.report(1, early);
    double loss = loss(x);
    trial.report(2, loss);
    return trial.number() % 5 == 4
        ? Outcome.failed(Cause.ERROR, "so be it")
        : Outcome.complete(loss);
  }

  /// Remembers the spaces that a sampler was opened for, and what it was shown in each.
  private static Sampler watched(Map<Set<String>, List<Integer>> shown) {
    return new WatchedSampler(
        new HistorySampler(),
        (task, history) ->
            shown.put(
                new TreeSet<>(task.space().parameters().stream().map(Parameter::name).toList()),
                history.finished().stream().map(TrialRecord::number).toList()));
  }

  @Test
  void parametersThatWereAskedForTogetherAreSearchedTogether() {
    var shown =
        Collections.synchronizedMap(new java.util.LinkedHashMap<Set<String>, List<Integer>>());
    try (var study = builder(watched(shown)).open()) {
      study.run(
          (x, trial) -> {
            double sum = x.suggestFloat("a", 0, 1) + x.suggestFloat("b", 0, 1);
            if (trial.number() == 3) {
              throw new IllegalStateException("before c: it splits no group");
            }
            sum += x.suggestFloat("c", 0, 1);
            return Outcome.complete(
                trial.number() % 2 == 0 ? sum + x.suggestFloat("d", 0, 1) : sum);
          },
          Budget.trials(8));
    }
    assertThat(shown.keySet())
        .containsExactlyInAnyOrder(Set.of("a", "b", "c", "d"), Set.of("a", "b", "c"), Set.of("d"));
    assertThat(shown.get(Set.of("a", "b", "c"))).containsExactly(0, 1, 2, 4, 5, 6);
    assertThat(shown.get(Set.of("d"))).containsExactly(0, 2, 4, 6);
  }

  @Test
  void aNameMeansOneDistribution() {
    try (var study = builder(Samplers.random()).open()) {
      var x = study.ask().configuration();
      int n = x.suggestInt("n", 1, 1000);
      assertThat(x.suggestInt("n", 1, 1000)).isEqualTo(n);
      assertThatThrownBy(() -> x.suggestInt("n", 1, 1001))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("int [1, 1000] before, int [1, 1001] now");
      assertThatThrownBy(() -> study.ask().configuration().suggestFloat("n", 1, 1000))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("n:");
      assertThatThrownBy(() -> x.suggestFloat("m", 1, 0)).isInstanceOf(Problem.class);
      assertThatThrownBy(() -> x.suggestCategorical("c")).isInstanceOf(Problem.class);
    }
  }

  @Test
  void valuesCanBePutInLineAlsoAcrossAResume() {
    var storage = new InMemoryStorage();
    try (var study =
        builder(Samplers.random())
            .start(Map.of("layers", 2, "width0", 100))
            .storage(storage)
            .open()) {
      study.enqueue(Map.of("layers", 9));
    }
    try (var study = builder(Samplers.random()).storage(storage).openOrCreate()) {
      study.run((x, _) -> Outcome.complete(loss(x)), Budget.trials(3));
      var values = study.trials().getFirst().configuration().values();
      assertThat(values).containsEntry("layers", 2L).containsEntry("width0", 100L);
      assertThat(values).containsKey("width1");
      assertThat(study.trials().get(1).state()).isEqualTo(TrialState.FAILED);
      assertThat(study.trials().get(1).detail()).contains("layers = 9");
    }
  }

  @Test
  void aModelLearnsOverGroups() {
    try (var study = builder(Samplers.gp()).open();
        var chance = builder(Samplers.random()).open()) {
      var found = study.run((x, _) -> Outcome.complete(bowl(x)), Budget.trials(25));
      var drawn = chance.run((x, _) -> Outcome.complete(bowl(x)), Budget.trials(25));
      assertThat(found.best().value()).isLessThan(drawn.best().value() / 10);
    }
  }

  private static double bowl(FreeConfiguration x) {
    double a = x.suggestFloat("a", -1, 1) - 0.3;
    double b = x.suggestFloat("b", -1, 1) + 0.2;
    return a * a + b * b;
  }
}

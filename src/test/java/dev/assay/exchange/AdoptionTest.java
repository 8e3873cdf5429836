package dev.assay.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.sql.Storages;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was imported is gone on with, and started from.
class AdoptionTest {
  @TempDir Path directory;
  private Storage storage = Storages.memory();
  private SearchSpace space = SearchSpace.open(List.of());

  @BeforeEach
  void bring() throws IOException {
    var study = Fixtures.read(Fixtures.optuna(directory.resolve("optuna.db")), "mlp", List.of());
    space = study.space();
    storage = Storages.sqlite(directory.resolve("study.db"));
    study.store(storage, "mlp", Map.of());
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private StudyBuilder<Configuration> builder(SearchSpace searched) {
    return Study.over(searched)
        .named("mlp")
        .storage(storage)
        .minimize("loss")
        .sampler(Samplers.random());
  }

  private static Outcome loss(Configuration x) {
    return Outcome.complete(Math.pow(Math.log10(x.number("lr/α β")) + 2, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "gp", "tpe", "cmaes", "nsga2", "annealing", "random", "sobol"})
  void everySamplerGoesOn(String sampler) {
    var searching = builder(space).sampler(Samplers.create(sampler, Map.of()));
    try (var study = searching.openOrCreate()) {
      study.run((x, _) -> loss(x), Budget.trials(32));
      assertThat(study.trials()).hasSize(32);
      assertThat(study.trials().stream().filter(t -> t.number() >= 25))
          .as("the one that waited, and new ones")
          .hasSize(7)
          .allMatch(t -> t.state() == TrialState.COMPLETE);
    }
    try (var again = searching.openOrCreate()) {
      assertThat(again.trials()).hasSize(32);
    }
  }

  @Test
  void onceAdoptedItIsThatStudy() {
    builder(space).openOrCreate().close();
    assertThatThrownBy(() -> builder(space).seed(7).openOrCreate())
        .hasMessageContaining("The study exists, and is another one.");
  }

  /// The imported space with another range of `grow`.
  private SearchSpace withGrow(FloatRange range) {
    var other = SearchSpace.builder();
    for (var parameter : space.parameters()) {
      boolean grow = parameter.name().equals("grow");
      other.add(parameter.name(), grow ? range : parameter.distribution(), parameter.condition());
    }
    return other.build();
  }

  @Test
  void theSpaceMayBeAnyThatHasTheTrials() {
    try (var study = builder(withGrow(new FloatRange(0, 30))).openOrCreate()) {
      assertThat(study.trials()).hasSize(26);
    }
  }

  @Test
  void aSpaceThatLacksATrialIsRefusedAndNothingIsChanged() {
    var narrow = builder(withGrow(new FloatRange(0, 0.1)));
    assertThatThrownBy(narrow::openOrCreate)
        .isInstanceOf(Problem.class)
        .hasMessageContaining("does not fit into the space")
        .hasMessageContaining("grow");
    var more = SearchSpace.builder();
    space.parameters().forEach(more::add);
    more.add("new", new IntRange(1, 3));
    assertThatThrownBy(() -> builder(more.build()).openOrCreate())
        .hasMessageContaining("no value for a parameter")
        .hasMessageContaining("new");
    assertThatThrownBy(() ->
            Study.over(space)
                .named("mlp")
                .storage(storage)
                .maximize("value")
                .sampler(Samplers.random())
                .openOrCreate())
        .hasMessageContaining("other objectives");
    builder(space).openOrCreate().close();
  }

  @Test
  void itIsStartedFrom() {
    try (var memory = Storages.memory();
        var study =
            Study.over(space)
                .named("next")
                .storage(memory)
                .minimize("value")
                .sampler(Samplers.tpe())
                .warmStart(storage, "mlp")
                .open()) {
      study.run((x, _) -> loss(x), Budget.trials(3));
      assertThat(study.facts().get("earlier trials")).asList().hasSize(25);
    }
  }

  @Test
  void conditionsThatNothingTellsMakeAnOpenSpace() {
    var drafts = new java.util.ArrayList<Draft>();
    for (int i = 0; i < 4; i++) {
      var draft = new Draft(i);
      draft.state = TrialState.COMPLETE;
      draft.values = List.of(1.0);
      draft.params.put("x", 0.5 + i);
      if (i % 2 == 0) {
        draft.params.put("y", 2.0);
      }
      drafts.add(draft);
    }
    assertThat(SpaceGuess.of(drafts).isOpen()).isTrue();
  }

  @Test
  void severalConditionsHoldTogether() {
    var drafts = new java.util.ArrayList<Draft>();
    for (int i = 0; i < 8; i++) {
      var draft = new Draft(i);
      draft.state = TrialState.COMPLETE;
      draft.params.put("a", i % 2 == 0 ? "on" : "off");
      draft.params.put("b", i / 2 % 2 == 0);
      if (i % 4 == 0) {
        draft.params.put("c", 1.0 + i);
      }
      drafts.add(draft);
    }
    var guessed = SpaceGuess.of(drafts);
    assertThat(guessed.isOpen()).isFalse();
    assertThat(guessed.parameters().get(guessed.requireIndex("c")).condition())
        .isEqualTo(
            new Condition.All(List.of(Condition.when("a", "on"), Condition.when("b", true))));
    assertThat(guessed.parameters().get(guessed.requireIndex("a")).distribution())
        .isEqualTo(new Choice(Arrays.asList("on", "off"), false));
  }
}

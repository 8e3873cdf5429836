package dev.assay.internal.opening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.study.HistorySampler;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.WatchedSampler;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starting from another study's trials, and with some parameters fixed.
class EarlierTrialsTest {
  private static final SearchSpace SPACE = space(1);

  @TempDir Path directory;

  private static SearchSpace space(double high) {
    return SearchSpace.builder()
        .add("x", new FloatRange(0, high))
        .add("kind", Choice.of("a", "b"))
        .build();
  }

  private static StudyBuilder<Configuration> builder(String name, Sampler sampler) {
    return Study.over(SPACE).named(name).minimize("loss").sampler(sampler).seed(3);
  }

  private static Storage earlier() {
    var storage = new InMemoryStorage();
    try (var study = builder("earlier", new HistorySampler()).storage(storage).open()) {
      study.run(
          (x, trial) -> {
            trial.report(1, Double.NaN);
            trial.report(2, x.number("x"));
            return switch (trial.number() % 4) {
              case 1 -> Outcome.pruned();
              case 2 -> Outcome.failed(Cause.TIMEOUT, "too slow");
              default -> Outcome.complete(x.number("x"));
            };
          },
          Budget.trials(8));
      study.ask(); // under way: nobody can learn from it
    }
    return storage;
  }

  private static Outcome loss(Configuration x) {
    return Outcome.complete(1 - x.number("x"));
  }

  @Test
  void theSamplerSeesThemBeforeAllOthersAndNobodyElseDoes() {
    var shown = new ArrayList<History>();
    var witness = new WatchedSampler(new HistorySampler(), (_, history) -> shown.add(history));
    try (var study = builder("now", witness).warmStart(earlier(), "earlier").batch(2).open()) {
      var result = study.run((x, _) -> loss(x), Budget.trials(4));
      assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
      assertThat(study.trials()).hasSize(4);
      assertThat(study.count(TrialState.COMPLETE)).isEqualTo(4);
      assertThat(study.best().getFirst().number()).isNotNegative();
    }
    var first = shown.getFirst();
    assertThat(first.finished().stream().map(TrialRecord::number))
        .containsExactly(-8, -7, -6, -5, -4, -3, -2, -1);
    assertThat(first.get(1).state()).isEqualTo(TrialState.PRUNED);
    assertThat(first.get(1).reports()).hasSize(2);
    assertThat(first.get(1).reports().getFirst().values().getFirst()).isNaN();
    assertThat(first.get(2).cause()).isEqualTo(Cause.TIMEOUT);
    assertThat(first.contains(first.get(0).configuration())).isFalse();
    assertThat(shown.getLast().finished().stream().map(TrialRecord::number)).endsWith(-1, 0, 1);
  }

  @Test
  void aStudyThatIsContinuedSeesTheSameWhateverBecameOfTheEarlierOne() {
    var earlier = earlier();
    var file = directory.resolve("study.db");
    List<String> whole;
    try (var study =
        builder("now", new HistorySampler()).warmStart(earlier, "earlier").batch(2).open()) {
      study.run((x, _) -> loss(x), Budget.trials(9));
      whole = configurations(study);
    }
    try (var storage = new SqliteStorage(file);
        var study =
            builder("now", new HistorySampler())
                .warmStart(earlier, "earlier")
                .batch(2)
                .storage(storage)
                .open()) {
      study.run((x, _) -> loss(x), Budget.trials(3));
    }
    try (var storage = new SqliteStorage(file);
        var study =
            builder("now", new HistorySampler())
                .warmStart(new InMemoryStorage(), "earlier") // it is gone
                .batch(2)
                .storage(storage)
                .openOrCreate()) {
      study.run((x, _) -> loss(x), Budget.trials(9));
      assertThat(configurations(study)).isEqualTo(whole);
    }
  }

  private static List<String> configurations(Study<?> study) {
    return study.trials().stream().map(t -> t.configuration().toString()).toList();
  }

  @Test
  void whatFitsOfAnotherSpaceIsTaken() {
    var shown = new ArrayList<History>();
    var grown =
        SearchSpace.builder()
            .add("x", new FloatRange(0.5, 2))
            .add("y", new FloatRange(0, 1))
            .build();
    try (var study =
        Study.over(grown)
            .minimize("loss")
            .was(Map.of("y", 0.25))
            .sampler(new WatchedSampler(new HistorySampler(), (_, history) -> shown.add(history)))
            .warmStart(earlier(), "earlier")
            .open()) {
      study.ask();
    }
    var seen = shown.getFirst().finished();
    assertThat(seen).isNotEmpty().hasSizeLessThan(6);
    assertThat(seen)
        .allSatisfy(trial -> {
          assertThat(trial.configuration().number("x")).isBetween(0.5, 1.0);
          assertThat(trial.configuration().values()).containsEntry("y", 0.25).hasSize(2);
        });
  }

  @Test
  void aSpaceThatNoTrialFitsIsRefusedWithAReason() {
    var storage = new InMemoryStorage();
    var other =
        SearchSpace.builder().add("x", new FloatRange(0, 2)).add("y", new FloatRange(0, 1)).build();
    var builder =
        Study.over(other)
            .minimize("loss")
            .sampler(new HistorySampler())
            .storage(storage)
            .warmStart(earlier(), "earlier");
    assertThatThrownBy(builder::open)
        .isInstanceOf(Problem.class)
        .hasMessageContaining("No trial of the earlier study fits.")
        .hasMessageContaining("y")
        .hasMessageContaining("was:");
    assertThat(storage.names()).isEmpty();
    assertThatThrownBy(() ->
            Study.over(SPACE)
                .maximize("loss")
                .sampler(new HistorySampler())
                .warmStart(earlier(), "earlier")
                .open())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("objectives");
    assertThatThrownBy(
            () -> builder("now", new HistorySampler()).warmStart(earlier(), "earlyer").open())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("earlier");
  }

  @Test
  void fixedParametersAreNotSearched() {
    var shown = new ArrayList<History>();
    var witness = new WatchedSampler(new HistorySampler(), (_, history) -> shown.add(history));
    try (var study =
        builder("now", witness)
            .fix(Map.of("kind", "b"))
            .warmStart(earlier(), "earlier")
            .start(Map.of("x", 0.5))
            .open()) {
      study.run((x, _) -> loss(x), Budget.trials(6));
      assertThat(study.trials())
          .hasSize(6)
          .allMatch(t -> "b".equals(t.configuration().get("kind")));
      assertThat(study.space().parameters().get(1).distribution()).isEqualTo(Choice.of("b"));
      assertThat(shown.getFirst().finished())
          .filteredOn(t -> t.number() < 0)
          .hasSize(8)
          .allMatch(t -> "b".equals(t.configuration().get("kind")));
      assertThatThrownBy(() -> study.enqueue(Map.of("kind", "a"))).isInstanceOf(Problem.class);
    }
    assertThatThrownBy(() -> builder("now", witness).fix(Map.of("kind", "c")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("kind = c");
  }
}

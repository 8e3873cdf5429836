package dev.assay.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.sampler.simple.RandomSampler;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Samplers see when the search will end.
class BudgetSeenTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private final List<Budget> seen = new ArrayList<>();

  private void run(Storage storage, Budget budget) {
    try (var study =
        Study.over(SPACE)
            .named("s")
            .minimize("loss")
            .storage(storage)
            .sampler(
                new WatchedSampler(new RandomSampler(), (_, history) -> seen.add(history.budget())))
            .openOrCreate()) {
      if (study.tryAsk(budget) instanceof Asked.Ready<Configuration>(var trial)) {
        trial.took(5);
        study.tell(trial, Outcome.complete(1));
      }
    }
  }

  @Test
  void itsTimeIsThatOfAllRunsOfTheStudy() {
    var storage = new InMemoryStorage();
    run(storage, Budget.trials(20).within(Duration.ofSeconds(10)));
    run(storage, Budget.UNLIMITED.within(Duration.ofSeconds(10)));
    run(storage, Budget.UNLIMITED);
    assertThat(seen)
        .containsExactly(
            Budget.trials(20).within(Duration.ofSeconds(10)),
            Budget.UNLIMITED.within(Duration.ofSeconds(15)),
            Budget.UNLIMITED);
  }

  @Test
  void aHistoryOfRunsKeepsIt() {
    var history = History.of(List.of(), List.of()).under(Budget.trials(3));
    assertThat(history.runs().budget()).isEqualTo(Budget.trials(3));
  }
}

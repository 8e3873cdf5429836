package dev.assay.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.free.GroupProposer;
import dev.assay.internal.sampler.ContextSampler;
import dev.assay.internal.sampler.simple.RandomSampler;
import dev.assay.sampler.Trials;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import dev.assay.trial.Budget;
import dev.assay.trial.History;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /// A trial of 10 s at x, and at y where there is one.
  private static TrialRecord trial(int number, Map<String, Object> values) {
    var parameters =
        values.keySet().stream().map(name -> new Parameter(name, new FloatRange(0, 1))).toList();
    var configuration = SearchSpace.open(parameters).read(values);
    return Trials.lasting(10, Trials.complete(number, new Proposal(configuration), 1));
  }

  @Test
  void aGroupOfParametersHasWhatIsLeftForAll() {
    var shares = new ArrayList<Double>();
    var sampler =
        new WatchedSampler(
            new RandomSampler(),
            (task, history) -> shares.add(history.budgetLeft(0) + 100 * task.space().dimension()));
    var open = SearchSpace.open(List.of());
    var trials =
        List.of(
            trial(0, Map.of("x", 0.5)),
            trial(1, Map.of("x", 0.5, "y", 0.5)),
            trial(2, Map.of("x", 0.2)));
    try (var proposer = new GroupProposer(sampler, Trials.task(open, 1))) {
      var known = History.of(trials, List.of());
      proposer.propose(3, known.under(Budget.UNLIMITED.within(Duration.ofSeconds(40))));
      proposer.propose(3, known.under(Budget.trials(6)));
    }
    // x and y are groups of one parameter; of 40 s 30 were spent, one of the three trials had y.
    assertThat(shares).containsExactly(100.25, 100.25, 100.5, 100.5);
  }

  @Test
  void aContextHasWhatIsLeftForAll() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("size", Choice.of("small", "large"))
            .build();
    var shares = new ArrayList<Double>();
    var sampler =
        new ContextSampler(
            new WatchedSampler(
                new RandomSampler(), (_, history) -> shares.add(history.budgetLeft(0))),
            List.of("size"));
    var trials = new ArrayList<TrialRecord>();
    for (int i = 0; i < 3; i++) {
      var configuration = space.read(Map.of("x", 0.1 * i, "size", "small"));
      trials.add(Trials.lasting(10, Trials.complete(i, new Proposal(configuration), 1)));
    }
    try (var proposer = sampler.open(Trials.task(space, 1))) {
      for (int trial : new int[] {3, 4}) {
        proposer.propose(
            trial,
            History.of(trials, List.of()).under(Budget.UNLIMITED.within(Duration.ofSeconds(40))));
        proposer.propose(trial, History.of(trials, List.of()).under(Budget.trials(10)));
      }
    }
    assertThat(shares).containsExactly(0.25, 0.7, 0.25, 0.6);
  }
}

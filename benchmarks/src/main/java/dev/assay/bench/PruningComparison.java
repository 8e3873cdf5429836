package dev.assay.bench;

import dev.assay.pruner.Pruners;
import dev.assay.run.table.ReplayTable;
import dev.assay.run.table.TableRunner;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.Pruner;
import dev.assay.trial.StopReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// How much of random search's cost a pruner needs to come to the same result, on one recorded
/// table.
///
/// Random search runs 100 trials to their ends; its best end is the *target*. The same random
/// search with a pruner, the same seed and so the same configurations in the same order, goes on
/// until a trial that ran to its end is as good. The *share* is what that cost, over what the 100
/// runs cost: recorded seconds, or one for each checkpoint where the table has none. One simulated
/// worker. A search that has not come there when random search's whole cost is spent has no share.
final class PruningComparison {
  static final int FULL_RUNS = 100;

  private final ReplayTable table;
  private final List<Objective> objectives;
  private final TableRunner runner;

  PruningComparison(Path csv) {
    table = ReplayTable.read(csv);
    objectives = List.of(new Objective(table.metric(), table.direction()));
    runner = new TableRunner(csv.toString(), table, objectives, "mean");
  }

  private Study<Configuration> study(Pruner pruner, long seed) {
    return Study.over(table.space())
        .objective(objectives.getFirst())
        .sampler(Samplers.random())
        .pruner(pruner)
        .seed(seed)
        .open();
  }

  private static double clock(Study<?> study) {
    return study.facts().get(TableRunner.FACT) instanceof Map<?, ?> fact
            && fact.get("time") instanceof Number time
        ? time.doubleValue()
        : Double.NaN;
  }

  /// @return infinite where the target was not reached
  double share(Pruner pruner, long seed) {
    double target;
    double cost;
    try (var random = study(Pruners.none(), seed)) {
      runner.run(random, Budget.trials(FULL_RUNS), 1);
      target = random.best().getFirst().value();
      cost = clock(random);
    }
    try (var pruned = study(pruner, seed)) {
      var budget = Budget.UNLIMITED.within(Duration.ofNanos((long) (cost * 1e9))).until(target);
      var result = runner.run(pruned, budget, 1);
      return result.reason() == StopReason.TARGET ? clock(pruned) / cost : Double.POSITIVE_INFINITY;
    }
  }

  /// Shares of so many seeds, from 0, ascending.
  double[] shares(Pruner pruner, int seeds) {
    var shares = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      shares[seed] = share(pruner, seed);
    }
    Arrays.sort(shares);
    return shares;
  }
}

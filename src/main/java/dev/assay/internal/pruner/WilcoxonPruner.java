package dev.assay.internal.pruner;

import dev.assay.internal.statistics.SignedRank;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Direction;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.Arrays;
import java.util.List;

/// Stops a trial that is significantly worse than the best one on the steps that both reported, by
/// Wilcoxon's signed-rank test (Wilcoxon 1945). For trials whose steps are instances or folds, not
/// progress.
///
/// @param p the one-sided significance below which a trial stops
/// @param startup steps in common before the test is made
public record WilcoxonPruner(
    @Option(value = "the one-sided significance below which a trial stops", low = 0, high = 1)
        double p,
    @Option(value = "steps in common before the test is made", low = 0) int startup)
    implements RememberingPruner {
  public WilcoxonPruner {
    Settings.check("pruner wilcoxon", WilcoxonPruner.class, p, startup);
  }

  /// With the default settings.
  public WilcoxonPruner() {
    this(0.1, 2);
  }

  @Override
  public String name() {
    return "wilcoxon";
  }

  @Override
  public Rule open() {
    var standings = new Standings();
    return Divergence.before((trial, reports, history, direction) -> {
      standings.follow(history, direction);
      var best = standings.best();
      return best != null && isWorse(reports, best, direction);
    });
  }

  private boolean isWorse(List<Report> reports, TrialRecord best, Direction direction) {
    var differences = Pairs.lost(reports, best.reports(), direction);
    // A trial that is better on average goes on, whatever the ranks say.
    if (differences.length < Math.max(1, startup) || Arrays.stream(differences).sum() <= 0) {
      return false;
    }
    return SignedRank.greater(differences) < p;
  }
}
